package io.github.purerank.model;

/** What is applied to the logits, element by element, to make them scores. */
public enum ScoreActivation {
    /** The logits themselves. */
    IDENTITY,
    /** 1 / (1 + e<sup>-x</sup>), between 0 and 1. */
    SIGMOID;

    /** The score of a logit. StrictMath gives the same bits on every machine. */
    public float apply(float logit) {
        return switch (this) {
            case IDENTITY -> logit;
            case SIGMOID -> (float) (1 / (1 + StrictMath.exp(-logit)));
        };
    }

    /** Replaces logits by their softmax: positive shares that sum to 1. */
    public static void softmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] numerators = new double[logits.length];
        double total = 0;
        for (int l = 0; l < logits.length; l++) {
            numerators[l] = StrictMath.exp(logits[l] - largest);
            total += numerators[l];
        }
        for (int l = 0; l < logits.length; l++) {
            logits[l] = (float) (numerators[l] / total);
        }
    }
}
