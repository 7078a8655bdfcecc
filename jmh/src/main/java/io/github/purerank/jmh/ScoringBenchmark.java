package io.github.purerank.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The whole model, PureRank beside ONNX Runtime with the same weights: time for all pairs of a workload, from token ids. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ScoringBenchmark {
    /** What runs the model. */
    @Param({"purerank", "onnxruntime", "onnxruntime-int8"})
    public String engine;

    /** See {@link Workload}. */
    @Param({"pair-32", "pair-128", "pair-512", "batch-64", "rerank-100"})
    public String workload;

    /** Threads for the computation. */
    @Param({"1", "2"})
    public int threads;

    private Engine running;

    /** Loads the model and tokenises the pairs. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        running = Engine.create(engine, threads);
        running.prepare(Workload.pairs(workload));
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        running.close();
    }

    /** From token ids. */
    @Benchmark
    public float[] fromIds() throws IOException {
        return running.scorePrepared();
    }
}
