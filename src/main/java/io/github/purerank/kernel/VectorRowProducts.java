package io.github.purerank.kernel;

import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowProducts} on the Vector API. Rows of floats are waited for, so a row is read from its beginning to its end before the next:
 * processors fetch ahead along one such stream, and hardly along several. The chain of a row's multiply-adds does not count, for the
 * next row's begins before it has ended. With vectors of 256 bits the 16 partial sums are two vectors, which take turns.
 *
 * <p>Rows of bytes come four times as fast, and it is the multiply-adds that are waited for: where a row's are one chain, four rows
 * go side by side.
 */
final class VectorRowProducts implements RowProducts {
    private static final int SUMS = ScalarKernels.LANES;

    /** Rows of bytes: with four the latency of a multiply-add is hidden. */
    private static final int ROWS_AT_ONCE = 4;

    /** As many bytes as there are floats in a vector. There are no vectors of 4 bytes: for those the plain loops are used. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

    private final ScalarRowProducts scalar = new ScalarRowProducts();

    @Override
    public void products(float[] vector, float[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        float[] sums = new float[SUMS];
        for (int i = 0; i < rowCount; i++) {
            int row = at + i * stride;
            switch (LANES) {
                case 16 -> wide(vector, rows, row, stride, sums);
                case 8 -> half(vector, rows, row, stride, sums);
                default -> inParts(vector, rows, row, stride, sums);
            }
            out[outAt + i] = ScalarKernels.sumOfLanes(sums);
        }
    }

    private static void wide(float[] vector, float[] rows, int row, int stride, float[] sums) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            sum = FloatVector.fromArray(SPECIES, rows, row + k).fma(v, sum);
        }
        sum.intoArray(sums, 0);
    }

    private static void half(float[] vector, float[] rows, int row, int stride, float[] sums) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            low = FloatVector.fromArray(SPECIES, rows, row + k).fma(v, low);
            FloatVector w = FloatVector.fromArray(SPECIES, vector, k + SUMS / 2);
            high = FloatVector.fromArray(SPECIES, rows, row + k + SUMS / 2).fma(w, high);
        }
        low.intoArray(sums, 0);
        high.intoArray(sums, SUMS / 2);
    }

    private static void inParts(float[] vector, float[] rows, int row, int stride, float[] sums) {
        for (int part = 0; part < SUMS; part += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int k = part; k < stride; k += SUMS) {
                FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
                sum = FloatVector.fromArray(SPECIES, rows, row + k).fma(v, sum);
            }
            sum.intoArray(sums, part);
        }
    }

    /** A small whole number is the same number as a float: the conversion rounds nothing. */
    @Override
    public void products(float[] vector, byte[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        if (LANES < 8) {
            scalar.products(vector, rows, at, stride, rowCount, out, outAt);
            return;
        }
        float[] sums = new float[ROWS_AT_ONCE * SUMS];
        int i = 0;
        if (LANES == 16) {
            for (; i + ROWS_AT_ONCE <= rowCount; i += ROWS_AT_ONCE) {
                fourWide(vector, rows, at + i * stride, stride, sums);
                for (int r = 0; r < ROWS_AT_ONCE; r++) {
                    out[outAt + i + r] = ScalarKernels.sumOfLanes(sums, r * SUMS);
                }
            }
        }
        for (; i < rowCount; i++) {
            int row = at + i * stride;
            if (LANES == 16) {
                wide(vector, rows, row, stride, sums);
            } else {
                half(vector, rows, row, stride, sums);
            }
            out[outAt + i] = ScalarKernels.sumOfLanes(sums);
        }
    }

    private static void fourWide(float[] vector, byte[] rows, int row, int stride, float[] sums) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            sum0 = floats(rows, row + k).fma(v, sum0);
            sum1 = floats(rows, row + stride + k).fma(v, sum1);
            sum2 = floats(rows, row + 2 * stride + k).fma(v, sum2);
            sum3 = floats(rows, row + 3 * stride + k).fma(v, sum3);
        }
        sum0.intoArray(sums, 0);
        sum1.intoArray(sums, SUMS);
        sum2.intoArray(sums, 2 * SUMS);
        sum3.intoArray(sums, 3 * SUMS);
    }

    private static FloatVector floats(byte[] bytes, int at) {
        return (FloatVector) ByteVector.fromArray(BYTES, bytes, at).convertShape(VectorOperators.B2F, SPECIES, 0);
    }

    private static void wide(float[] vector, byte[] rows, int row, int stride, float[] sums) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            sum = floats(rows, row + k).fma(v, sum);
        }
        sum.intoArray(sums, 0);
    }

    private static void half(float[] vector, byte[] rows, int row, int stride, float[] sums) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            low = floats(rows, row + k).fma(v, low);
            FloatVector w = FloatVector.fromArray(SPECIES, vector, k + SUMS / 2);
            high = floats(rows, row + k + SUMS / 2).fma(w, high);
        }
        low.intoArray(sums, 0);
        high.intoArray(sums, SUMS / 2);
    }
}
