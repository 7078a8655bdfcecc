package io.github.purerank.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How scores and graded labels rise and fall together, from -1 to 1.
 *
 * <p>{@code CrossEncoderCorrelationEvaluator} of sentence-transformers 6.0.1 with {@code pearsonr} and {@code spearmanr} of scipy:
 * NaN if all scores or all labels are equal, or one of them is NaN. Needs {@code org.apache.commons:commons-math3}, an optional
 * dependency of this library.
 *
 * @param pearson the correlation of the values; NaN also if one is infinite
 * @param spearman the correlation of their ranks, equal values having the mean of their ranks
 */
public record CorrelationMetrics(double pearson, double spearman) {
    /**
     * Compares scores with labels.
     *
     * @throws IllegalArgumentException if there are fewer than two scores, or not a label for each
     * @throws IllegalStateException if commons-math3 is not there
     */
    public static CorrelationMetrics of(double[] scores, double[] labels) {
        Scores.requireSameCount(scores.length, labels.length);
        if (scores.length < 2) {
            throw new IllegalArgumentException("a correlation needs at least two scores, found " + scores.length);
        }
        double[] x = withoutNegativeZero(labels);
        double[] y = withoutNegativeZero(scores);
        if (hasNaN(x) || hasNaN(y)) {
            return new CorrelationMetrics(Double.NaN, Double.NaN);
        }
        try {
            return new CorrelationMetrics(
                    new PearsonsCorrelation().correlation(x, y), new SpearmansCorrelation().correlation(x, y));
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("correlations need org.apache.commons:commons-math3 on the class path", e);
        }
    }

    /** The metrics by their names in the reference. */
    public Map<String, Double> byName() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("pearson", pearson);
        metrics.put("spearman", spearman);
        return metrics;
    }

    /** A copy; -0 would be ranked below 0. */
    private static double[] withoutNegativeZero(double[] values) {
        double[] copy = values.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] += 0.0;
        }
        return copy;
    }

    private static boolean hasNaN(double[] values) {
        for (double value : values) {
            if (Double.isNaN(value)) {
                return true;
            }
        }
        return false;
    }
}
