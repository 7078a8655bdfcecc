package io.github.purerank;

import io.github.purerank.load.ModelConfig;
import io.github.purerank.load.SentenceConfig;
import java.util.Map;

/** Which text goes before the first text of a pair, or before a text alone. ({@code BaseModel._resolve_prompt}, base/model.py.) */
final class ModelPrompts {
    private final Map<String, String> prompts;
    private final String defaultPrompt;

    ModelPrompts(ModelConfig config) {
        this(config.prompts(), config.defaultPromptText());
    }

    ModelPrompts(SentenceConfig config) {
        this(config.prompts(), config.defaultPromptText());
    }

    private ModelPrompts(Map<String, String> prompts, String defaultPrompt) {
        this.prompts = prompts;
        this.defaultPrompt = defaultPrompt;
    }

    /**
     * The prompt itself, else the one that is named, else the model's default.
     *
     * @param prompt null for the one that is named
     * @param promptName null for the default
     * @throws OptionException if the model has no prompt of that name
     */
    String resolve(String prompt, String promptName) {
        if (prompt != null) {
            return prompt;
        }
        if (promptName == null) {
            return defaultPrompt;
        }
        String named = prompts.get(promptName);
        if (named == null) {
            throw new OptionException(
                    "promptName", "expected one of " + prompts.keySet() + ", found \"" + promptName + "\"");
        }
        return named;
    }
}
