package io.github.purerank.text;

import java.util.Objects;

/**
 * The tokens of one text, without special tokens and not yet cut to a length: to be assembled with those of other texts.
 * Immutable.
 */
public final class Tokens {
    /** The token begins a word. */
    static final int WORD_START = 1;
    /** The token ends a word. */
    static final int WORD_END = 2;

    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final byte[] places;
    /** The range of the arrays that counts. */
    private final int from;

    private final int size;

    /** Takes over the arrays. */
    Tokens(int[] ids, int[] starts, int[] ends, byte[] places) {
        this(ids, starts, ends, places, 0, ids.length);
    }

    private Tokens(int[] ids, int[] starts, int[] ends, byte[] places, int from, int size) {
        this.ids = ids;
        this.starts = starts;
        this.ends = ends;
        this.places = places;
        this.from = from;
        this.size = size;
    }

    /** How many tokens there are. */
    public int size() {
        return size;
    }

    /** The token's id in the vocabulary. */
    public int id(int index) {
        return ids[from + Objects.checkIndex(index, size)];
    }

    /** Where in the text the token begins, in UTF-16 units. */
    public int start(int index) {
        return starts[from + Objects.checkIndex(index, size)];
    }

    /** Where in the text the token ends, in UTF-16 units. */
    public int end(int index) {
        return ends[from + Objects.checkIndex(index, size)];
    }

    /**
     * The tokens of a range, as a view: nothing is copied. Their offsets are still those in the whole text.
     *
     * @param fromIndex the first
     * @param toIndex after the last
     */
    public Tokens slice(int fromIndex, int toIndex) {
        Objects.checkFromToIndex(fromIndex, toIndex, size);
        return new Tokens(ids, starts, ends, places, from + fromIndex, toIndex - fromIndex);
    }

    /**
     * How many tokens the reference has after it stopped with the first word that brought it to {@code limit} or beyond: words
     * are taken apart whole, and after an added token it does not stop.
     *
     * @param fromEnd whether it began at the end of the text
     */
    int countedUpTo(int limit, boolean fromEnd) {
        for (int count = Math.max(limit, 1); count < size; count++) {
            if ((fromEnd ? places[from + size - count] & WORD_START : places[from + count - 1] & WORD_END) != 0) {
                return count;
            }
        }
        return size;
    }

    /** Writes the tokens into the arrays of an encoding, from {@code at} on. */
    void copyTo(int[] toIds, int[] toStarts, int[] toEnds, int at) {
        System.arraycopy(ids, from, toIds, at, size);
        System.arraycopy(starts, from, toStarts, at, size);
        System.arraycopy(ends, from, toEnds, at, size);
    }
}
