package io.github.purerank.cli;

import io.github.purerank.LoadOptions;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.load.Calibration;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Give probabilities by this calibration, which \"purerank calibrate --output\" wrote.")
    private Path calibration;

    @Option(
            names = "--softmax",
            description = "Make a pair's scores shares that sum to 1; for models of several labels.")
    private boolean softmax;

    @Mixin
    private PromptOptions promptOptions;

    @Option(
            names = "--long-text",
            paramLabel = "truncate|max|mean:K|ends",
            defaultValue = "truncate",
            converter = LongTextConverter.class,
            description = {
                "What to do with passages that are too long. Default: truncate, cut them.",
                "max, mean:K, ends: read them in windows, for the best score, the mean of the K best, or"
                        + " the better one of the first and the last."
            })
    private LongText longText;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Begin a window every N tokens of a passage. Default: half a window.")
    private Integer stride;

    LoadOptions loadOptions() {
        LoadOptions options = LoadOptions.defaults();
        return threads == null ? options : options.withThreads(positive(threads, "--threads"));
    }

    PredictOptions predictOptions() throws IOException {
        PredictOptions options = PredictOptions.defaults();
        if (batchSize != null) {
            options = options.withBatchSize(positive(batchSize, "--batch-size"));
        }
        if (maxLength != null) {
            options = options.withMaxLength(positive(maxLength, "--max-length"));
        }
        options = promptOptions.appliedTo(options);
        options = options.withSoftmax(softmax).withLongText(longText());
        if (calibrated && calibration != null) {
            throw new ParameterException(
                    spec.commandLine(), "--calibration " + calibration + " goes in place of --calibrated");
        }
        if (isCalibrated()) {
            String option = calibrated ? "--calibrated" : "--calibration";
            if (activation != Activation.auto) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " makes probabilities of the logits: --activation " + activation
                                + " cannot be applied too");
            }
            if (softmax) {
                throw new ParameterException(
                        spec.commandLine(), option + " is for models of one label, --softmax for several");
            }
            return calibrated ? options.withCalibration(true) : options.withCalibration(Calibration.read(calibration));
        }
        return switch (activation) {
            case auto -> options;
            case none -> options.withActivation(ScoreActivation.IDENTITY);
            case sigmoid -> options.withActivation(ScoreActivation.SIGMOID);
        };
    }

    private boolean isCalibrated() {
        return calibrated || calibration != null;
    }

    private LongText longText() {
        if (stride == null) {
            return longText;
        }
        if (longText.method() == LongText.Method.TRUNCATE || longText.method() == LongText.Method.FIRST_AND_LAST) {
            throw new ParameterException(
                    spec.commandLine(), "--stride: only --long-text max and mean:K have windows in between");
        }
        return longText.withStride(positive(stride, "--stride"));
    }

    /** Whether long passages are read in windows. */
    boolean readsWindows() {
        return longText.method() != LongText.Method.TRUNCATE;
    }

    /** The same for a command that needs the logits themselves. */
    PredictOptions logitOptions() throws IOException {
        if (isCalibrated() || softmax || activation != Activation.auto) {
            throw new ParameterException(
                    spec.commandLine(),
                    (calibrated
                                    ? "--calibrated"
                                    : calibration != null
                                            ? "--calibration"
                                            : softmax ? "--softmax" : "--activation " + activation)
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

    /** Reads the value of --long-text. */
    private static final class LongTextConverter implements ITypeConverter<LongText> {
        private static final String MEAN = "mean:";

        @Override
        public LongText convert(String value) {
            return switch (value) {
                case "truncate" -> LongText.TRUNCATE;
                case "max" -> LongText.MAX_OF_WINDOWS;
                case "ends" -> LongText.FIRST_AND_LAST;
                default -> LongText.meanOfTopWindows(windowCount(value));
            };
        }

        private static int windowCount(String value) {
            try {
                int count = value.startsWith(MEAN) ? Integer.parseInt(value.substring(MEAN.length())) : 0;
                if (count > 0) {
                    return count;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException(
                    "expected truncate, max, mean:K with K at least 1, or ends, found " + value);
        }
    }
}
