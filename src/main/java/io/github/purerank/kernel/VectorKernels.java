package io.github.purerank.kernel;

import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/** The kernels on the Vector API; docs/kernels.md explains the packing and each block size. */
final class VectorKernels implements Kernels {
    /**
     * Rows of a product are packed and multiplied in blocks of about this many floats (288 kB): a block stays in the
     * second-level cache while all panels of the weights go past it.
     */
    private static final int BLOCK_FLOATS = 72 * 1024;

    @Override
    public String name() {
        return "vector, " + SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public RowProducts rowProducts() {
        return new VectorRowProducts();
    }

    @Override
    public PackedMatrix allocate(int inFeatures, int outFeatures) {
        return new PanelMatrix(inFeatures, outFeatures);
    }

    @Override
    public void linear(
            Matrix in,
            int inRow,
            int rowCount,
            PackedMatrix weight,
            ColumnRange columns,
            Matrix out,
            int outRow,
            Scratch scratch) {
        PanelMatrix w = (PanelMatrix) weight;
        int inFeatures = w.inFeatures();
        int blockRows =
                Math.min(rowCount, Math.max(1, BLOCK_FLOATS / inFeatures / VectorTiles.TALLEST) * VectorTiles.TALLEST);
        float[] strips = scratch.strips(blockRows * inFeatures);
        for (int m = 0; m < rowCount; m += blockRows) {
            int rows = Math.min(blockRows, rowCount - m);
            VectorTiles.pack(in.data(), in.at(inRow + m), in.stride(), rows, inFeatures, strips);
            for (int n = columns.from(); n < columns.to(); n += PackedMatrix.PANEL) {
                VectorTiles.multiply(
                        strips,
                        rows,
                        inFeatures,
                        w.panels(),
                        w.panelAt(n),
                        w.bias(),
                        n,
                        out.data(),
                        out.at(outRow + m) + n,
                        out.stride());
            }
        }
    }

    @Override
    public void attention(
            AttentionHeads heads,
            Matrix queries,
            int queryRow,
            int queryCount,
            Matrix keysAndValues,
            int keyRow,
            int keyCount,
            Matrix context,
            int contextRow,
            Scratch scratch) {
        VectorAttention.attention(
                heads, queries, queryRow, queryCount, keysAndValues, keyRow, keyCount, context, contextRow, scratch);
    }

    @Override
    public void layerNorm(
            Matrix x, int row, int rowCount, float[] weight, float[] bias, float epsilon, Scratch scratch) {
        for (int m = 0; m < rowCount; m++) {
            layerNorm(x.data(), x.at(row + m), x.columns(), weight, bias, epsilon, scratch.lanes());
        }
    }

    /**
     * One row. Sums have the order of the scalar kernels: partial sum l has the elements l, l + 16, l + 32 and so on.
     *
     * <p>All three passes stand in one method, which makes it larger than what C2 inlines. So it is compiled by itself, and its
     * vectors stay in registers however large its callers grow.
     */
    private static void layerNorm(
            float[] data, int at, int columns, float[] weight, float[] bias, float epsilon, float[] lanes) {
        int whole = columns / ScalarKernels.LANES * ScalarKernels.LANES;
        for (int l = 0; l < ScalarKernels.LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int n = l; n < whole; n += ScalarKernels.LANES) {
                sum = sum.add(FloatVector.fromArray(SPECIES, data, at + n));
            }
            sum.intoArray(lanes, l);
        }
        for (int n = whole; n < columns; n++) {
            lanes[n - whole] += data[at + n];
        }
        float mean = ScalarKernels.sumOfLanes(lanes) / columns;
        FloatVector means = FloatVector.broadcast(SPECIES, mean);
        for (int l = 0; l < ScalarKernels.LANES; l += LANES) {
            FloatVector squares = FloatVector.zero(SPECIES);
            for (int n = l; n < whole; n += ScalarKernels.LANES) {
                FloatVector difference =
                        FloatVector.fromArray(SPECIES, data, at + n).sub(means);
                squares = difference.fma(difference, squares);
            }
            squares.intoArray(lanes, l);
        }
        for (int n = whole; n < columns; n++) {
            float difference = data[at + n] - mean;
            lanes[n - whole] = Math.fma(difference, difference, lanes[n - whole]);
        }
        float inverse = ScalarKernels.inverseDeviation(ScalarKernels.sumOfLanes(lanes) / columns, epsilon);
        FloatVector inverses = FloatVector.broadcast(SPECIES, inverse);
        int n = 0;
        for (; n + LANES <= columns; n += LANES) {
            FloatVector centred = FloatVector.fromArray(SPECIES, data, at + n).sub(means);
            FloatVector w = FloatVector.fromArray(SPECIES, weight, n);
            FloatVector b = FloatVector.fromArray(SPECIES, bias, n);
            centred.mul(inverses).fma(w, b).intoArray(data, at + n);
        }
        for (; n < columns; n++) {
            data[at + n] = Math.fma((data[at + n] - mean) * inverse, weight[n], bias[n]);
        }
    }

    @Override
    public void add(Matrix x, int xRow, Matrix y, int yRow, int rowCount) {
        // Rows of both are padded alike, so the padding is added with the rest.
        float[] a = x.data();
        float[] b = y.data();
        int to = x.at(xRow + rowCount);
        for (int i = x.at(xRow), j = y.at(yRow); i < to; i += LANES, j += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .add(FloatVector.fromArray(SPECIES, b, j))
                    .intoArray(a, i);
        }
    }

    @Override
    public void apply(Elementwise function, Matrix x, int row, int rowCount) {
        float[] data = x.data();
        int from = x.at(row);
        int to = x.at(row + rowCount);
        switch (function) {
            case GELU -> VectorMath.gelu(data, from, to);
            case GELU_TANH -> VectorMath.geluTanh(data, from, to);
            case RELU -> VectorMath.relu(data, from, to);
            case TANH -> VectorMath.tanh(data, from, to);
        }
    }
}
