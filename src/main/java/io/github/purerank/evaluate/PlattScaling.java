package io.github.purerank.evaluate;

import io.github.purerank.load.Calibration;

/**
 * Fits a {@link Calibration}: the sigmoid of a straight line of the logits that makes labelled pairs most likely.
 *
 * <p>Platt, "Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods" (1999): the
 * labels are drawn in a little, to (relevant + 1) / (relevant + 2) and 1 / (irrelevant + 2), so that logits that separate the
 * labels fully have a finite best slope too. Found by Newton's method with a line search, as Lin, Lin and Weng, "A note on
 * Platt's probabilistic outputs for support vector machines" (2007), advise. It runs on logits that are shifted and scaled to
 * mean 0 and deviation 1, and so whatever their size, until the loss does not fall any more.
 */
public final class PlattScaling {
    private static final int MAX_STEPS = 200;

    /** Steps are halved no further than this. */
    private static final double MIN_STEP = 1e-10;

    /** What is added to the diagonal of the second derivatives, so that they can be inverted. */
    private static final double RIDGE = 1e-12;

    /** How much of what a straight line promises a step must bring (Armijo's rule). */
    private static final double SUFFICIENT = 1e-4;

    private final double[] x;
    private final double[] targets;

    private PlattScaling(double[] x, double[] targets) {
        this.x = x;
        this.targets = targets;
    }

    /**
     * Fits a calibration to labelled pairs.
     *
     * @param logits the pairs' scores before any activation
     * @param labels 1 for relevant, 0 for irrelevant
     * @throws IllegalArgumentException if a logit is not finite, all are equal, a label is neither 0 nor 1, there is not a label
     *     for each logit, or there are not pairs of both labels
     */
    public static Calibration fit(double[] logits, int[] labels) {
        Scores.requireSameCount(logits.length, labels.length);
        Scores.requireFinite(logits);
        boolean[] relevant = Scores.relevant(labels);
        int relevantCount = Scores.count(relevant);
        int irrelevantCount = labels.length - relevantCount;
        if (relevantCount == 0 || irrelevantCount == 0) {
            throw new IllegalArgumentException("a calibration needs pairs of both labels, found " + relevantCount
                    + " with label 1 and " + irrelevantCount + " with label 0");
        }
        // Brought to at most 1 first, so that no square is too large or small for a double.
        double[] x = divided(logits, largest(logits));
        double mean = mean(x);
        double deviation = deviation(x, mean);
        if (!(deviation > 0)) {
            throw new IllegalArgumentException("a calibration needs different scores, found " + logits[0] + " alone");
        }
        double[] targets = new double[logits.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - mean) / deviation;
            targets[i] = relevant[i] ? (relevantCount + 1.0) / (relevantCount + 2.0) : 1 / (irrelevantCount + 2.0);
        }
        double[] line = new PlattScaling(x, targets).minimum(Math.log((relevantCount + 1.0) / (irrelevantCount + 1.0)));
        double slope = line[0] / deviation / largest(logits);
        double intercept = line[1] - line[0] / deviation * mean;
        return new Calibration(
                slope,
                intercept,
                logits.length,
                logLoss(logits, relevant, 1, 0),
                logLoss(logits, relevant, slope, intercept));
    }

    /** The same for scores as a model gives them. */
    public static Calibration fit(float[] logits, int[] labels) {
        return fit(Scores.doubles(logits), labels);
    }

    /** The slope and intercept of least loss. The loss is convex: there is one minimum. */
    private double[] minimum(double firstIntercept) {
        double slope = 0;
        double intercept = firstIntercept;
        double loss = loss(slope, intercept);
        for (int step = 0; step < MAX_STEPS; step++) {
            double g0 = 0;
            double g1 = 0;
            double h00 = RIDGE;
            double h01 = 0;
            double h11 = RIDGE;
            for (int i = 0; i < x.length; i++) {
                double p = sigmoid(slope * x[i] + intercept);
                double error = p - targets[i];
                double weight = p * (1 - p);
                g0 += error * x[i];
                g1 += error;
                h00 += weight * x[i] * x[i];
                h01 += weight * x[i];
                h11 += weight;
            }
            double determinant = h00 * h11 - h01 * h01;
            double d0 = -(h11 * g0 - h01 * g1) / determinant;
            double d1 = -(h00 * g1 - h01 * g0) / determinant;
            double descent = g0 * d0 + g1 * d1;
            double size = 1;
            double newLoss = loss(slope + d0, intercept + d1);
            while (!(newLoss < loss + SUFFICIENT * size * descent) && size > MIN_STEP) {
                size /= 2;
                newLoss = loss(slope + size * d0, intercept + size * d1);
            }
            if (!(newLoss < loss)) {
                // No step is downhill: what is left is rounding.
                break;
            }
            slope += size * d0;
            intercept += size * d1;
            loss = newLoss;
        }
        return new double[] {slope, intercept};
    }

    private double loss(double slope, double intercept) {
        double loss = 0;
        for (int i = 0; i < x.length; i++) {
            double z = slope * x[i] + intercept;
            loss += softplus(z) - targets[i] * z;
        }
        return loss;
    }

    /** The mean of -ln(probability of the true label). */
    private static double logLoss(double[] logits, boolean[] relevant, double slope, double intercept) {
        double loss = 0;
        for (int i = 0; i < logits.length; i++) {
            double z = slope * logits[i] + intercept;
            loss += softplus(relevant[i] ? -z : z);
        }
        return loss / logits.length;
    }

    /** ln(1 + e<sup>z</sup>), without overflow. */
    private static double softplus(double z) {
        return Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
    }

    private static double sigmoid(double z) {
        return 1 / (1 + StrictMath.exp(-z));
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double[] divided(double[] values, double divisor) {
        double[] quotients = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            quotients[i] = values[i] / divisor;
        }
        return quotients;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(double[] values, double mean) {
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / values.length);
    }
}
