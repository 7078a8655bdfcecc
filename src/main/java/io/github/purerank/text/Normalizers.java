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
        feed(text, 0, text.length(), before(normalized));
        return normalized.toString();
    }

    /** Sends a range of a text that has no lone surrogates. */
    static void feed(String text, int from, int to, CodePointSink sink) {
        for (int i = from; i < to; ) {
            char c = text.charAt(i);
            if (!Character.isHighSurrogate(c)) {
                sink.accept(c, i, i + 1);
                i++;
            } else {
                sink.accept(Character.toCodePoint(c, text.charAt(i + 1)), i, i + 2);
                i += 2;
            }
        }
        sink.finish();
    }
}
