package io.github.purerank.jmh;

import io.github.purerank.TextPair;
import java.io.IOException;
import java.util.List;
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

/**
 * The same from texts: tokenising and computing all pairs of a workload. The peer of PureRank's tokenizer is Hugging Face's own, by
 * JNI.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class EndToEndBenchmark {
    /** What runs the model. */
    @Param({"purerank", "onnxruntime", "onnxruntime-int8"})
    public String engine;

    /** See {@link Workload}. */
    @Param({"pair-128", "rerank-100"})
    public String workload;

    /** Threads for the computation. */
    @Param({"1", "2"})
    public int threads;

    private Engine running;
    private List<TextPair> pairs;

    /** Loads the model. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        running = Engine.create(engine, threads);
        pairs = Workload.pairs(workload);
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        running.close();
    }

    /** From texts. */
    @Benchmark
    public float[] fromTexts() throws IOException {
        return running.scoreTexts(pairs);
    }
}
