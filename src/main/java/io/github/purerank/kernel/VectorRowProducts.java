package io.github.purerank.kernel;

import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowProducts} on the Vector API. Memory is what they wait for: a row is read once for a product. Four rows at a time keep
 * enough multiply-adds under way that the chain of one does not count. Vectors that are narrower than the 16 partial sums go over the
 * four rows, a few kilobytes in the first-level cache, once for each part of the sums.
 */
final class VectorRowProducts implements RowProducts {
    private static final int SUMS = ScalarKernels.LANES;
    private static final int ROWS = 4;

    /** As many bytes as there are floats in a vector. There are no vectors of 4 bytes: for those the plain loops are used. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

    private final ScalarRowProducts scalar = new ScalarRowProducts();

    @Override
    public void products(float[] vector, float[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        float[] sums = new float[ROWS * SUMS];
        int i = 0;
        for (; i + ROWS <= rowCount; i += ROWS) {
            int row = at + i * stride;
            for (int l = 0; l < SUMS; l += LANES) {
                fourRows(vector, rows, row, stride, l, sums);
            }
            addUp(sums, out, outAt + i);
        }
        scalar.products(vector, rows, at + i * stride, stride, rowCount - i, out, outAt + i);
    }

    private static void fourRows(float[] vector, float[] rows, int row, int stride, int part, float[] sums) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        FloatVector sum2 = FloatVector.zero(SPECIES);
        FloatVector sum3 = FloatVector.zero(SPECIES);
        int row1 = row + stride;
        int row2 = row1 + stride;
        int row3 = row2 + stride;
        for (int k = part; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            sum0 = FloatVector.fromArray(SPECIES, rows, row + k).fma(v, sum0);
            sum1 = FloatVector.fromArray(SPECIES, rows, row1 + k).fma(v, sum1);
            sum2 = FloatVector.fromArray(SPECIES, rows, row2 + k).fma(v, sum2);
            sum3 = FloatVector.fromArray(SPECIES, rows, row3 + k).fma(v, sum3);
        }
        sum0.intoArray(sums, part);
        sum1.intoArray(sums, SUMS + part);
        sum2.intoArray(sums, 2 * SUMS + part);
        sum3.intoArray(sums, 3 * SUMS + part);
    }

    @Override
    public void products(float[] vector, byte[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        float[] sums = new float[ROWS * SUMS];
        int i = 0;
        for (; LANES >= 8 && i + ROWS <= rowCount; i += ROWS) {
            int row = at + i * stride;
            for (int l = 0; l < SUMS; l += LANES) {
                fourRows(vector, rows, row, stride, l, sums);
            }
            addUp(sums, out, outAt + i);
        }
        scalar.products(vector, rows, at + i * stride, stride, rowCount - i, out, outAt + i);
    }

    /** A small whole number is the same number as a float: the conversion rounds nothing. */
    private static void fourRows(float[] vector, byte[] rows, int row, int stride, int part, float[] sums) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        FloatVector sum2 = FloatVector.zero(SPECIES);
        FloatVector sum3 = FloatVector.zero(SPECIES);
        int row1 = row + stride;
        int row2 = row1 + stride;
        int row3 = row2 + stride;
        for (int k = part; k < stride; k += SUMS) {
            FloatVector v = FloatVector.fromArray(SPECIES, vector, k);
            FloatVector x0 = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector x1 = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row1 + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector x2 = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row2 + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector x3 = (FloatVector)
                    ByteVector.fromArray(BYTES, rows, row3 + k).convertShape(VectorOperators.B2F, SPECIES, 0);
            sum0 = x0.fma(v, sum0);
            sum1 = x1.fma(v, sum1);
            sum2 = x2.fma(v, sum2);
            sum3 = x3.fma(v, sum3);
        }
        sum0.intoArray(sums, part);
        sum1.intoArray(sums, SUMS + part);
        sum2.intoArray(sums, 2 * SUMS + part);
        sum3.intoArray(sums, 3 * SUMS + part);
    }

    private static void addUp(float[] sums, float[] out, int at) {
        for (int r = 0; r < ROWS; r++) {
            out[at + r] = ScalarKernels.sumOfLanes(sums, r * SUMS);
        }
    }
}
