package io.github.purerank;

import io.github.purerank.load.Calibration;
import io.github.purerank.load.ModelConfig;
import io.github.purerank.model.ScoreActivation;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How pairs are scored; the arguments of {@code CrossEncoder.predict} in sentence-transformers. Immutable; begin with {@link
 * #defaults()}.
 *
 * @param batchSize the most pairs that are computed together; 0 leaves it to a budget of tokens. Scores do not depend on it
 * @param activation what turns logits into scores; null for the model's own
 * @param softmax whether a pair's scores are made shares that sum to 1, after the activation; only for models of several
 *     labels
 * @param calibrated whether scores are probabilities by the model's calibration, made from the logits in place of an activation
 * @param calibration the one that is used then; null for that among the model's files
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
        boolean calibrated,
        Calibration calibration,
        int maxLength,
        String prompt,
        String promptName,
        LongText longText,
        ProgressListener progress,
        Duration timeout) {
    private static final PredictOptions DEFAULTS =
            new PredictOptions(0, null, false, false, null, 0, null, null, LongText.TRUNCATE, null, null);

    /** Checks the numbers, and that only one thing is to make scores of logits. */
    public PredictOptions {
        OptionChecks.requirePositiveOrNone(batchSize, "batchSize");
        if (calibrated && activation != null) {
            throw new IllegalArgumentException("calibrated scores are made from the logits: the activation "
                    + activation + " cannot be applied too");
        }
        if (calibrated && softmax) {
            throw new IllegalArgumentException("calibrated scores are for models of one label, a softmax for several");
        }
        if (calibration != null && !calibrated) {
            throw new IllegalArgumentException("a calibration that is not to be applied");
        }
        OptionChecks.requirePositiveOrNone(maxLength, "maxLength");
        Objects.requireNonNull(longText, "longText");
        OptionChecks.requireTimeout(timeout);
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
        return changed(draft -> draft.batchSize = OptionChecks.requirePositive(pairs, "batchSize"));
    }

    /** The same with another activation. */
    public PredictOptions withActivation(ScoreActivation newActivation) {
        return changed(draft -> draft.activation = Objects.requireNonNull(newActivation, "activation"));
    }

    /** The same with a softmax over each pair's labels, or without. */
    public PredictOptions withSoftmax(boolean newSoftmax) {
        return changed(draft -> draft.softmax = newSoftmax);
    }

    /**
     * The same with scores that are calibrated probabilities, or without. Only for models of one label that have a
     * calibration.json ({@link Calibration}).
     *
     * @throws IllegalArgumentException if there is an activation or a softmax too
     */
    public PredictOptions withCalibration(boolean newCalibrated) {
        return changed(draft -> {
            draft.calibrated = newCalibrated;
            draft.calibration = null;
        });
    }

    /**
     * The same with scores that are probabilities by a calibration from elsewhere ({@link Calibration#read(java.nio.file.Path)}).
     *
     * @throws IllegalArgumentException if there is an activation or a softmax too
     */
    public PredictOptions withCalibration(Calibration newCalibration) {
        return changed(draft -> {
            draft.calibrated = true;
            draft.calibration = Objects.requireNonNull(newCalibration, "calibration");
        });
    }

    /**
     * The same with another limit on a pair's tokens. It may be above the tokenizer's own limit but a pair that really has more
     * tokens than the model has positions cannot be scored.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PredictOptions withMaxLength(int tokens) {
        return changed(draft -> draft.maxLength = OptionChecks.requirePositive(tokens, "maxLength"));
    }

    /** The same with a text before the first text of each pair; empty for none. */
    public PredictOptions withPrompt(String newPrompt) {
        return changed(draft -> draft.prompt = Objects.requireNonNull(newPrompt, "prompt"));
    }

    /** The same with one of the model's prompts. */
    public PredictOptions withPromptName(String name) {
        return changed(draft -> draft.promptName = Objects.requireNonNull(name, "promptName"));
    }

    /** The same with another way with passages that are too long. */
    public PredictOptions withLongText(LongText newLongText) {
        return changed(draft -> draft.longText = newLongText);
    }

    /** The same with a listener. */
    public PredictOptions withProgress(ProgressListener listener) {
        return changed(draft -> draft.progress = Objects.requireNonNull(listener, "progress"));
    }

    /**
     * The same with a limit on the time of a call. It is looked at between batches, so a call may take some hundredths of a
     * second longer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PredictOptions withTimeout(Duration newTimeout) {
        return changed(draft -> draft.timeout = Objects.requireNonNull(newTimeout, "timeout"));
    }

    /**
     * The text that these options put before the first text of each pair.
     *
     * @param config of the model whose prompts they name
     * @throws OptionException if it has no prompt of the name
     */
    public String promptText(ModelConfig config) {
        return new ModelPrompts(config).resolve(prompt, promptName);
    }

    private PredictOptions changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** Options that are being changed. */
    private static final class Draft {
        private int batchSize;
        private ScoreActivation activation;
        private boolean softmax;
        private boolean calibrated;
        private Calibration calibration;
        private int maxLength;
        private String prompt;
        private String promptName;
        private LongText longText;
        private ProgressListener progress;
        private Duration timeout;

        Draft(PredictOptions options) {
            batchSize = options.batchSize;
            activation = options.activation;
            softmax = options.softmax;
            calibrated = options.calibrated;
            calibration = options.calibration;
            maxLength = options.maxLength;
            prompt = options.prompt;
            promptName = options.promptName;
            longText = options.longText;
            progress = options.progress;
            timeout = options.timeout;
        }

        PredictOptions finished() {
            return new PredictOptions(
                    batchSize,
                    activation,
                    softmax,
                    calibrated,
                    calibration,
                    maxLength,
                    prompt,
                    promptName,
                    longText,
                    progress,
                    timeout);
        }
    }
}
