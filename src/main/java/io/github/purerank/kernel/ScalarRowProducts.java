package io.github.purerank.kernel;

import java.util.Arrays;

/** {@link RowProducts} in plain Java. */
final class ScalarRowProducts implements RowProducts {
    @Override
    public void products(float[] vector, float[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        float[] sums = new float[ScalarKernels.LANES];
        for (int i = 0; i < rowCount; i++) {
            Arrays.fill(sums, 0f);
            int row = at + i * stride;
            for (int k = 0; k < stride; k += ScalarKernels.LANES) {
                for (int l = 0; l < ScalarKernels.LANES; l++) {
                    sums[l] = Math.fma(vector[k + l], rows[row + k + l], sums[l]);
                }
            }
            out[outAt + i] = ScalarKernels.sumOfLanes(sums);
        }
    }

    @Override
    public void products(float[] vector, byte[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        float[] sums = new float[ScalarKernels.LANES];
        for (int i = 0; i < rowCount; i++) {
            Arrays.fill(sums, 0f);
            int row = at + i * stride;
            for (int k = 0; k < stride; k += ScalarKernels.LANES) {
                for (int l = 0; l < ScalarKernels.LANES; l++) {
                    sums[l] = Math.fma(vector[k + l], rows[row + k + l], sums[l]);
                }
            }
            out[outAt + i] = ScalarKernels.sumOfLanes(sums);
        }
    }
}
