package io.github.purerank.fuzz;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.ConfigLoader;
import io.github.purerank.load.ModelConfig;
import io.github.purerank.model.BertConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The input is the configuration of a model: config.json and, after a byte 0 each, tokenizer_config.json, modules.json,
 * config_sentence_transformers.json and sentence_bert_config.json, as many as there are.
 */
public final class ConfigFuzz {
    private static final List<String> FILES = List.of(
            "config.json",
            "tokenizer_config.json",
            "modules.json",
            "config_sentence_transformers.json",
            "sentence_bert_config.json");

    private ConfigFuzz() {}

    /** Either what is wrong is named, or the configuration is one that a network could be made of. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        try {
            ModelConfig config = ConfigLoader.load(new MemoryFiles(split(input)));
            BertConfig bert = config.bert();
            // The tables' elements must be counted by an int.
            long wordElements = (long) bert.vocabSize() * bert.embeddingSize();
            long positionElements = (long) bert.maxPositionEmbeddings() * bert.embeddingSize();
            if (config.maxLength() < 1
                    || config.maxLength() > bert.maxPositionEmbeddings()
                    || bert.headSize() * bert.headCount() != bert.hiddenSize()
                    || Math.max(wordElements, positionElements) > Integer.MAX_VALUE
                    || (long) bert.embeddingSize() * bert.hiddenSize() > Integer.MAX_VALUE) {
                throw new AssertionError(config.toString());
            }
        } catch (ModelFormatException e) {
            Refusals.check(e);
        } catch (FileNotFoundException e) {
            if (!e.getMessage().contains("sentence_bert_config.json")
                    && !e.getMessage().contains("/config.json")) {
                throw e;
            }
        }
    }

    private static Map<String, byte[]> split(byte[] input) {
        Map<String, byte[]> files = new HashMap<>();
        int begin = 0;
        for (String file : FILES) {
            int end = begin;
            while (end < input.length && (input[end] != 0 || files.size() == FILES.size() - 1)) {
                end++;
            }
            files.put(file, Arrays.copyOfRange(input, begin, end));
            if (end == input.length) {
                break;
            }
            begin = end + 1;
        }
        return files;
    }
}
