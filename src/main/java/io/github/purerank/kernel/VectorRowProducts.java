package io.github.purerank.kernel;

import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowProducts} on the Vector API. Memory is what they wait for, so a row is read from its beginning to its end before the next:
 * processors fetch ahead along one such stream, and hardly along several. The chain of a row's multiply-adds does not count, for the
 * next row's begins before it has ended. With vectors of 256 bits the 16 partial sums are two vectors, which take turns.
 */
final class VectorRowProducts implements RowProducts {
    private static final int SUMS = ScalarKernels.LANES;

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
        float[] sums = new float[SUMS];
        for (int i = 0; i < rowCount; i++) {
            int row = at + i * stride;
            if (LANES == 16) {
                wide(vector, rows, row, stride, sums);
            } else {
                half(vector, rows, row, stride, sums);
            }
            out[outAt + i] = ScalarKernels.sumOfLanes(sums);
        }
    }

    private static void wide(float[] vector, byte[] rows, int row, int stride, float[] sums) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            FloatVector x = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            sum = x.fma(v, sum);
        }
        sum.intoArray(sums, 0);
    }

    private static void half(float[] vector, byte[] rows, int row, int stride, float[] sums) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = FloatVector.zero(SPECIES);
        for (int k = 0; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            FloatVector x = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            low = x.fma(v, low);
            FloatVector w = FloatVector.fromArray(SPECIES, vector, k + SUMS / 2);
            FloatVector y = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row + k + SUMS / 2).convertShape(VectorOperators.B2F, SPECIES, 0);
            high = y.fma(w, high);
        }
        low.intoArray(sums, 0);
        high.intoArray(sums, SUMS / 2);
    }
}
