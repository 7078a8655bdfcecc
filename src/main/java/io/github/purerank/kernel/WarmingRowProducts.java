package io.github.purerank.kernel;

import java.util.concurrent.atomic.AtomicReference;

/** Plain loops until the vector code is compiled, as {@link WarmingKernels}. */
final class WarmingRowProducts implements RowProducts {
    private static final int DIMENSION = 96;
    private static final int ROWS = 64;

    /** That is a fact about the JVM, not about an instance. */
    private static final AtomicReference<WarmUp.Progress> JVM_PROGRESS = new AtomicReference<>(WarmUp.Progress.COLD);

    private final VectorRowProducts vector = new VectorRowProducts();
    private final ScalarRowProducts scalar = new ScalarRowProducts();

    private RowProducts current() {
        return JVM_PROGRESS.get() == WarmUp.Progress.WARM ? vector : scalar;
    }

    @Override
    public void products(float[] v, float[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        current().products(v, rows, at, stride, rowCount, out, outAt);
    }

    @Override
    public void products(float[] v, byte[] rows, int at, int stride, int rowCount, float[] out, int outAt) {
        current().products(v, rows, at, stride, rowCount, out, outAt);
    }

    @Override
    public void warmUp() throws InterruptedException {
        float[] v = new float[DIMENSION];
        float[] floats = new float[ROWS * DIMENSION];
        byte[] bytes = new byte[ROWS * DIMENSION];
        float[] out = new float[ROWS];
        WarmUp.run(
                JVM_PROGRESS,
                WarmUp.LONGEST_NANOS,
                () -> nanos(vector, v, floats, bytes, out),
                () -> nanos(scalar, v, floats, bytes, out));
    }

    private static long nanos(RowProducts products, float[] v, float[] floats, byte[] bytes, float[] out) {
        long begin = System.nanoTime();
        products.products(v, floats, 0, DIMENSION, ROWS, out, 0);
        products.products(v, bytes, 0, DIMENSION, ROWS, out, 0);
        return System.nanoTime() - begin;
    }
}
