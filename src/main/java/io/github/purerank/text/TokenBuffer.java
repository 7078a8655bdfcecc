package io.github.purerank.text;

import java.util.Arrays;

/** Tokens as they are found. */
final class TokenBuffer {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int size;

    TokenBuffer(int capacity) {
        ids = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    void add(int id, int start, int end) {
        if (size == ids.length) {
            int capacity = size + (size >> 1) + 8;
            ids = Arrays.copyOf(ids, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    int size() {
        return size;
    }

    /** Takes back all but the first tokens. */
    void truncate(int newSize) {
        size = newSize;
    }

    Tokens toTokens() {
        return new Tokens(Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
    }
}
