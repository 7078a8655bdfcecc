package io.github.purerank.jmh;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.load.LoadedModel;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.RaggedBatch;
import io.github.purerank.model.Workspace;
import io.github.purerank.text.Encoding;
import io.github.purerank.trace.Trace;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs that a forward pass can be observed, for one pair and one thread.
 *
 * <p>{@link #unobserved} is the way that scoring takes: no observer is asked for on it. {@link #observedByNobody} calls an observer
 * after every step that does nothing; beyond the calls, it computes the last layer for all tokens, which scoring does not. So the
 * observer costs nothing when unused if {@code unobserved} is at most {@code observedByNobody}, less the last layer's share: 1 / layers.
 * {@link #trace} is what keeping all values costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dpurerank.kernel=vector"})
public class ObserverBenchmark {
    /** Words of the passage. */
    @Param({"20", "200"})
    public int words;

    private TextPair pair;
    private CrossEncoder encoder;
    private CrossEncoderModel network;
    private RaggedBatch batch;
    private Workspace workspace;
    private final float[] logits = new float[1];

    /** Loads the model and lays out the pair. */
    @Setup
    public void load() throws IOException {
        ModelFiles files = ModelLoader.filesIn(MiniLm.directory());
        encoder = CrossEncoder.load(files, LoadOptions.defaults().withThreads(1));
        LoadedModel loaded =
                ModelLoader.load(files, KernelChoice.fromSystemProperty().kernels(), Runnable::run);
        network = loaded.network();
        pair = new TextPair("how tall is everest", "mountain ".repeat(words));
        Encoding encoding = encoder.tokenize(pair, 0);
        batch = new RaggedBatch();
        batch.add(encoding.inputIds(), encoding.tokenTypeIds());
        workspace = network.newWorkspace(encoding.size(), 1);
    }

    /** Ends the model's threads. */
    @TearDown
    public void close() {
        encoder.close();
    }

    /** The pass without an observer. */
    @Benchmark
    public float unobserved() {
        network.forward(batch, workspace, logits, 0);
        return logits[0];
    }

    /** The pass with an observer that looks at nothing. */
    @Benchmark
    public float observedByNobody() {
        network.forwardObserved(batch, workspace, (stage, hidden) -> {}, logits, 0);
        return logits[0];
    }

    /** Tokens, pass, and a copy of every value. */
    @Benchmark
    public Trace trace() {
        return encoder.trace(pair);
    }
}
