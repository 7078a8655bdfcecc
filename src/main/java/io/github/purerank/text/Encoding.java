package io.github.purerank.text;

import java.util.Objects;

/** A pair of texts as the model takes it: T tokens, special tokens included. Immutable; the arrays that it gives are copies. */
public final class Encoding {
    /** The text of a special token: none. */
    public static final int NO_TEXT = -1;

    private final int[] inputIds;
    private final int[] tokenTypeIds;
    private final int[] starts;
    private final int[] ends;
    private final byte[] texts;

    /** Takes over the arrays, T long each. */
    Encoding(int[] inputIds, int[] tokenTypeIds, int[] starts, int[] ends, byte[] texts) {
        this.inputIds = inputIds;
        this.tokenTypeIds = tokenTypeIds;
        this.starts = starts;
        this.ends = ends;
        this.texts = texts;
    }

    /** T, the number of tokens. */
    public int size() {
        return inputIds.length;
    }

    /** The ids of the tokens, (T). */
    public int[] inputIds() {
        return inputIds.clone();
    }

    /** The type of each token, (T): 0 for the first text, 1 for the second, in a BERT. */
    public int[] tokenTypeIds() {
        return tokenTypeIds.clone();
    }

    /** The token's id. */
    public int inputId(int token) {
        return inputIds[Objects.checkIndex(token, inputIds.length)];
    }

    /** The token's type. */
    public int tokenTypeId(int token) {
        return tokenTypeIds[Objects.checkIndex(token, inputIds.length)];
    }

    /** Where in its text the token begins, in UTF-16 units; 0 for a special token. */
    public int start(int token) {
        return starts[Objects.checkIndex(token, inputIds.length)];
    }

    /** Where in its text the token ends, in UTF-16 units; 0 for a special token. */
    public int end(int token) {
        return ends[Objects.checkIndex(token, inputIds.length)];
    }

    /** Which text the token is of: 0 for the first, 1 for the second, {@link #NO_TEXT} for a special token. */
    public int text(int token) {
        return texts[Objects.checkIndex(token, inputIds.length)];
    }
}
