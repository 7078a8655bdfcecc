package io.github.purerank.load;

import io.github.purerank.format.ModelFiles;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.Pooling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a saved sentence encoder says about itself apart from its vocabulary and weights.
 *
 * @param bert which network it is, and its sizes; it has no labels
 * @param pooling how the vectors of tokens become one
 * @param maxLength the most tokens of a text, special tokens included
 * @param prompts texts that can be put before a text, by name; "query" and "document" are always there, empty where the model has
 *     none
 * @param defaultPrompt the name of the prompt that is used unless the caller says otherwise; one of {@code prompts}
 * @param similarity the name of the function that the model's vectors are to be compared with
 * @param truncateDimensions how many of a vector's elements are kept unless the caller says otherwise; 0 for all
 * @param transformerFiles where config.json, the tokenizer's files and the weights are
 */
public record SentenceConfig(
        BertConfig bert,
        Pooling pooling,
        int maxLength,
        Map<String, String> prompts,
        Optional<String> defaultPrompt,
        String similarity,
        int truncateDimensions,
        ModelFiles transformerFiles) {
    public SentenceConfig {
        Objects.requireNonNull(bert, "bert");
        Objects.requireNonNull(pooling, "pooling");
        prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
        Objects.requireNonNull(defaultPrompt, "defaultPrompt");
        Objects.requireNonNull(similarity, "similarity");
        Objects.requireNonNull(transformerFiles, "transformerFiles");
    }

    /** What is put before a text by default; empty for nothing. */
    public String defaultPromptText() {
        return defaultPrompt.map(prompts::get).orElse("");
    }
}
