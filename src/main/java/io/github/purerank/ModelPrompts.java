package io.github.purerank;

import io.github.purerank.load.ModelConfig;

/** Which text goes before the first text of a pair. ({@code CrossEncoder._resolve_prompt}, base/model.py.) */
final class ModelPrompts {
    private final ModelConfig config;

    ModelPrompts(ModelConfig config) {
        this.config = config;
    }

    /**
     * The prompt itself, else the one that is named, else the model's default.
     *
     * @throws IllegalArgumentException if the model has no prompt of that name
     */
    String resolve(PredictOptions options) {
        if (options.prompt() != null) {
            return options.prompt();
        }
        if (options.promptName() == null) {
            return config.defaultPromptText();
        }
        String named = config.prompts().get(options.promptName());
        if (named == null) {
            throw new IllegalArgumentException("promptName: expected one of "
                    + config.prompts().keySet() + ", found \"" + options.promptName() + "\"");
        }
        return named;
    }
}
