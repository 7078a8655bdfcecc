package io.github.purerank.langchain4j;

import dev.langchain4j.model.output.TokenUsage;

/** How both models say how many tokens they read. */
final class TokenCounts {
    private TokenCounts() {}

    /** Models give back no tokens. */
    static TokenUsage usage(long inputTokens) {
        return new TokenUsage((int) Math.min(inputTokens, Integer.MAX_VALUE), 0);
    }
}
