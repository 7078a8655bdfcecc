package io.github.purerank.jmh;

import io.github.purerank.kernel.ColumnRange;
import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.kernel.Scratch;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The matrix product alone, and how fast this machine can multiply and add at all: GFLOP/s are in the row {@code :gflop}. The
 * tile of the product holds 24 sums, and so does the calibration.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dpurerank.kernel=vector"})
public class ProductBenchmark {
    /** Counts arithmetic. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        /** 10^9 multiplications and additions. */
        public double gflop;
    }

    /** A product of one shape. */
    @State(Scope.Benchmark)
    public static class Product {
        /** M. */
        @Param({"8", "100", "512", "4000"})
        public int rows;

        /** K x N. */
        @Param({"384x384", "384x1152", "384x1536", "1536x384"})
        public String shape;

        private Kernels kernels;
        private Matrix in;
        private Matrix out;
        private PackedMatrix weight;
        private Scratch scratch;
        private double gflop;

        /** Fills the matrices. */
        @Setup
        public void fill() {
            int inFeatures = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
            int outFeatures = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
            Random random = new Random(1);
            kernels = KernelChoice.fromSystemProperty().kernels();
            in = new Matrix(rows, inFeatures);
            out = new Matrix(rows, outFeatures);
            weight = kernels.allocate(inFeatures, outFeatures);
            scratch = kernels.newScratch();
            for (int i = 0; i < in.data().length; i++) {
                in.data()[i] = random.nextFloat() - 0.5f;
            }
            float[] values = new float[inFeatures * outFeatures];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            weight.setRows(0, values, 0, outFeatures);
            gflop = 2e-9 * rows * inFeatures * outFeatures;
        }
    }

    /** in (M, K) times W^T (K, N). */
    @Benchmark
    public float[] product(Product p, Work work) {
        p.kernels.linear(
                p.in, 0, p.rows, p.weight, ColumnRange.all(p.weight.outFeatures()), p.out, 0, p.scratch);
        work.gflop += p.gflop;
        return p.out.data();
    }

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int TURNS = 100_000;

    /** Fused multiply-adds on registers alone, 24 chains of them. */
    @Benchmark
    public float fmaPeak(Work work) {
        FloatVector a = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector b = FloatVector.broadcast(SPECIES, 1e-3f);
        FloatVector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a;
        FloatVector d0 = b, d1 = b, d2 = b, d3 = b, d4 = b, d5 = b, d6 = b, d7 = b;
        FloatVector e0 = a, e1 = b, e2 = a, e3 = b, e4 = a, e5 = b, e6 = a, e7 = b;
        for (int i = 0; i < TURNS; i++) {
            c0 = a.fma(b, c0);
            c1 = a.fma(b, c1);
            c2 = a.fma(b, c2);
            c3 = a.fma(b, c3);
            c4 = a.fma(b, c4);
            c5 = a.fma(b, c5);
            c6 = a.fma(b, c6);
            c7 = a.fma(b, c7);
            d0 = a.fma(b, d0);
            d1 = a.fma(b, d1);
            d2 = a.fma(b, d2);
            d3 = a.fma(b, d3);
            d4 = a.fma(b, d4);
            d5 = a.fma(b, d5);
            d6 = a.fma(b, d6);
            d7 = a.fma(b, d7);
            e0 = a.fma(b, e0);
            e1 = a.fma(b, e1);
            e2 = a.fma(b, e2);
            e3 = a.fma(b, e3);
            e4 = a.fma(b, e4);
            e5 = a.fma(b, e5);
            e6 = a.fma(b, e6);
            e7 = a.fma(b, e7);
        }
        work.gflop += 2e-9 * 24 * TURNS * SPECIES.length();
        FloatVector c = c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7);
        FloatVector d = d0.add(d1).add(d2).add(d3).add(d4).add(d5).add(d6).add(d7);
        FloatVector e = e0.add(e1).add(e2).add(e3).add(e4).add(e5).add(e6).add(e7);
        return c.add(d).add(e).lane(0);
    }
}
