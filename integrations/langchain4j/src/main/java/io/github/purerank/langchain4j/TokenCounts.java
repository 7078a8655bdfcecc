package io.github.purerank.langchain4j;

import dev.langchain4j.model.output.TokenUsage;
import java.util.Map;

/** What both models need to say how many tokens they read. */
final class TokenCounts {
    private TokenCounts() {}

    /** Models give back no tokens. */
    static TokenUsage usage(long inputTokens) {
        return new TokenUsage((int) Math.min(inputTokens, Integer.MAX_VALUE), 0);
    }

    /** What is put before a text: the prompt itself, else the one that is named, else the model's default. */
    static String prompt(String prompt, String promptName, Map<String, String> prompts, String defaultPrompt) {
        if (prompt != null) {
            return prompt;
        }
        return promptName == null ? defaultPrompt : prompts.get(promptName);
    }
}
