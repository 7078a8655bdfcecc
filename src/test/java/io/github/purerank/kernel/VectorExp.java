package io.github.purerank.kernel;

import jdk.incubator.vector.FloatVector;

/** Reaches {@link VectorMath#expNotAboveZero}, which no operation of the kernels applies by itself. */
final class VectorExp {
    private VectorExp() {}

    /** e^x for each of the numbers, which are not above 0. */
    static float[] apply(float[] x) {
        float[] padded = new float[(x.length + VectorMath.LANES - 1) / VectorMath.LANES * VectorMath.LANES];
        System.arraycopy(x, 0, padded, 0, x.length);
        for (int i = 0; i < padded.length; i += VectorMath.LANES) {
            VectorMath.expNotAboveZero(FloatVector.fromArray(VectorMath.SPECIES, padded, i))
                    .intoArray(padded, i);
        }
        return padded;
    }
}
