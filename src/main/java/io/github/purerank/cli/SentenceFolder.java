package io.github.purerank.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The files that make an encoder of sentences of a transformer's folder, as sentence-transformers lays them out. */
final class SentenceFolder {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SentenceFolder() {}

    static void write(Path folder, OnnxImport.SentenceOptions options, int hiddenSize) throws IOException {
        ArrayNode modules = JSON.arrayNode();
        add(modules, "", "Transformer");
        add(modules, "1_Pooling", "Pooling");
        ObjectNode pooling = JSON.objectNode();
        pooling.put("embedding_dimension", hiddenSize);
        pooling.put("pooling_mode", options.pooling().id());
        pooling.put("include_prompt", true);
        Files.createDirectory(folder.resolve("1_Pooling"));
        OnnxImport.write(folder.resolve("1_Pooling/config.json"), pooling);
        if (options.normalize()) {
            add(modules, "2_Normalize", "Normalize");
            // The reference looks for this file; an empty folder would be lost by some that copy folders.
            Files.createDirectory(folder.resolve("2_Normalize"));
            OnnxImport.write(folder.resolve("2_Normalize/config.json"), JSON.objectNode());
        }
        OnnxImport.write(folder.resolve("modules.json"), modules);
        ObjectNode transformer = JSON.objectNode();
        if (options.maxLength() > 0) {
            transformer.put("max_seq_length", options.maxLength());
        }
        transformer.put("do_lower_case", false);
        OnnxImport.write(folder.resolve("sentence_bert_config.json"), transformer);
    }

    private static void add(ArrayNode modules, String path, String name) {
        ObjectNode module = modules.addObject();
        module.put("idx", modules.size() - 1);
        module.put("name", Integer.toString(modules.size() - 1));
        module.put("path", path);
        module.put("type", "sentence_transformers.models." + name);
    }
}
