package io.github.purerank.evaluate;

import java.util.Arrays;

/** What the metrics ask of scores and labels, and the order of scores. */
final class Scores {
    private Scores() {}

    static double[] doubles(float[] scores) {
        double[] doubles = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            doubles[i] = scores[i];
        }
        return doubles;
    }

    static void requireSameCount(int scores, int labels) {
        if (scores != labels) {
            throw new IllegalArgumentException(
                    "expected a label for each score, found " + scores + " scores and " + labels + " labels");
        }
    }

    static void requireSome(int scores) {
        if (scores == 0) {
            throw new IllegalArgumentException("no scores: no metric has a value for nothing");
        }
    }

    /** NaN and the infinities are refused, as scikit-learn refuses them. */
    static void requireFinite(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("score " + i + ": expected a finite number, found " + scores[i]);
            }
        }
    }

    /** Labels of 0 and 1 as truth values. */
    static boolean[] relevant(int[] labels) {
        boolean[] relevant = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != 0 && labels[i] != 1) {
                throw new IllegalArgumentException("label " + i + ": expected 0 or 1, found " + labels[i]);
            }
            relevant[i] = labels[i] == 1;
        }
        return relevant;
    }

    static int count(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return count;
    }

    /** The places of the scores, the highest first; equal scores (0 and -0 among them) in the order of their places. */
    static Integer[] descending(double[] scores) {
        Integer[] order = new Integer[scores.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        // The sort is stable. Adding 0 makes -0 equal to 0.
        Arrays.sort(order, (a, b) -> Double.compare(scores[b] + 0.0, scores[a] + 0.0));
        return order;
    }
}
