package io.github.purerank.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
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
 * What the fixed order of sums costs where it costs most: one row times a matrix in panels, each sum in one chain as
 * docs/numerics.md wants it, and in four chains that are added up in the end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FixedOrderBenchmark {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int PANEL = 32;

    /** Rows of the matrix, K. */
    @Param({"384", "1536"})
    public int inputs;

    /** Columns, N. */
    @Param({"384"})
    public int outputs;

    private float[] row;
    private float[] panels;
    private final float[] sums = new float[PANEL];

    /** Fills both with random numbers. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        row = new float[inputs];
        panels = new float[inputs * outputs];
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextFloat() - 0.5f;
        }
        for (int i = 0; i < panels.length; i++) {
            panels[i] = random.nextFloat() - 0.5f;
        }
    }

    /** As PureRank does. */
    @Benchmark
    public float oneChain() {
        float total = 0;
        for (int panel = 0; panel < panels.length; panel += inputs * PANEL) {
            for (int n = 0; n < PANEL; n += 2 * LANES) {
                FloatVector left = FloatVector.zero(SPECIES);
                FloatVector right = FloatVector.zero(SPECIES);
                for (int k = 0; k < inputs; k++) {
                    int b = panel + k * PANEL + n;
                    FloatVector a = FloatVector.broadcast(SPECIES, row[k]);
                    left = a.fma(FloatVector.fromArray(SPECIES, panels, b), left);
                    right = a.fma(FloatVector.fromArray(SPECIES, panels, b + LANES), right);
                }
                left.intoArray(sums, n);
                right.intoArray(sums, n + LANES);
            }
            total += sums[0];
        }
        return total;
    }

    /** The same work without a fixed order. K is a multiple of 4. */
    @Benchmark
    public float fourChains() {
        float total = 0;
        for (int panel = 0; panel < panels.length; panel += inputs * PANEL) {
            for (int n = 0; n < PANEL; n += 2 * LANES) {
                FloatVector left0 = FloatVector.zero(SPECIES), right0 = left0;
                FloatVector left1 = left0, right1 = left0;
                FloatVector left2 = left0, right2 = left0;
                FloatVector left3 = left0, right3 = left0;
                for (int k = 0; k < inputs; k += 4) {
                    int b = panel + k * PANEL + n;
                    FloatVector a0 = FloatVector.broadcast(SPECIES, row[k]);
                    FloatVector a1 = FloatVector.broadcast(SPECIES, row[k + 1]);
                    FloatVector a2 = FloatVector.broadcast(SPECIES, row[k + 2]);
                    FloatVector a3 = FloatVector.broadcast(SPECIES, row[k + 3]);
                    left0 = a0.fma(FloatVector.fromArray(SPECIES, panels, b), left0);
                    right0 = a0.fma(FloatVector.fromArray(SPECIES, panels, b + LANES), right0);
                    left1 = a1.fma(FloatVector.fromArray(SPECIES, panels, b + PANEL), left1);
                    right1 = a1.fma(FloatVector.fromArray(SPECIES, panels, b + PANEL + LANES), right1);
                    left2 = a2.fma(FloatVector.fromArray(SPECIES, panels, b + 2 * PANEL), left2);
                    right2 = a2.fma(FloatVector.fromArray(SPECIES, panels, b + 2 * PANEL + LANES), right2);
                    left3 = a3.fma(FloatVector.fromArray(SPECIES, panels, b + 3 * PANEL), left3);
                    right3 = a3.fma(FloatVector.fromArray(SPECIES, panels, b + 3 * PANEL + LANES), right3);
                }
                left0.add(left1).add(left2.add(left3)).intoArray(sums, n);
                right0.add(right1).add(right2.add(right3)).intoArray(sums, n + LANES);
            }
            total += sums[0];
        }
        return total;
    }
}
