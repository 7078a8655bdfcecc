package io.github.purerank.text;

import java.util.Arrays;

/** Tokens as they are found. */
final class TokenBuffer {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private byte[] places;
    private int size;

    TokenBuffer(int capacity) {
        ids = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        places = new byte[capacity];
    }

    /**
     * Adds a token.
     *
     * @param place its place in the word, of {@link Tokens#WORD_START} and {@link Tokens#WORD_END}; neither for an added token
     */
    void add(int id, int start, int end, int place) {
        if (size == ids.length) {
            int capacity = size + (size >> 1) + 8;
            ids = Arrays.copyOf(ids, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            places = Arrays.copyOf(places, capacity);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size] = end;
        places[size++] = (byte) place;
    }

    int size() {
        return size;
    }

    /** Takes back all but the first tokens. */
    void truncate(int newSize) {
        size = newSize;
    }

    Tokens toTokens() {
        return new Tokens(
                Arrays.copyOf(ids, size),
                Arrays.copyOf(starts, size),
                Arrays.copyOf(ends, size),
                Arrays.copyOf(places, size));
    }
}
