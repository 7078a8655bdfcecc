package io.github.purerank;

import io.github.purerank.load.SentenceConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * How texts are encoded; the arguments of {@code SentenceTransformer.encode} in sentence-transformers. Immutable; begin with {@link
 * #defaults()}.
 *
 * @param batchSize the most texts that are computed together; 0 leaves it to a budget of tokens. Vectors do not depend on it
 * @param normalize whether vectors are made 1 long, after all else
 * @param truncateDimensions how many of a vector's elements are kept; 0 for what the model says. More than it has mean all
 * @param maxLength the most tokens of a text, special tokens included, beyond which it is cut; 0 for the model's own
 * @param prompt what is put before each text; null for what {@code promptName} says
 * @param promptName which of the model's prompts is put there; null for the model's default
 * @param progress is told how many texts are done; null for nobody
 * @param timeout how long a call may take before it ends with a {@link ScoringTimeoutException}; null for as long as it takes
 */
public record EncodeOptions(
        int batchSize,
        boolean normalize,
        int truncateDimensions,
        int maxLength,
        String prompt,
        String promptName,
        ProgressListener progress,
        Duration timeout) {
    private static final EncodeOptions DEFAULTS = new EncodeOptions(0, false, 0, 0, null, null, null, null);

    /** Checks the numbers. */
    public EncodeOptions {
        OptionChecks.requirePositiveOrNone(batchSize, "batchSize");
        OptionChecks.requirePositiveOrNone(truncateDimensions, "truncateDimensions");
        OptionChecks.requirePositiveOrNone(maxLength, "maxLength");
        OptionChecks.requireTimeout(timeout);
    }

    /** The model's own modules, length and dimensions, no prompt but the model's default. */
    public static EncodeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with a limit on the texts that are computed together.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public EncodeOptions withBatchSize(int texts) {
        OptionChecks.requirePositive(texts, "batchSize");
        return new EncodeOptions(
                texts, normalize, truncateDimensions, maxLength, prompt, promptName, progress, timeout);
    }

    /** The same with vectors that are 1 long, or as they come; a model may have a step of its own that makes them so. */
    public EncodeOptions withNormalize(boolean newNormalize) {
        return new EncodeOptions(
                batchSize, newNormalize, truncateDimensions, maxLength, prompt, promptName, progress, timeout);
    }

    /**
     * The same with vectors that are cut to their first elements; before they are normalised, if they are by {@link #withNormalize}.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public EncodeOptions withTruncateDimensions(int dimensions) {
        OptionChecks.requirePositive(dimensions, "truncateDimensions");
        return new EncodeOptions(batchSize, normalize, dimensions, maxLength, prompt, promptName, progress, timeout);
    }

    /**
     * The same with another limit on a text's tokens.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public EncodeOptions withMaxLength(int tokens) {
        OptionChecks.requirePositive(tokens, "maxLength");
        return new EncodeOptions(
                batchSize, normalize, truncateDimensions, tokens, prompt, promptName, progress, timeout);
    }

    /** The same with a text before each text; empty for none. */
    public EncodeOptions withPrompt(String newPrompt) {
        Objects.requireNonNull(newPrompt, "prompt");
        return new EncodeOptions(
                batchSize, normalize, truncateDimensions, maxLength, newPrompt, promptName, progress, timeout);
    }

    /** The same with one of the model's prompts. */
    public EncodeOptions withPromptName(String name) {
        Objects.requireNonNull(name, "promptName");
        return new EncodeOptions(batchSize, normalize, truncateDimensions, maxLength, prompt, name, progress, timeout);
    }

    /** The same with a listener. */
    public EncodeOptions withProgress(ProgressListener listener) {
        Objects.requireNonNull(listener, "progress");
        return new EncodeOptions(
                batchSize, normalize, truncateDimensions, maxLength, prompt, promptName, listener, timeout);
    }

    /**
     * The same with a limit on the time of a call, looked at between batches.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public EncodeOptions withTimeout(Duration newTimeout) {
        Objects.requireNonNull(newTimeout, "timeout");
        return new EncodeOptions(
                batchSize, normalize, truncateDimensions, maxLength, prompt, promptName, progress, newTimeout);
    }

    /**
     * The text that these options put before each text.
     *
     * @param config of the model whose prompts they name
     * @throws OptionException if it has no prompt of the name
     */
    public String promptText(SentenceConfig config) {
        return new ModelPrompts(config).resolve(prompt, promptName);
    }
}
