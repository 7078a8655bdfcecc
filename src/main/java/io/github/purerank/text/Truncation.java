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
     * <p>Follows {@code truncate_encodings} of tokenizers 0.23.2 (tokenizers/src/utils/truncation.rs). For {@link
     * #LONGEST_FIRST} its version 0.23 cuts each text to {@code maxLength} beforehand, which shows where both are longer: the
     * odd token goes to the second text then.
     *
     * @param maxLength the most tokens of the pair
     * @param specialCount how many of these are special tokens
     * @throws IllegalArgumentException if the text that has to give way is not longer than what is to go
     */
    Lengths cut(int first, int second, int maxLength, int specialCount) {
        int max = maxLength - specialCount;
        long excess = (long) first + second - max;
        if (max == 0) {
            return new Lengths(0, 0);
        }
        if (excess <= 0) {
            return new Lengths(first, second);
        }
        return switch (this) {
            case LONGEST_FIRST -> longestFirst(Math.min(first, maxLength), Math.min(second, maxLength), max);
            case ONLY_FIRST -> new Lengths(shortened(first, excess, maxLength), second);
            case ONLY_SECOND -> new Lengths(first, shortened(second, excess, maxLength));
        };
    }

    private int shortened(int length, long excess, int maxLength) {
        if (length <= excess) {
            throw new IllegalArgumentException(
                    this + ": a text of " + length + " tokens is too short to bring a pair down to " + maxLength);
        }
        return (int) (length - excess);
    }

    private static Lengths longestFirst(int first, int second, int max) {
        if (first + second <= max) {
            return new Lengths(first, second);
        }
        boolean swapped = first > second;
        int shorter = Math.min(first, second);
        int longer = shorter > max ? shorter : Math.max(shorter, max - shorter);
        if (shorter + longer > max) {
            shorter = max / 2;
            longer = shorter + max % 2;
        }
        return swapped ? new Lengths(longer, shorter) : new Lengths(shorter, longer);
    }
}
