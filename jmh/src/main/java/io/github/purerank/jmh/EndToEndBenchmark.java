package io.github.purerank.jmh;

import io.github.purerank.TextPair;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The same from texts: tokenising and computing all pairs of a workload. The peer of PureRank's tokenizer is Hugging Face's own, by
 * JNI.
 */
public class EndToEndBenchmark extends EngineBenchmark {
    /** See {@link Workload}. */
    @Param({"pair-128", "rerank-100"})
    public String workload;

    private List<TextPair> pairs;

    @Override
    void prepare() throws IOException {
        pairs = Workload.pairs(workload);
    }

    /** From texts. */
    @Benchmark
    public float[] fromTexts() throws IOException {
        return running.scoreTexts(pairs);
    }
}
