package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

/** Matrices and comparisons for the tests of the kernels. */
final class TestMatrices {
    /** What stands where nothing has a meaning: if a kernel reads it into a result, the result is wrong. */
    static final float GARBAGE = Float.NaN;

    private TestMatrices() {}

    /** Random numbers from -1 to 1, and NaN in the padding. */
    static Matrix random(Random random, int rows, int columns) {
        Matrix matrix = garbage(rows, columns);
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n++) {
                matrix.data()[matrix.at(m) + n] = 2 * random.nextFloat() - 1;
            }
        }
        return matrix;
    }

    /** NaN everywhere. */
    static Matrix garbage(int rows, int columns) {
        Matrix matrix = new Matrix(rows, columns);
        Arrays.fill(matrix.data(), GARBAGE);
        return matrix;
    }

    static Matrix copy(Matrix matrix) {
        Matrix copy = new Matrix(matrix.rows(), matrix.columns());
        System.arraycopy(matrix.data(), 0, copy.data(), 0, matrix.data().length);
        return copy;
    }

    static float get(Matrix matrix, int row, int column) {
        return matrix.data()[matrix.at(row) + column];
    }

    static float[] randoms(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /** The same bits wherever there is a meaning; any NaN is the same as any other, and +0 is not -0. */
    static void assertSameBits(Matrix expected, Matrix found, String what) {
        for (int m = 0; m < expected.rows(); m++) {
            for (int n = 0; n < expected.columns(); n++) {
                float e = get(expected, m, n);
                float f = get(found, m, n);
                if (Float.floatToIntBits(e) != Float.floatToIntBits(f)) {
                    assertEquals(e, f, what + ", row " + m + ", column " + n);
                }
            }
        }
    }
}
