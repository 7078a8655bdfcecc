package io.github.purerank.kernel;

/** e^x alone, which no operation of the kernels applies by itself. */
final class VectorExp {
    private VectorExp() {}

    /** e^x for each of the numbers, which are not above 0. */
    static float[] apply(float[] x) {
        int rows = (x.length + VectorMath.LANES - 1) / VectorMath.LANES;
        float[] padded = new float[rows * VectorMath.LANES];
        System.arraycopy(x, 0, padded, 0, x.length);
        VectorMath.expAndSum(
                padded, 0, VectorMath.LANES, rows, new float[VectorMath.LANES], new float[VectorMath.LANES], 0);
        return padded;
    }
}
