package io.github.purerank.kernel;

/**
 * Rows of floats in one array. Each row is padded to a whole number of {@link PackedMatrix#PANEL} columns, so that a kernel
 * may write whole vectors at its end; what stands in the padding has no meaning and is never read.
 */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final int stride;
    private final float[] data;

    /**
     * Makes a matrix of zeros.
     *
     * @throws ArithmeticException if it would have more than 2^31 - 1 elements
     */
    public Matrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.stride = PackedMatrix.roundUpToPanel(columns);
        this.data = new float[Math.multiplyExact(rows, stride)];
    }

    /** How many rows there is room for. */
    public int rows() {
        return rows;
    }

    /** How many columns of a row have a meaning. */
    public int columns() {
        return columns;
    }

    /** How far a row's beginning is from the next one's. */
    public int stride() {
        return stride;
    }

    /** The elements themselves, not a copy. */
    public float[] data() {
        return data;
    }

    /** Where a row begins in {@link #data()}. */
    public int at(int row) {
        return row * stride;
    }
}
