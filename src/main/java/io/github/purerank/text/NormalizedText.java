package io.github.purerank.text;

import java.util.Arrays;

/** A normalised text as a whole, with the origin of each UTF-16 unit: for tokens that are looked for in it. */
final class NormalizedText implements CodePointSink, CharSequence {
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;

    NormalizedText(int capacity) {
        chars = new char[capacity + 2];
        starts = new int[capacity + 2];
        ends = new int[capacity + 2];
    }

    @Override
    public void accept(int codePoint, int start, int end) {
        if (length + 2 > chars.length) {
            int capacity = 2 * chars.length;
            chars = Arrays.copyOf(chars, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        int count = Character.toChars(codePoint, chars, length);
        for (int i = 0; i < count; i++) {
            starts[length] = start;
            ends[length++] = end;
        }
    }

    @Override
    public void finish() {
        // Whoever fills it reads it then.
    }

    void clear() {
        length = 0;
    }

    /** Passes a range on, as if it came from the normaliser. */
    void replay(int from, int to, CodePointSink sink) {
        for (int i = from; i < to; ) {
            int codePoint = Character.codePointAt(chars, i, to);
            sink.accept(codePoint, starts[i], ends[i]);
            i += Character.charCount(codePoint);
        }
        sink.finish();
    }

    /** Where in the original text the unit's origin begins. */
    int start(int index) {
        return starts[index];
    }

    /** Where in the original text the unit's origin ends. */
    int end(int index) {
        return ends[index];
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return chars[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return String.valueOf(chars, start, end - start);
    }

    @Override
    public String toString() {
        return String.valueOf(chars, 0, length);
    }
}
