package io.github.purerank.load;

import io.github.purerank.format.CappedInput;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What makes probabilities of a model's logits: 1 / (1 + e<sup>-(slope x logit + intercept)</sup>), fitted to labelled pairs
 * (Platt 1999). It is kept in a file {@value #FILE_NAME} in the model's folder:
 *
 * <pre>{@code
 * {"method": "platt", "slope": 0.87, "intercept": -0.31, "pairs": 1200, "log_loss_before": 0.41, "log_loss_after": 0.29,
 *  "inputs": {"prompt": "", "max_length": 512, "long_text": "truncate"}}
 * }</pre>
 *
 * @param slope the factor of the logit; below 0 where higher logits mean less relevant
 * @param intercept what is added
 * @param pairs how many pairs it was fitted to
 * @param logLossBefore the mean of -ln(probability of the true label) over those pairs, with the sigmoid of the logit alone
 * @param logLossAfter the same with this calibration
 * @param inputs how the pairs were read that it was fitted to; empty if that is not known
 */
public record Calibration(
        double slope,
        double intercept,
        long pairs,
        double logLossBefore,
        double logLossAfter,
        Optional<Inputs> inputs) {
    /**
     * What a model makes of pairs before it reads them, by which its logits change.
     *
     * @param prompt what is put before each query; empty for nothing
     * @param maxLength the most tokens of a pair, or of a window
     * @param longText what is done with passages that are too long: "truncate", "max", "mean:3" or "ends", and "stride 20" after a
     *     comma where windows begin every so many tokens
     */
    public record Inputs(String prompt, int maxLength, String longText) {
        /** Checks that nothing is missing. */
        public Inputs {
            Objects.requireNonNull(prompt, "prompt");
            Objects.requireNonNull(longText, "longText");
        }

        private String toJson() {
            return "{\"prompt\": " + JsonValue.quoted(prompt) + ", \"max_length\": " + maxLength + ", \"long_text\": "
                    + JsonValue.quoted(longText) + "}";
        }
    }

    /** The name of the file in a model's folder. */
    public static final String FILE_NAME = "calibration.json";

    private static final String METHOD = "platt";

    /** Checks that the numbers are ones that a fit can give. */
    public Calibration {
        requireFinite(slope, "slope");
        requireFinite(intercept, "intercept");
        if (pairs < 1) {
            throw new IllegalArgumentException("pairs: expected at least 1, found " + pairs);
        }
        requireLoss(logLossBefore, "logLossBefore");
        requireLoss(logLossAfter, "logLossAfter");
        Objects.requireNonNull(inputs, "inputs");
    }

    /** One of which it is not known how pairs were read: it applies to any logits of the model. */
    public Calibration(double slope, double intercept, long pairs, double logLossBefore, double logLossAfter) {
        this(slope, intercept, pairs, logLossBefore, logLossAfter, Optional.empty());
    }

    /** The same for pairs that were read in a known way. */
    public Calibration withInputs(Inputs newInputs) {
        return new Calibration(slope, intercept, pairs, logLossBefore, logLossAfter, Optional.of(newInputs));
    }

    /**
     * Reads a file of any name.
     *
     * @throws ModelFormatException if it breaks the rules
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public static Calibration read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = CappedInput.readAll(in, file.toString(), ConfigLoader.MAX_BYTES);
            return of(JsonValue.parse(bytes, file.toString()));
        }
    }

    private static void requireLoss(double value, String name) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": expected a finite number of at least 0, found " + value);
        }
    }

    private static void requireFinite(double value, String name) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + ": expected a finite number, found " + value);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws ModelFormatException if it is something else
     */
    public static Calibration parse(String json) throws ModelFormatException {
        return of(JsonValue.parse(json.getBytes(StandardCharsets.UTF_8), FILE_NAME));
    }

    /**
     * The calibration of a model; empty if its folder has none.
     *
     * @param labelCount how many labels the model has
     * @throws ModelFormatException if the file breaks the rules, or is there though the model has not just one label
     */
    static Optional<Calibration> read(ModelFiles files, int labelCount) throws IOException {
        if (!files.has(FILE_NAME)) {
            return Optional.empty();
        }
        JsonValue json = ConfigLoader.read(files, FILE_NAME);
        if (labelCount != 1) {
            throw new ModelFormatException(json.file(), "", "a model of one label beside it", labelCount + " labels");
        }
        return Optional.of(of(json));
    }

    private static Calibration of(JsonValue json) throws ModelFormatException {
        json.onlyKeys("method", "slope", "intercept", "pairs", "log_loss_before", "log_loss_after", "inputs");
        JsonValue method = json.get("method");
        if (!method.string().equals(METHOD)) {
            throw method.error("the only supported method, \"" + METHOD + "\"");
        }
        Optional<JsonValue> inputs = json.find("inputs");
        return new Calibration(
                json.get("slope").number(),
                json.get("intercept").number(),
                json.get("pairs").integer(1, Long.MAX_VALUE),
                loss(json.get("log_loss_before")),
                loss(json.get("log_loss_after")),
                inputs.isPresent() ? Optional.of(inputs(inputs.get())) : Optional.empty());
    }

    private static Inputs inputs(JsonValue json) throws ModelFormatException {
        json.onlyKeys("prompt", "max_length", "long_text");
        return new Inputs(
                json.get("prompt").string(),
                (int) json.get("max_length").integer(1, Integer.MAX_VALUE),
                json.get("long_text").string());
    }

    private static double loss(JsonValue json) throws ModelFormatException {
        double loss = json.number();
        if (loss < 0) {
            throw json.error("a number of at least 0");
        }
        return loss;
    }

    /** For people to read. */
    public String inWords() {
        return String.format(
                Locale.ROOT,
                "1 / (1 + exp(-(%.4f * logit %s %.4f))), from %,d pairs",
                slope,
                intercept < 0 ? "-" : "+",
                Math.abs(intercept),
                pairs);
    }

    /** The file's text. */
    public String toJson() {
        return "{\n  \"method\": \"" + METHOD + "\",\n  \"slope\": " + slope + ",\n  \"intercept\": " + intercept
                + ",\n  \"pairs\": " + pairs + ",\n  \"log_loss_before\": " + logLossBefore
                + ",\n  \"log_loss_after\": "
                + logLossAfter
                + (inputs.isPresent() ? ",\n  \"inputs\": " + inputs.get().toJson() : "") + "\n}\n";
    }

    /** The probability of the label 1. StrictMath gives the same bits on every machine. */
    public float apply(float logit) {
        return (float) (1 / (1 + StrictMath.exp(-(slope * logit + intercept))));
    }

    /** Replaces logits by their probabilities; returns the same array. */
    public float[] apply(float[] logits) {
        for (int i = 0; i < logits.length; i++) {
            logits[i] = apply(logits[i]);
        }
        return logits;
    }
}
