package io.github.purerank.model;

/** Makes vectors 1 long. */
public final class UnitLength {
    /** Shorter vectors are divided by this, so that 0 stays 0. (torch.nn.functional.normalize, eps.) */
    private static final float SHORTEST = 1e-12f;

    private UnitLength() {}

    /** Divides {@code count} elements by the root of the sum of their squares, which is added up in double precision, in order. */
    public static void normalize(float[] x, int at, int count) {
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += (double) x[i] * x[i];
        }
        float length = Math.max((float) Math.sqrt(sum), SHORTEST);
        for (int i = at; i < at + count; i++) {
            x[i] /= length;
        }
    }
}
