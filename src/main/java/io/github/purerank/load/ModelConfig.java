package io.github.purerank.load;

import io.github.purerank.format.ModelFiles;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.ScoreActivation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a saved cross-encoder says about itself apart from its vocabulary and weights.
 *
 * @param bert which network it is, and its sizes
 * @param activation what turns logits into scores unless the caller says otherwise
 * @param labels the labels' names, in the order of the logits; as many as the network has labels
 * @param maxLength the most tokens of a pair, special tokens included
 * @param prompts texts that can be put before a pair's first text, by name
 * @param defaultPrompt the name of the prompt that is used unless the caller says otherwise; one of {@code prompts}
 * @param transformerFiles where config.json, the tokenizer's files and the weights are: the model's folder or one inside it
 * @param calibration makes probabilities of the logits of a model of one label, where the model's folder has one
 */
public record ModelConfig(
        BertConfig bert,
        ScoreActivation activation,
        List<String> labels,
        int maxLength,
        Map<String, String> prompts,
        Optional<String> defaultPrompt,
        ModelFiles transformerFiles,
        Optional<Calibration> calibration) {
    /** Keeps lists and maps of its own. */
    public ModelConfig {
        Objects.requireNonNull(bert, "bert");
        Objects.requireNonNull(activation, "activation");
        labels = List.copyOf(labels);
        prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
        Objects.requireNonNull(defaultPrompt, "defaultPrompt");
        Objects.requireNonNull(transformerFiles, "transformerFiles");
        Objects.requireNonNull(calibration, "calibration");
        if (labels.size() != bert.labelCount()) {
            throw new IllegalArgumentException(labels.size() + " names for " + bert.labelCount() + " labels");
        }
        if (defaultPrompt.isPresent() && !prompts.containsKey(defaultPrompt.get())) {
            throw new IllegalArgumentException("no prompt " + defaultPrompt.get() + " in " + prompts.keySet());
        }
    }

    /** What is put before the first text of a pair by default; empty for nothing. */
    public String defaultPromptText() {
        return defaultPrompt.map(prompts::get).orElse("");
    }
}
