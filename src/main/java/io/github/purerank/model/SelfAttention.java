package io.github.purerank.model;

import io.github.purerank.kernel.AttentionHeads;
import io.github.purerank.kernel.ColumnRange;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.kernel.Scratch;

/**
 * Lets each token gather from the tokens of its own pair what it needs (Vaswani et al. 2017; transformers:
 * BertSelfAttention and BertSelfOutput.dense).
 *
 * <p>Every token states what it looks for (its query), what it can be found by (its key) and what it hands out (its value).
 * A head compares one token's query with all keys, turns the likeness into shares by a softmax, and sums the values in those
 * shares; the heads' sums side by side go through one more linear layer. For token t of a pair, in one head:
 *
 * <pre>
 *   share[j] = exp(query[t] . key[j] / sqrt(S)) / (the sum of these over all tokens j of the pair)
 *   context[t] = share[0] value[0] + share[1] value[1] + ...
 * </pre>
 *
 * <p>Queries, keys and values come from one product of three times as many columns, with each of the three beginning at a whole
 * panel of them. Plainly, they are three linear layers.
 */
public final class SelfAttention {
    private final Kernels kernels;
    private final Linear queryKeyValue;
    private final Linear output;
    private final AttentionHeads heads;
    private final ColumnRange allColumns;
    private final ColumnRange queryColumns;
    private final ColumnRange keyAndValueColumns;

    /**
     * Puts the parts together.
     *
     * @param queryKeyValue H -> {@link #queryKeyValueColumns}: the queries' weights from column 0, the keys' from {@link
     *     #keyColumn}, the values' from twice that, zeros between
     * @param output H -> H
     */
    public SelfAttention(BertConfig config, Linear queryKeyValue, Linear output) {
        this.kernels = queryKeyValue.kernels();
        this.queryKeyValue = queryKeyValue;
        this.output = output;
        int keyColumn = keyColumn(config);
        this.heads = new AttentionHeads(config.headCount(), config.headSize(), 0, keyColumn, 2 * keyColumn);
        this.allColumns = ColumnRange.all(queryKeyValueColumns(config));
        this.queryColumns = new ColumnRange(0, keyColumn);
        this.keyAndValueColumns = new ColumnRange(keyColumn, queryKeyValueColumns(config));
    }

    /** Where the keys begin: H, rounded up to a whole panel. */
    public static int keyColumn(BertConfig config) {
        return PackedMatrix.roundUpToPanel(config.hiddenSize());
    }

    /** The outputs of the joint product. */
    public static int queryKeyValueColumns(BertConfig config) {
        return 2 * keyColumn(config) + config.hiddenSize();
    }

    /** The memory of the weights. */
    long bytes() {
        return queryKeyValue.bytes() + output.bytes();
    }

    /** How the heads share the columns. */
    AttentionHeads heads() {
        return heads;
    }

    /** The columns of queries, keys and values in the joint product. */
    ColumnRange allColumns() {
        return allColumns;
    }

    /** The columns of the queries. */
    ColumnRange queryColumns() {
        return queryColumns;
    }

    /** The columns of keys and values. */
    ColumnRange keyAndValueColumns() {
        return keyAndValueColumns;
    }

    /** x (M, H) -> some columns of queries, keys and values (M, 3 H). */
    void project(Matrix x, int row, int rowCount, ColumnRange columns, Matrix queryKeyValues, Scratch scratch) {
        queryKeyValue.forward(x, row, rowCount, columns, queryKeyValues, row, scratch);
    }

    /**
     * Some queries of one pair against all its keys.
     *
     * @param queries (R, ...), the queries from {@code queryRow} on
     * @param keysAndValues (R, ...), the pair's tokens from {@code keyRow} on
     * @param context (R, H): the heads' sums side by side, written from {@code contextRow} on
     */
    void attend(
            Matrix queries,
            int queryRow,
            int queryCount,
            Matrix keysAndValues,
            int keyRow,
            int keyCount,
            Matrix context,
            int contextRow,
            Scratch scratch) {
        kernels.attention(
                heads, queries, queryRow, queryCount, keysAndValues, keyRow, keyCount, context, contextRow, scratch);
    }

    /** The columns of {@link #mixHeads}. */
    ColumnRange outputColumns() {
        return output.columns();
    }

    /** context (M, H) -> some columns of out (M, H). */
    void mixHeads(Matrix context, int row, int rowCount, ColumnRange columns, Matrix out, Scratch scratch) {
        output.forward(context, row, rowCount, columns, out, row, scratch);
    }
}
