package io.github.purerank.model;

import java.util.Arrays;

/**
 * The tokens of several pairs laid end to end: pair b has the rows from {@link #firstRow firstRow(b)} to firstRow(b + 1). Two pairs
 * of 5 and 3 tokens:
 *
 * <pre>
 *   row    0     1     2     3     4     5     6     7
 *   pair   0     0     0     0     0     1     1     1
 *          [CLS] ...   [SEP] ...   [SEP] [CLS] [SEP] [SEP]
 * </pre>
 *
 * <p>Can be cleared and filled again; belongs to one thread.
 */
public final class RaggedBatch {
    private int pairCount;
    /** (B + 1): where each pair begins, and where the last one ends. */
    private int[] firstRows = new int[2];
    /** (R). */
    private int[] inputIds = {};
    /** (R). */
    private int[] tokenTypeIds = {};

    /** Takes all pairs out. */
    public void clear() {
        pairCount = 0;
    }

    /**
     * Appends a pair.
     *
     * @param ids the tokens (T), not empty
     * @param types each token's type (T): 0 for the query's, 1 for the passage's
     */
    public void add(int[] ids, int[] types) {
        if (ids.length == 0 || ids.length != types.length) {
            throw new IllegalArgumentException(ids.length + " token ids and " + types.length + " token types");
        }
        int row = rowCount();
        int end = Math.addExact(row, ids.length);
        if (end > inputIds.length) {
            int capacity = Math.max(end, inputIds.length + (inputIds.length >> 1));
            inputIds = Arrays.copyOf(inputIds, capacity);
            tokenTypeIds = Arrays.copyOf(tokenTypeIds, capacity);
        }
        System.arraycopy(ids, 0, inputIds, row, ids.length);
        System.arraycopy(types, 0, tokenTypeIds, row, ids.length);
        pairCount++;
        if (pairCount == firstRows.length) {
            firstRows = Arrays.copyOf(firstRows, 2 * pairCount);
        }
        firstRows[pairCount] = end;
    }

    /** B. */
    public int pairCount() {
        return pairCount;
    }

    /** R: the tokens of all pairs. */
    public int rowCount() {
        return firstRows[pairCount];
    }

    /** The row of a pair's first token, [CLS]; for {@code pair} = B the row after the last. */
    public int firstRow(int pair) {
        return firstRows[pair];
    }

    /** T: the tokens of one pair. */
    public int tokenCount(int pair) {
        return firstRows[pair + 1] - firstRows[pair];
    }

    int inputId(int row) {
        return inputIds[row];
    }

    int tokenTypeId(int row) {
        return tokenTypeIds[row];
    }
}
