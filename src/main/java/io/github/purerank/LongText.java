package io.github.purerank;

import io.github.purerank.load.Calibration;
import java.util.Objects;

/**
 * What is done with a passage that is too long to be read at once. Its tokens are cut into windows, each as long as there is room
 * for beside the query; the model reads the query with each of them, and the pair's logit is made from those of the windows, before
 * any activation. A pair that is not too long has the same bits with all of these.
 *
 * <p>The query keeps its place in each window, cut to half of the room if it is longer. The first window begins with the
 * passage, each next one a {@linkplain #withStride stride} later, and the last ends with the passage.
 *
 * <p>The reference knows truncation alone. Windows are for models of one label.
 *
 * @param method how windows are combined
 * @param windowCount of how many windows {@link Method#MEAN_OF_TOP_WINDOWS} takes the mean; 0 for other methods
 * @param stride how many tokens a window begins after the one before; 0 for half a window. More than a window are taken for
 *     one, so no token is left out
 */
public record LongText(Method method, int windowCount, int stride) {
    /** How windows are combined. */
    public enum Method {
        /** There is one window, the first (or the last, where the tokenizer truncates on the left). */
        TRUNCATE,
        /** The best window's score. */
        MAX_OF_WINDOWS,
        /** The mean of the best windows' logits. */
        MEAN_OF_TOP_WINDOWS,
        /** The better score of the first window and the last. */
        FIRST_AND_LAST
    }

    /** Cut, as the reference does: the longer text first. */
    public static final LongText TRUNCATE = new LongText(Method.TRUNCATE, 0, 0);

    /** The best window's score: for passages that may have the answer anywhere. */
    public static final LongText MAX_OF_WINDOWS = new LongText(Method.MAX_OF_WINDOWS, 0, 0);

    /** The better score of the first window and the last: two windows for a text of any length. */
    public static final LongText FIRST_AND_LAST = new LongText(Method.FIRST_AND_LAST, 0, 0);

    /** As {@link Calibration.Inputs} and the command line write it. */
    String brief() {
        String name = switch (method) {
            case TRUNCATE -> "truncate";
            case MAX_OF_WINDOWS -> "max";
            case MEAN_OF_TOP_WINDOWS -> "mean:" + windowCount;
            case FIRST_AND_LAST -> "ends";
        };
        return stride == 0 ? name : name + ", stride " + stride;
    }

    /** Checks the numbers. */
    public LongText {
        Objects.requireNonNull(method, "method");
        if (method == Method.MEAN_OF_TOP_WINDOWS ? windowCount < 1 : windowCount != 0) {
            throw new IllegalArgumentException("windowCount: expected "
                    + (method == Method.MEAN_OF_TOP_WINDOWS ? "at least 1" : "0") + ", found " + windowCount);
        }
        OptionChecks.requirePositiveOrNone(stride, "stride");
        if (stride > 0 && (method == Method.TRUNCATE || method == Method.FIRST_AND_LAST)) {
            throw new IllegalArgumentException("stride: " + method + " has no windows in between");
        }
    }

    /**
     * The mean of the logits of the best windows: of all, if there are fewer.
     *
     * @throws IllegalArgumentException if {@code windowCount} is below 1
     */
    public static LongText meanOfTopWindows(int windowCount) {
        return new LongText(Method.MEAN_OF_TOP_WINDOWS, windowCount, 0);
    }

    /**
     * The same with a window every so many tokens of the passage.
     *
     * @throws IllegalArgumentException if {@code tokens} is below 1, or the method has no windows but the first and the last
     */
    public LongText withStride(int tokens) {
        return new LongText(method, windowCount, OptionChecks.requirePositive(tokens, "stride"));
    }
}
