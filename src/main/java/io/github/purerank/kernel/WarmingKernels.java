package io.github.purerank.kernel;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Plain loops until the vector kernels are compiled, the vector kernels from then on; over the same packed weights and with
 * the same bits.
 *
 * <p>Code on the Vector API is a thousand times slower while the JVM interprets it than when it is compiled, and it takes a
 * second or so of calls until it is. Plain loops are compiled within milliseconds. {@code warmUp} calls the vector kernels on
 * small matrices until they are faster than the plain loops; where they never are, as in a JVM whose compiler does not know
 * them, it stays with plain loops.
 */
final class WarmingKernels implements Kernels {
    /** That is a fact about the JVM, not about an instance. */
    private static final AtomicReference<WarmUp.Progress> JVM_PROGRESS = new AtomicReference<>(WarmUp.Progress.COLD);

    private final AtomicReference<WarmUp.Progress> progress;
    private final long longestWarmUpNanos;
    private final VectorKernels vector = new VectorKernels();
    private final ScalarKernels scalar = new ScalarKernels();

    WarmingKernels() {
        this(JVM_PROGRESS, WarmUp.LONGEST_NANOS);
    }

    WarmingKernels(AtomicReference<WarmUp.Progress> progress, long longestWarmUpNanos) {
        this.progress = progress;
        this.longestWarmUpNanos = longestWarmUpNanos;
    }

    private Kernels current() {
        return progress.get() == WarmUp.Progress.WARM ? vector : scalar;
    }

    /** Those that compute, or will when they are warm. */
    @Override
    public String name() {
        return progress.get() == WarmUp.Progress.GIVEN_UP
                ? scalar.name() + " (vector code is slower than that in this JVM)"
                : vector.name();
    }

    @Override
    public PackedMatrix allocate(int inFeatures, int outFeatures) {
        return vector.allocate(inFeatures, outFeatures);
    }

    @Override
    public void warmUp(Set<Elementwise> functions) throws InterruptedException {
        Rehearsal rehearsal = new Rehearsal(vector, functions);
        // While it is not warm, "this" is the plain loops.
        WarmUp.run(progress, longestWarmUpNanos, () -> rehearsal.nanos(vector), () -> rehearsal.nanos(this));
    }

    @Override
    public RowProducts rowProducts() {
        return new WarmingRowProducts();
    }

    @Override
    public void linear(
            Matrix in,
            int inRow,
            int rowCount,
            PackedMatrix weight,
            ColumnRange columns,
            Matrix out,
            int outRow,
            Scratch scratch) {
        current().linear(in, inRow, rowCount, weight, columns, out, outRow, scratch);
    }

    @Override
    public void attention(
            AttentionHeads heads,
            Matrix queries,
            int queryRow,
            int queryCount,
            Matrix keysAndValues,
            int keyRow,
            int keyCount,
            Matrix context,
            int contextRow,
            Scratch scratch) {
        current()
                .attention(
                        heads,
                        queries,
                        queryRow,
                        queryCount,
                        keysAndValues,
                        keyRow,
                        keyCount,
                        context,
                        contextRow,
                        scratch);
    }

    @Override
    public void layerNorm(
            Matrix x, int row, int rowCount, float[] weight, float[] bias, float epsilon, Scratch scratch) {
        current().layerNorm(x, row, rowCount, weight, bias, epsilon, scratch);
    }

    @Override
    public void add(Matrix x, int xRow, Matrix y, int yRow, int rowCount) {
        current().add(x, xRow, y, yRow, rowCount);
    }

    @Override
    public void apply(Elementwise function, Matrix x, int row, int rowCount) {
        current().apply(function, x, row, rowCount);
    }

    /** A small run of every operation that a model needs. */
    private static final class Rehearsal {
        /** Together these have tiles of every height. */
        private static final int[] ROW_COUNTS = {23, 19};

        private static final int ROWS = 23;
        /** Short loops: a compiler counts calls as well as turns. */
        private static final int COLUMNS = 32;
        /** How often the operations that are one call each are run. */
        private static final int CALLS = 4;

        private final AttentionHeads heads = new AttentionHeads(1, COLUMNS, 0, COLUMNS, 2 * COLUMNS);
        private final Matrix in = new Matrix(ROWS, 3 * COLUMNS);
        private final Matrix out = new Matrix(ROWS, COLUMNS);
        private final float[] ones = new float[COLUMNS];
        private final PackedMatrix weight;
        private final Scratch scratch;
        private final Elementwise[] functions;

        Rehearsal(VectorKernels kernels, Set<Elementwise> functions) {
            this.weight = kernels.allocate(COLUMNS, COLUMNS);
            this.scratch = kernels.newScratch();
            this.functions = functions.toArray(new Elementwise[0]);
            Arrays.fill(ones, 1f);
        }

        /** How long it took. */
        long nanos(Kernels kernels) {
            long begin = System.nanoTime();
            for (int rows : ROW_COUNTS) {
                kernels.linear(in, 0, rows, weight, ColumnRange.all(COLUMNS), out, 0, scratch);
            }
            for (int call = 0; call < CALLS; call++) {
                kernels.attention(heads, in, 0, ROWS, in, 0, ROWS, out, 0, scratch);
                kernels.layerNorm(out, 0, ROWS, ones, ones, 1f, scratch);
                kernels.add(out, 0, out, 0, ROWS);
                for (Elementwise function : functions) {
                    kernels.apply(function, out, 0, ROWS);
                }
            }
            return System.nanoTime() - begin;
        }
    }
}
