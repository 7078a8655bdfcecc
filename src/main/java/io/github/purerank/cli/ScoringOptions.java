package io.github.purerank.cli;

import io.github.purerank.LoadOptions;
import io.github.purerank.PredictOptions;
import io.github.purerank.model.ScoreActivation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command computes scores. */
final class ScoringOptions {
    /** What turns logits into scores. */
    enum Activation {
        /** What the model's files say. */
        auto,
        /** Nothing. */
        none,
        /** The logistic function. */
        sigmoid
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with. Default: one a processor.")
    private Integer threads;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "The most pairs to compute together. Default: by their tokens. Scores do not depend on it.")
    private Integer batchSize;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most tokens of a pair; longer texts are cut. Default: the model's own limit.")
    private Integer maxLength;

    @Option(
            names = "--activation",
            paramLabel = "auto|none|sigmoid",
            defaultValue = "auto",
            description = "What turns logits into scores. Default: auto, what the model's files say.")
    private Activation activation;

    @Option(
            names = "--calibrated",
            description =
                    "Give probabilities by the model's calibration.json, which \"purerank calibrate\" makes, in place of scores.")
    private boolean calibrated;

    LoadOptions loadOptions() {
        LoadOptions options = LoadOptions.defaults();
        return threads == null ? options : options.withThreads(positive(threads, "--threads"));
    }

    PredictOptions predictOptions() {
        PredictOptions options = PredictOptions.defaults();
        if (batchSize != null) {
            options = options.withBatchSize(positive(batchSize, "--batch-size"));
        }
        if (maxLength != null) {
            options = options.withMaxLength(positive(maxLength, "--max-length"));
        }
        if (calibrated) {
            if (activation != Activation.auto) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--calibrated makes probabilities of the logits: --activation " + activation
                                + " cannot be applied too");
            }
            return options.withCalibration(true);
        }
        return switch (activation) {
            case auto -> options;
            case none -> options.withActivation(ScoreActivation.IDENTITY);
            case sigmoid -> options.withActivation(ScoreActivation.SIGMOID);
        };
    }

    /** The same for a command that needs the logits themselves. */
    PredictOptions logitOptions() {
        if (calibrated || activation != Activation.auto) {
            throw new ParameterException(
                    spec.commandLine(),
                    (calibrated ? "--calibrated" : "--activation " + activation)
                            + ": this command works with the logits, before any activation");
        }
        return predictOptions().withActivation(ScoreActivation.IDENTITY);
    }

    private int positive(int value, String option) {
        return positive(value, option, spec);
    }

    /** Refuses a number below 1 as a wrong call. */
    static int positive(int value, String option, CommandSpec spec) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(), option + ": expected a number of at least 1, found " + value);
        }
        return value;
    }
}
