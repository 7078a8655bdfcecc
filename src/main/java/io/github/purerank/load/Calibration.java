package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * What makes probabilities of a model's logits: 1 / (1 + e<sup>-(slope x logit + intercept)</sup>), fitted to labelled pairs
 * (Platt 1999). It is kept in a file {@value #FILE_NAME} in the model's folder:
 *
 * <pre>{@code
 * {"method": "platt", "slope": 0.87, "intercept": -0.31, "pairs": 1200, "log_loss_before": 0.41, "log_loss_after": 0.29}
 * }</pre>
 *
 * @param slope the factor of the logit; below 0 where higher logits mean less relevant
 * @param intercept what is added
 * @param pairs how many pairs it was fitted to
 * @param logLossBefore the mean of -ln(probability of the true label) over those pairs, with the sigmoid of the logit alone
 * @param logLossAfter the same with this calibration
 */
public record Calibration(double slope, double intercept, long pairs, double logLossBefore, double logLossAfter) {
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
        json.onlyKeys("method", "slope", "intercept", "pairs", "log_loss_before", "log_loss_after");
        JsonValue method = json.get("method");
        if (!method.string().equals(METHOD)) {
            throw method.error("the only supported method, \"" + METHOD + "\"");
        }
        return Optional.of(new Calibration(
                json.get("slope").number(),
                json.get("intercept").number(),
                json.get("pairs").integer(1, Long.MAX_VALUE),
                loss(json.get("log_loss_before")),
                loss(json.get("log_loss_after"))));
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
                + logLossAfter + "\n}\n";
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
