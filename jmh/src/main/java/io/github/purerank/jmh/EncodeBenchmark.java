package io.github.purerank.jmh;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.github.purerank.LoadOptions;
import io.github.purerank.SentenceEncoder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * Vectors of texts by all-MiniLM-L6-v2, PureRank beside LangChain4j's in-process model of the same artifact (ONNX Runtime and Hugging
 * Face's tokenizer, both native). Both get all processors: LangChain4j an executor of so many threads, as it has by default.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class EncodeBenchmark {
    /** What encodes. */
    @Param({"purerank", "langchain4j"})
    public String engine;

    /** {@code short}: one sentence of a dozen tokens. {@code mixed-1000}: texts of 8 to 250 tokens. */
    @Param({"short", "mixed-1000"})
    public String workload;

    private List<String> texts;
    private List<TextSegment> segments;
    private SentenceEncoder pureRank;
    private EmbeddingModel langChain;
    private ExecutorService executor;

    /** Loads the model and makes the texts. */
    @Setup(Level.Trial)
    public void start() throws IOException {
        texts = Workload.texts(workload);
        if (engine.equals("purerank")) {
            pureRank = SentenceEncoder.load(MiniLm.sentences(), LoadOptions.defaults());
        } else {
            executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
            langChain = new AllMiniLmL6V2EmbeddingModel(executor);
            segments = texts.stream().map(TextSegment::from).toList();
        }
    }

    /** Encodes all texts of the workload. */
    @Benchmark
    public Object encode() {
        return pureRank != null ? pureRank.encode(texts) : langChain.embedAll(segments).content();
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() {
        if (pureRank != null) {
            pureRank.close();
        }
        if (executor != null) {
            executor.shutdown();
        }
    }
}
