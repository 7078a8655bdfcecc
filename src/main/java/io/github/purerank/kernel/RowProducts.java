package io.github.purerank.kernel;

/**
 * Products of one vector with many, which lie one after another in an array: what a search over vectors does.
 *
 * <p>A product runs through 16 partial sums, element k into partial sum k mod 16, each a chain of fused multiply-adds; they are added
 * in a fixed tree. So every implementation gives the same bits. Implementations hold no state and are safe for many threads.
 */
public sealed interface RowProducts permits ScalarRowProducts, VectorRowProducts, WarmingRowProducts {
    /** Rows are padded with zeros to a multiple of so many elements, and so is the vector. */
    int STRIDE_UNIT = ScalarKernels.LANES;

    /** The length of a row with its padding. */
    static int stride(int dimension) {
        return Math.addExact(dimension, STRIDE_UNIT - 1) / STRIDE_UNIT * STRIDE_UNIT;
    }

    /**
     * out[i] = sum over k of vector[k] * rows[at + i * stride + k].
     *
     * @param vector (stride)
     * @param rows (rowCount, stride) from {@code at} on
     * @param stride a multiple of {@link #STRIDE_UNIT}
     * @param out receives (rowCount), from {@code outAt} on
     */
    void products(float[] vector, float[] rows, int at, int stride, int rowCount, float[] out, int outAt);

    /** The same with rows of small whole numbers. */
    void products(float[] vector, byte[] rows, int at, int stride, int rowCount, float[] out, int outAt);

    /** Gets them up to speed, where they begin slowly; may take some seconds, so call it on a thread of its own. */
    default void warmUp() throws InterruptedException {}
}
