package io.github.purerank.model;

import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;

/**
 * Gives each row mean 0 and variance 1, then scales and shifts its elements by learned amounts (Ba, Kiros and Hinton 2016). So
 * vectors stay of about one size, however many layers add to them.
 *
 * @param kernels what computes it
 * @param weight the scale (H)
 * @param bias the shift (H)
 * @param epsilon added to the variance
 */
public record LayerNorm(Kernels kernels, float[] weight, float[] bias, float epsilon) {
    /** The memory of the weights. */
    long bytes() {
        return (long) Float.BYTES * (weight.length + bias.length);
    }

    /** x (M, H), in place. */
    void forward(Matrix x, int row, int rowCount, Scratch scratch) {
        kernels.layerNorm(x, row, rowCount, weight, bias, epsilon, scratch);
    }

    /** x = LayerNorm(x + y): what follows each half of an encoder layer. x and y (M, H). */
    void forwardSum(Matrix x, int xRow, Matrix y, int yRow, int rowCount, Scratch scratch) {
        kernels.add(x, xRow, y, yRow, rowCount);
        forward(x, xRow, rowCount, scratch);
    }
}
