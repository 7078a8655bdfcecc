package io.github.purerank.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

/** What benchmarks of the whole model have in common: an engine, its threads, and how it is measured. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class EngineBenchmark {
    /** What runs the model. */
    @Param({"purerank", "onnxruntime", "onnxruntime-int8", "djl"})
    public String engine;

    /** Threads for the computation. */
    @Param({"1", "2"})
    public int threads;

    /** The engine. */
    Engine running;

    /** Loads the model. */
    @Setup(Level.Trial)
    public final void start() throws IOException {
        running = Engine.create(engine, threads);
        prepare();
    }

    /** Makes the workload ready. */
    abstract void prepare() throws IOException;

    /** Frees the model. */
    @TearDown(Level.Trial)
    public final void close() throws IOException {
        running.close();
    }
}
