package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;

/**
 * Works on each token by itself: widened to I features, bent by the activation function, brought back to H: down(f(up(x))). Without
 * the function the two linear layers would be no more than one. (transformers: BertIntermediate and BertOutput.dense.)
 *
 * @param up H -> I
 * @param activation the function between
 * @param down I -> H
 */
public record FeedForward(Linear up, HiddenActivation activation, Linear down) {
    /** Rows that go through together: their I features stay in the second-level cache from one product to the next. */
    static final int BLOCK_ROWS = 96;

    /** The memory of the weights. */
    long bytes() {
        return up.bytes() + down.bytes();
    }

    /** x (M, H) -> out (M, H), block after block of rows, by way of {@code intermediate} (BLOCK_ROWS, I). */
    void forward(Matrix x, int row, int rowCount, Matrix intermediate, Matrix out, int outRow, Scratch scratch) {
        for (int m = 0; m < rowCount; m += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, rowCount - m);
            up.forward(x, row + m, rows, intermediate, 0, scratch);
            activate(intermediate, 0, rows);
            down.forward(intermediate, 0, rows, out, outRow + m, scratch);
        }
    }

    /** The function between, for rows of intermediate (M, I), in place. */
    void activate(Matrix intermediate, int row, int rowCount) {
        up.kernels().apply(activation.function(), intermediate, row, rowCount);
    }
}
