package io.github.purerank.lucene.retrieval;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * A mean over queries, and between what it would be for other queries of the same kind: the percentile bootstrap (Efron 1979), in which
 * queries are drawn again, with replacement, many times.
 *
 * @param mean of the queries at hand
 * @param low below which 2.5 % of the means of the drawn queries lie
 * @param high above which 2.5 % of them lie
 */
record Bootstrap(double mean, double low, double high) {
    private static final int DRAWS = 10_000;
    private static final double TAIL_PERCENT = 2.5;

    /** Of one value a query; the same seed draws the same queries, so differences of two ways are of the same. */
    static Bootstrap of(double[] values, long seed) {
        Well19937c random = new Well19937c(seed);
        double[] means = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[draw] = sum / values.length;
        }
        Arrays.sort(means);
        Percentile percentile = new Percentile();
        percentile.setData(means);
        return new Bootstrap(
                StatUtils.mean(values), percentile.evaluate(TAIL_PERCENT), percentile.evaluate(100 - TAIL_PERCENT));
    }

    /** Of the differences, query by query. */
    static Bootstrap ofDifferences(double[] after, double[] before, long seed) {
        double[] differences = new double[after.length];
        for (int i = 0; i < after.length; i++) {
            differences[i] = after[i] - before[i];
        }
        return of(differences, seed);
    }

    /** As a table has it. */
    String cell() {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean, low, high);
    }

    /** The same with signs. */
    String signedCell() {
        return String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", mean, low, high);
    }
}
