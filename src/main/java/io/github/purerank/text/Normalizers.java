package io.github.purerank.text;

import java.util.List;

/** Normalisers that a text goes through one after the other; none leaves it as it is. Immutable. */
public final class Normalizers {
    private final List<BertNormalizer> steps;

    /** Takes the steps in their order. */
    public Normalizers(List<BertNormalizer> steps) {
        this.steps = List.copyOf(steps);
    }

    /** The steps in their order. */
    public List<BertNormalizer> steps() {
        return steps;
    }

    /** A chain that passes the normalised text on to {@code last}. */
    CodePointSink before(CodePointSink last) {
        CodePointSink sink = last;
        for (int i = steps.size() - 1; i >= 0; i--) {
            sink = steps.get(i).before(sink);
        }
        return sink;
    }

    /** A text as it is after all steps. */
    String normalize(String text) {
        NormalizedText normalized = new NormalizedText(text.length());
        feed(text, 0, text.length(), before(normalized), null);
        return normalized.toString();
    }

    /** How many UTF-16 units are sent before it is asked whether any more count. */
    private static final int FEED = 1 << 10;

    /**
     * Sends a range of a text that has no lone surrogates.
     *
     * @param words where the text ends up in the end: when that is full, the rest is not sent; null to send all
     */
    static void feed(String text, int from, int to, CodePointSink sink, WordSplitter words) {
        for (int i = from; i < to && (words == null || !words.isFull()); ) {
            int end = to - i > FEED ? i + FEED : to;
            while (i < end) {
                char c = text.charAt(i);
                if (!Character.isHighSurrogate(c)) {
                    sink.accept(c, i, i + 1);
                    i++;
                } else {
                    sink.accept(Character.toCodePoint(c, text.charAt(i + 1)), i, i + 2);
                    i += 2;
                }
            }
        }
        sink.finish();
    }
}
