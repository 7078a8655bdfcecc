package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowProductsTest {
    private static final int[] DIMENSIONS = {1, 8, 15, 16, 17, 33, 384};
    private static final int[] ROW_COUNTS = {0, 1, 3, 4, 5, 9};

    private interface Case {
        void run(int dimension, int stride, int rowCount, Random random);
    }

    private static void forEachSize(Case test) {
        for (int dimension : DIMENSIONS) {
            for (int rowCount : ROW_COUNTS) {
                test.run(dimension, RowProducts.stride(dimension), rowCount, new Random(dimension * 31L + rowCount));
            }
        }
    }

    private static float[] vector(int dimension, int stride, Random random) {
        float[] vector = new float[stride];
        for (int k = 0; k < dimension; k++) {
            vector[k] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** Against double precision, and the same bits from all kernels; nothing is written beside the results. */
    @Test
    void floats() {
        forEachSize((dimension, stride, rowCount, random) -> {
            float[] vector = vector(dimension, stride, random);
            float[] rows = new float[5 + rowCount * stride];
            for (int i = 0; i < rowCount; i++) {
                System.arraycopy(vector(dimension, stride, random), 0, rows, 5 + i * stride, stride);
            }
            float[] expected = null;
            for (Kernels kernels : TestKernels.all()) {
                float[] out = new float[rowCount + 3];
                Arrays.fill(out, -7f);
                kernels.rowProducts().products(vector, rows, 5, stride, rowCount, out, 2);
                for (int i = 0; i < rowCount; i++) {
                    double exact = 0;
                    for (int k = 0; k < dimension; k++) {
                        exact += (double) vector[k] * rows[5 + i * stride + k];
                    }
                    assertEquals(exact, out[2 + i], 1e-4, kernels.name());
                }
                assertEquals(-7f, out[1]);
                assertEquals(-7f, out[2 + rowCount]);
                expected = expected == null ? out : expected;
                assertArrayEquals(expected, out, kernels.name() + ", " + dimension + ", " + rowCount);
            }
        });
    }

    @Test
    void bytes() {
        forEachSize((dimension, stride, rowCount, random) -> {
            float[] vector = vector(dimension, stride, random);
            byte[] rows = new byte[5 + rowCount * stride];
            random.nextBytes(rows);
            float[] expected = null;
            for (Kernels kernels : TestKernels.all()) {
                float[] out = new float[rowCount + 3];
                kernels.rowProducts().products(vector, rows, 5, stride, rowCount, out, 2);
                for (int i = 0; i < rowCount; i++) {
                    double exact = 0;
                    for (int k = 0; k < dimension; k++) {
                        exact += (double) vector[k] * rows[5 + i * stride + k];
                    }
                    assertEquals(exact, out[2 + i], 1e-2, kernels.name());
                }
                expected = expected == null ? out : expected;
                assertArrayEquals(expected, out, kernels.name() + ", " + dimension + ", " + rowCount);
            }
        });
    }

    @Test
    void warmUpEndsWithVectorsOrGivesUp() throws InterruptedException {
        for (Kernels kernels : List.of(TestKernels.scalar(), TestKernels.vector(), new WarmingKernels())) {
            RowProducts products = kernels.rowProducts();
            products.warmUp();
            float[] out = new float[1];
            products.products(
                    new float[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3},
                    new float[] {5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7},
                    0,
                    16,
                    1,
                    out,
                    0);
            assertEquals(31f, out[0]);
        }
    }
}
