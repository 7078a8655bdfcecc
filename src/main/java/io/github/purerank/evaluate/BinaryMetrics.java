package io.github.purerank.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well scores tell relevant pairs from irrelevant ones. The thresholds are the best ones for these scores, half-way between
 * two of them; F1, precision and recall are those at the F1's threshold.
 *
 * <p>{@code BinaryClassificationEvaluator.find_best_acc_and_threshold} and {@code find_best_f1_and_threshold} of
 * sentence-transformers 6.0.1, and scikit-learn's {@code average_precision_score}. As there, a threshold is looked for between
 * each two neighbours, so that one below all scores is not considered; equal scores keep their order and a "threshold" between
 * them may be the best, which then is that score. The midpoints are computed in double precision (there: in that of the scores).
 *
 * @param accuracy the share of pairs on their label's side of the threshold; 0 for a single pair
 * @param accuracyThreshold scores above it are taken for relevant; -1 for a single pair
 * @param f1 the harmonic mean of precision and recall; 0 if nothing relevant is found
 * @param f1Threshold scores above it are taken for relevant; 0 if nothing relevant is found
 * @param precision how many of the pairs above the threshold are relevant
 * @param recall how many of the relevant pairs are above the threshold
 * @param averagePrecision the mean, over the relevant pairs, of the precision at each one's score; 0 if there are none
 */
public record BinaryMetrics(
        double accuracy,
        double accuracyThreshold,
        double f1,
        double f1Threshold,
        double precision,
        double recall,
        double averagePrecision) {
    /**
     * Compares scores with labels.
     *
     * @param labels 1 for relevant, 0 for irrelevant
     * @throws IllegalArgumentException if there are no scores, one is not finite, a label is neither 0 nor 1, or there is not a
     *     label for each score
     */
    public static BinaryMetrics of(double[] scores, int[] labels) {
        Scores.requireSameCount(scores.length, labels.length);
        Scores.requireSome(scores.length);
        Scores.requireFinite(scores);
        boolean[] relevant = Scores.relevant(labels);
        int relevantCount = Scores.count(relevant);
        Integer[] order = Scores.descending(scores);

        double accuracy = 0;
        double accuracyThreshold = -1;
        double f1 = 0;
        double f1Threshold = 0;
        double bestPrecision = 0;
        double bestRecall = 0;
        int found = 0;
        int irrelevantBelow = scores.length - relevantCount;
        for (int i = 0; i < scores.length - 1; i++) {
            if (relevant[order[i]]) {
                found++;
            } else {
                irrelevantBelow--;
            }
            double threshold = (scores[order[i]] + scores[order[i + 1]]) / 2;
            double itsAccuracy = (double) (found + irrelevantBelow) / scores.length;
            if (itsAccuracy > accuracy) {
                accuracy = itsAccuracy;
                accuracyThreshold = threshold;
            }
            if (found > 0) {
                double precision = (double) found / (i + 1);
                double recall = (double) found / relevantCount;
                double itsF1 = 2 * precision * recall / (precision + recall);
                if (itsF1 > f1) {
                    f1 = itsF1;
                    f1Threshold = threshold;
                    bestPrecision = precision;
                    bestRecall = recall;
                }
            }
        }
        return new BinaryMetrics(
                accuracy,
                accuracyThreshold,
                f1,
                f1Threshold,
                bestPrecision,
                bestRecall,
                averagePrecision(scores, relevant, order));
    }

    /** The same for scores as a model gives them. */
    public static BinaryMetrics of(float[] scores, int[] labels) {
        return of(Scores.doubles(scores), labels);
    }

    /** The metrics by their names in the reference. */
    public Map<String, Double> byName() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", accuracy);
        metrics.put("accuracy_threshold", accuracyThreshold);
        metrics.put("f1", f1);
        metrics.put("f1_threshold", f1Threshold);
        metrics.put("precision", precision);
        metrics.put("recall", recall);
        metrics.put("average_precision", averagePrecision);
        return metrics;
    }

    /**
     * {@code average_precision_score} of scikit-learn: the precision at each distinct score, weighted by the recall that is won
     * there. So equal scores are taken together and their order does not matter.
     *
     * @param order from {@link Scores#descending}
     */
    static double averagePrecision(double[] scores, boolean[] relevant, Integer[] order) {
        int relevantCount = Scores.count(relevant);
        double sum = 0;
        int found = 0;
        int foundBefore = 0;
        for (int i = 0; i < order.length; i++) {
            found += relevant[order[i]] ? 1 : 0;
            boolean lastOfEqual = i + 1 == order.length || scores[order[i]] != scores[order[i + 1]];
            if (lastOfEqual && found > foundBefore) {
                sum += (double) (found - foundBefore) / relevantCount * found / (i + 1);
                foundBefore = found;
            }
        }
        return sum;
    }
}
