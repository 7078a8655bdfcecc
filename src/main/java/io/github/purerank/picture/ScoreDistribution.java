package io.github.purerank.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * How the scores of relevant and of irrelevant pairs are distributed, and a threshold between them.
 *
 * @param relevant the scores of the relevant pairs; finite
 * @param irrelevant the scores of the irrelevant pairs; finite
 * @param threshold where to draw the line; NaN for nowhere
 * @param thresholdName what the threshold is, in a few words
 */
public record ScoreDistribution(double[] relevant, double[] irrelevant, double threshold, String thresholdName) {
    /** Keeps its own scores, in their order of size, and checks that there are some and all are finite. */
    public ScoreDistribution {
        relevant = sorted(relevant);
        irrelevant = sorted(irrelevant);
        if (relevant.length + irrelevant.length == 0) {
            throw new IllegalArgumentException("no scores to draw");
        }
        Objects.requireNonNull(thresholdName, "thresholdName");
    }

    private static double[] sorted(double[] scores) {
        double[] copy = scores.clone();
        for (double score : copy) {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException("expected finite scores, found " + score);
            }
        }
        Arrays.sort(copy);
        return copy;
    }

    /**
     * Draws a histogram of each over the same intervals, in per cent of its own pairs, so that few relevant pairs show beside
     * many irrelevant ones.
     *
     * @return an SVG document
     */
    public String toSvg() {
        return new ScoreHistogram(this).draw();
    }

    boolean hasThreshold() {
        return !Double.isNaN(threshold);
    }

    /** What is to be seen, in words. */
    String inWords() {
        return inWords("relevant", relevant)
                + " "
                + inWords("irrelevant", irrelevant)
                + (hasThreshold() ? " A line marks " + thresholdName + " at " + brief(threshold) + "." : "");
    }

    private static String inWords(String name, double[] sorted) {
        if (sorted.length == 0) {
            return "No pair is " + name + ".";
        }
        return pairs(sorted.length) + (sorted.length == 1 ? " is " : " are ") + name + ", with scores from "
                + brief(sorted[0]) + " to " + brief(sorted[sorted.length - 1]) + ", half of them up to "
                + brief(sorted[(sorted.length - 1) / 2]) + ".";
    }

    static String pairs(int count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d pair" : "%,d pairs", count);
    }

    /** A score to five significant digits. */
    static String brief(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -5 || exponent > 8 ? rounded.toString() : rounded.toPlainString();
    }
}
