package io.github.purerank;

import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import io.github.purerank.text.Tokens;
import java.util.Arrays;

/**
 * What the model reads of one pair: the pair, cut if need be, or several windows of its passage.
 *
 * @param encodings one for each window
 * @param ranges the part of the passage that each shows; null if nobody wants to know
 */
record Windows(Encoding[] encodings, TextRange[] ranges) {
    /** A pair that was encoded before. */
    static Windows of(Encoding encoding) {
        return new Windows(new Encoding[] {encoding}, null);
    }

    /**
     * The windows of a pair.
     *
     * @param passageTokens of {@code passage}; for {@link LongText#TRUNCATE}, those that can count will do
     * @param maxLength the most tokens of a window, special tokens and query included
     * @param withRanges whether {@link #best} will be asked for
     */
    static Windows of(
            PairEncoder encoder,
            Tokens queryTokens,
            String passage,
            Tokens passageTokens,
            int maxLength,
            LongText longText,
            boolean withRanges) {
        int room = encoder.windowRoom(queryTokens, maxLength);
        // Without room for a single token there are no windows: such a limit is cut to, or refused, as ever.
        if (longText.method() == LongText.Method.TRUNCATE || passageTokens.size() <= room || room == 0) {
            Encoding encoding = encoder.assemble(queryTokens, passageTokens, maxLength);
            return new Windows(
                    new Encoding[] {encoding},
                    withRanges ? new TextRange[] {passageRange(encoding, passage, passageTokens.size())} : null);
        }
        int[] begins = begins(passageTokens.size(), room, longText);
        Encoding[] encodings = new Encoding[begins.length];
        TextRange[] ranges = withRanges ? new TextRange[begins.length] : null;
        for (int w = 0; w < begins.length; w++) {
            int begin = begins[w];
            int end = begin + room;
            encodings[w] = encoder.assembleWindow(queryTokens, passageTokens.slice(begin, end), maxLength);
            if (withRanges) {
                ranges[w] = new TextRange(
                        begin == 0 ? 0 : passageTokens.start(begin),
                        end == passageTokens.size() ? passage.length() : passageTokens.end(end - 1));
            }
        }
        return new Windows(encodings, ranges);
    }

    /** The first token of each window. */
    private static int[] begins(int tokenCount, int room, LongText longText) {
        int last = tokenCount - room;
        if (longText.method() == LongText.Method.FIRST_AND_LAST) {
            return new int[] {0, last};
        }
        int stride = longText.stride() == 0 ? Math.max(1, room / 2) : Math.min(longText.stride(), room);
        int[] begins = new int[(last + stride - 1) / stride + 1];
        for (int w = 0; w < begins.length; w++) {
            begins[w] = Math.min(w * stride, last);
        }
        return begins;
    }

    /** What an encoding has of its second text. */
    private static TextRange passageRange(Encoding encoding, String passage, int tokenCount) {
        int first = -1;
        int last = -1;
        int count = 0;
        for (int token = 0; token < encoding.size(); token++) {
            if (encoding.text(token) == 1) {
                first = first < 0 ? token : first;
                last = token;
                count++;
            }
        }
        if (count == tokenCount) {
            return new TextRange(0, passage.length());
        }
        return count == 0 ? new TextRange(0, 0) : new TextRange(encoding.start(first), encoding.end(last));
    }

    int count() {
        return encodings.length;
    }

    /** The window of the largest logit, the first of them. */
    TextRange best(float[] logits, int from) {
        int best = 0;
        for (int w = 1; w < count(); w++) {
            if (logits[from + w] > logits[from + best]) {
                best = w;
            }
        }
        return ranges[best];
    }

    /** The pair's logit, from those of several windows. */
    static float combined(float[] logits, int from, int to, LongText longText) {
        float[] ascending = Arrays.copyOfRange(logits, from, to);
        Arrays.sort(ascending);
        int count = longText.method() == LongText.Method.MEAN_OF_TOP_WINDOWS
                ? Math.min(longText.windowCount(), ascending.length)
                : 1;
        double sum = 0;
        for (int w = 0; w < count; w++) {
            sum += ascending[ascending.length - 1 - w];
        }
        return (float) (sum / count);
    }
}
