package io.github.purerank.kernel;

import java.util.Set;

/**
 * The operations a BERT encoder is made of, over rows of {@link Matrix}.
 *
 * <p>Shapes are written beside the parameters: M rows, K input features, N output features, T tokens of one text pair, S
 * columns of an attention head.
 *
 * <p>Implementations hold no state and are safe for many threads; a {@link Scratch} is used by one thread at a time. The
 * result for a row never depends on the rows beside it.
 */
public sealed interface Kernels permits ScalarKernels, VectorKernels, WarmingKernels {
    /** "scalar" or "vector", with the width. */
    String name();

    /**
     * Gets the kernels up to speed, where they begin slowly; may take some seconds, so call it on a thread of its own. They can
     * be used meanwhile, and give the same bits before and after.
     *
     * @param functions the functions that {@link #apply} will be called with
     */
    default void warmUp(Set<Elementwise> functions) throws InterruptedException {}

    /** Products of one vector with many. */
    RowProducts rowProducts();

    /** Zeroed weights in the layout of these kernels. */
    PackedMatrix allocate(int inFeatures, int outFeatures);

    /** Working memory for one thread. */
    default Scratch newScratch() {
        return new Scratch();
    }

    /**
     * out[m][n] = bias[n] + sum over k of in[m][k] * W[n][k], for the columns n of a range; one chain of fused multiply-adds
     * for each output, beginning with the bias, in the order of k.
     *
     * @param in (M, K)
     * @param inRow the first row to read
     * @param rowCount M
     * @param weight W (N, K) and the bias, from {@link #allocate} of the same kernels
     * @param columns which of the N output columns; written to the same columns of {@code out}
     * @param out (M, N)
     * @param outRow the first row to write
     */
    void linear(
            Matrix in,
            int inRow,
            int rowCount,
            PackedMatrix weight,
            ColumnRange columns,
            Matrix out,
            int outRow,
            Scratch scratch);

    /**
     * Softmax attention of one text pair: for each head and query, context = softmax(query . keys / sqrt(S)) * values. The
     * sums over the keys run in the order of the tokens, 64 at a time.
     *
     * @param heads how the columns are split into heads
     * @param queries (T, ...), read at {@link AttentionHeads#queryColumn()}
     * @param queryRow the first query
     * @param queryCount how many queries: T, or 1 for [CLS] alone
     * @param keysAndValues (T, ...), read at {@link AttentionHeads#keyColumn()} and {@link AttentionHeads#valueColumn()}
     * @param keyRow the pair's first token
     * @param keyCount T
     * @param context (T, headCount * S)
     * @param contextRow the first row to write
     */
    void attention(
            AttentionHeads heads,
            Matrix queries,
            int queryRow,
            int queryCount,
            Matrix keysAndValues,
            int keyRow,
            int keyCount,
            Matrix context,
            int contextRow,
            Scratch scratch);

    /**
     * x = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias for each row, in place.
     *
     * @param x (M, N)
     * @param weight (N)
     * @param bias (N)
     */
    void layerNorm(Matrix x, int row, int rowCount, float[] weight, float[] bias, float epsilon, Scratch scratch);

    /** x = x + y for each row, in place. */
    void add(Matrix x, int xRow, Matrix y, int yRow, int rowCount);

    /** x = f(x) for each element of the rows, in place. */
    void apply(Elementwise function, Matrix x, int row, int rowCount);
}
