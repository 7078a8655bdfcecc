package io.github.purerank;

import io.github.purerank.model.ScoreActivation;
import java.time.Duration;
import java.util.Objects;

/**
 * How pairs are scored; the arguments of {@code CrossEncoder.predict} in sentence-transformers. Immutable; begin with {@link
 * #defaults()}.
 *
 * @param batchSize the most pairs that are computed together; 0 leaves it to a budget of tokens. Scores do not depend on it
 * @param activation what turns logits into scores; null for the model's own
 * @param softmax whether a pair's scores are made shares that sum to 1, after the activation; only for models of several
 *     labels
 * @param maxLength the most tokens of a pair, special tokens included, beyond which texts are cut; 0 for the model's own
 * @param prompt what is put before the first text of each pair; null for what {@code promptName} says
 * @param promptName which of the model's prompts is put there; null for the model's default
 * @param longText what is done with passages that are too long
 * @param progress is told how many pairs are done; null for nobody
 * @param timeout how long a call may take before it ends with a {@link ScoringTimeoutException}; null for as long as it takes
 */
public record PredictOptions(
        int batchSize,
        ScoreActivation activation,
        boolean softmax,
        int maxLength,
        String prompt,
        String promptName,
        LongText longText,
        ProgressListener progress,
        Duration timeout) {
    private static final PredictOptions DEFAULTS =
            new PredictOptions(0, null, false, 0, null, null, LongText.TRUNCATE, null, null);

    /** Checks the numbers. */
    public PredictOptions {
        if (batchSize < 0) {
            throw new IllegalArgumentException("batchSize: expected at least 1, found " + batchSize);
        }
        if (maxLength < 0) {
            throw new IllegalArgumentException("maxLength: expected at least 1, found " + maxLength);
        }
        Objects.requireNonNull(longText, "longText");
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: expected 0 or more, found " + timeout);
        }
    }

    /** The model's own activation and length, no prompt but the model's default. */
    public static PredictOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with a limit on the pairs that are computed together.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PredictOptions withBatchSize(int pairs) {
        return new PredictOptions(
                requirePositive(pairs, "batchSize"),
                activation,
                softmax,
                maxLength,
                prompt,
                promptName,
                longText,
                progress,
                timeout);
    }

    /** The same with another activation. */
    public PredictOptions withActivation(ScoreActivation newActivation) {
        return new PredictOptions(
                batchSize,
                Objects.requireNonNull(newActivation, "activation"),
                softmax,
                maxLength,
                prompt,
                promptName,
                longText,
                progress,
                timeout);
    }

    /** The same with a softmax over each pair's labels, or without. */
    public PredictOptions withSoftmax(boolean newSoftmax) {
        return new PredictOptions(
                batchSize, activation, newSoftmax, maxLength, prompt, promptName, longText, progress, timeout);
    }

    /**
     * The same with another limit on a pair's tokens. It may be above the tokenizer's own limit but a pair that really has more
     * tokens than the model has positions cannot be scored.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PredictOptions withMaxLength(int tokens) {
        return new PredictOptions(
                batchSize,
                activation,
                softmax,
                requirePositive(tokens, "maxLength"),
                prompt,
                promptName,
                longText,
                progress,
                timeout);
    }

    /** The same with a text before the first text of each pair; empty for none. */
    public PredictOptions withPrompt(String newPrompt) {
        return new PredictOptions(
                batchSize,
                activation,
                softmax,
                maxLength,
                Objects.requireNonNull(newPrompt, "prompt"),
                promptName,
                longText,
                progress,
                timeout);
    }

    /** The same with one of the model's prompts. */
    public PredictOptions withPromptName(String name) {
        return new PredictOptions(
                batchSize,
                activation,
                softmax,
                maxLength,
                prompt,
                Objects.requireNonNull(name, "promptName"),
                longText,
                progress,
                timeout);
    }

    /** The same with a listener. */
    public PredictOptions withProgress(ProgressListener listener) {
        return new PredictOptions(
                batchSize,
                activation,
                softmax,
                maxLength,
                prompt,
                promptName,
                longText,
                Objects.requireNonNull(listener, "progress"),
                timeout);
    }

    /** The same with another way with passages that are too long. */
    public PredictOptions withLongText(LongText newLongText) {
        return new PredictOptions(
                batchSize, activation, softmax, maxLength, prompt, promptName, newLongText, progress, timeout);
    }

    /**
     * The same with a limit on the time of a call. It is looked at between batches, so a call may take some hundredths of a
     * second longer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PredictOptions withTimeout(Duration newTimeout) {
        return new PredictOptions(
                batchSize,
                activation,
                softmax,
                maxLength,
                prompt,
                promptName,
                longText,
                progress,
                Objects.requireNonNull(newTimeout, "timeout"));
    }

    private static int requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
        return value;
    }
}
