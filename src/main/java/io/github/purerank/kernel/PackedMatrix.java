package io.github.purerank.kernel;

/**
 * The weights of a linear layer, y = x * W^T + b, laid out for the kernels that will multiply by them.
 *
 * <p>{@link Kernels#allocate} makes one of zeros; {@link #setRows} and {@link #setBias} fill it while a model is loaded, each
 * output column by one thread; from then on it is only read.
 */
public abstract sealed class PackedMatrix permits PanelMatrix, TransposedMatrix {
    /** Output columns are handled in panels of this many, whatever the width of a vector: two AVX-512 vectors of floats. */
    public static final int PANEL = 32;

    private final int inFeatures;
    private final int outFeatures;
    private final float[] bias;

    PackedMatrix(int inFeatures, int outFeatures) {
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        this.bias = new float[roundUpToPanel(outFeatures)];
    }

    /** K: the length of a row that is multiplied. */
    public final int inFeatures() {
        return inFeatures;
    }

    /** N: the length of a row that comes out. */
    public final int outFeatures() {
        return outFeatures;
    }

    /** The memory that weights and bias take, in bytes. */
    public final long bytes() {
        return Float.BYTES * ((long) inFeatures * outFeatures + bias.length);
    }

    /** The bias, zero beyond {@link #outFeatures()}; not a copy. */
    final float[] bias() {
        return bias;
    }

    /**
     * The weights of {@code count} inputs, from input {@code first} on: for each an array with its weight for every output. Only
     * to be read, and until the scratch is used again.
     */
    abstract float[][] byInput(int first, int count, Scratch scratch);

    /** Sets the bias of the outputs from {@code firstOut} on. */
    public final void setBias(int firstOut, float[] values, int offset, int count) {
        System.arraycopy(values, offset, bias, firstOut, count);
    }

    /**
     * Sets the weights of some outputs.
     *
     * @param firstOut the first output column
     * @param weights W, row-major: one row of {@link #inFeatures()} weights an output
     * @param offset where the first row begins
     * @param count how many outputs
     */
    public abstract void setRows(int firstOut, float[] weights, int offset, int count);

    /** The least multiple of {@link #PANEL} that is not below {@code columns}. */
    public static int roundUpToPanel(int columns) {
        return Math.addExact(columns, PANEL - 1) / PANEL * PANEL;
    }
}
