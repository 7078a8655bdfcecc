package io.github.purerank.text;

/** Which text gives way when a pair has too many tokens. */
public enum Truncation {
    /** The longer one, until both are equally long; then both. What cross-encoders use. */
    LONGEST_FIRST,
    /** The first text. */
    ONLY_FIRST,
    /** The second text. */
    ONLY_SECOND;

    /** The two lengths of a pair. */
    record Lengths(int first, int second) {}

    /**
     * The lengths that a pair is cut to.
     *
     * <p>Follows {@code truncate_encodings} of tokenizers 0.23.2 (tokenizers/src/utils/truncation.rs).
     *
     * @param first how many tokens the first text has; of one much too long, how many {@link Tokens#countedUpTo} counts
     * @param max the most tokens of both together
     * @throws IllegalArgumentException if the text that has to give way is not longer than what is to go
     */
    Lengths cut(int first, int second, int max) {
        if (max == 0) {
            return new Lengths(0, 0);
        }
        long excess = (long) first + second - max;
        if (excess <= 0) {
            return new Lengths(first, second);
        }
        return switch (this) {
            case LONGEST_FIRST -> longestFirst(first, second, max);
            case ONLY_FIRST -> new Lengths(shortened(first, excess, max), second);
            case ONLY_SECOND -> new Lengths(first, shortened(second, excess, max));
        };
    }

    private int shortened(int length, long excess, int max) {
        if (length <= excess) {
            throw new IllegalArgumentException(
                    this + ": a text of " + length + " tokens is too short to bring a pair down to " + max);
        }
        return (int) (length - excess);
    }

    private static Lengths longestFirst(int first, int second, int max) {
        boolean swapped = first > second;
        int shorter = Math.min(first, second);
        int longer = shorter > max ? shorter : Math.max(shorter, max - shorter);
        if ((long) shorter + longer > max) {
            shorter = max / 2;
            longer = shorter + max % 2;
        }
        return swapped ? new Lengths(longer, shorter) : new Lengths(shorter, longer);
    }
}
