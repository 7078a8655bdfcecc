package io.github.purerank.model;

import io.github.purerank.kernel.ColumnRange;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.kernel.Scratch;

/**
 * Each of N outputs is a sum of the K inputs, each times a learned weight, plus a learned number: y[n] = b[n] + x[0] W[n][0] + x[1]
 * W[n][1] + ... For all rows and outputs at once that is written y = x * W^T + b.
 *
 * @param kernels what computes it
 * @param weight W (N, K) and b (N)
 */
public record Linear(Kernels kernels, PackedMatrix weight) {
    /** The memory of the weights. */
    long bytes() {
        return weight.bytes();
    }

    /** All N columns. */
    ColumnRange columns() {
        return ColumnRange.all(weight.outFeatures());
    }

    /** in (M, K) -> out (M, N). */
    void forward(Matrix in, int inRow, int rowCount, Matrix out, int outRow, Scratch scratch) {
        forward(in, inRow, rowCount, columns(), out, outRow, scratch);
    }

    /** The same for some of the N columns. */
    void forward(Matrix in, int inRow, int rowCount, ColumnRange columns, Matrix out, int outRow, Scratch scratch) {
        kernels.linear(in, inRow, rowCount, weight, columns, out, outRow, scratch);
    }
}
