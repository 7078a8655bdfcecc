package io.github.purerank.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well the label with the highest score is the true one. A label's F1 is 2TP / (2TP + FP + FN).
 *
 * <p>{@code CrossEncoderClassificationEvaluator} of sentence-transformers 6.0.1 with scikit-learn's {@code f1_score}: labels that
 * neither are true nor were predicted for any pair do not count.
 *
 * @param f1Macro the mean of the labels' F1
 * @param f1Micro the F1 of all labels' counts together: the share of pairs that are right
 * @param f1Weighted the mean of the labels' F1, each weighted by how often the label is true
 */
public record MultiClassMetrics(double f1Macro, double f1Micro, double f1Weighted) {
    /** How often a label was predicted and true, predicted, and true. */
    private static final class Counts {
        private int right;
        private int predicted;
        private int actual;

        double f1() {
            return 2.0 * right / (predicted + actual);
        }
    }

    /**
     * Compares scores with labels.
     *
     * @param scores (pairs, labels of the model); the first of equal scores counts as the highest, and NaN as higher than all,
     *     as for numpy's {@code argmax}
     * @param labels the true label of each pair, counted from 0
     * @throws IllegalArgumentException if there are no scores, or not a label for each pair
     */
    public static MultiClassMetrics of(float[][] scores, int[] labels) {
        int[] predicted = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            predicted[i] = indexOfHighest(scores[i], i);
        }
        return of(predicted, labels);
    }

    /**
     * Compares predicted with true labels.
     *
     * @throws IllegalArgumentException if there are none, or not a label for each prediction
     */
    public static MultiClassMetrics of(int[] predicted, int[] labels) {
        Scores.requireSameCount(predicted.length, labels.length);
        Scores.requireSome(predicted.length);
        Map<Integer, Counts> counts = new LinkedHashMap<>();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            Counts actual = counts.computeIfAbsent(labels[i], label -> new Counts());
            actual.actual++;
            counts.computeIfAbsent(predicted[i], label -> new Counts()).predicted++;
            if (predicted[i] == labels[i]) {
                actual.right++;
                right++;
            }
        }
        double macro = 0;
        double weighted = 0;
        for (Counts label : counts.values()) {
            macro += label.f1();
            weighted += label.f1() * label.actual;
        }
        return new MultiClassMetrics(macro / counts.size(), (double) right / labels.length, weighted / labels.length);
    }

    /** The metrics by their names in the reference. */
    public Map<String, Double> byName() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("f1_macro", f1Macro);
        metrics.put("f1_micro", f1Micro);
        metrics.put("f1_weighted", f1Weighted);
        return metrics;
    }

    private static int indexOfHighest(float[] scores, int pair) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("pair " + pair + " has no scores");
        }
        int best = 0;
        for (int l = 1; l < scores.length && !Float.isNaN(scores[best]); l++) {
            if (scores[l] > scores[best] || Float.isNaN(scores[l])) {
                best = l;
            }
        }
        return best;
    }
}
