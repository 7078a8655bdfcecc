package io.github.purerank.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The whole model, PureRank beside ONNX Runtime with the same weights: time for all pairs of a workload, from token ids. */
public class ScoringBenchmark extends EngineBenchmark {
    /** See {@link Workload}. */
    @Param({"pair-32", "pair-128", "pair-512", "batch-64", "rerank-100"})
    public String workload;

    @Override
    void prepare() throws IOException {
        running.prepare(Workload.pairs(workload));
    }

    /** From token ids. */
    @Benchmark
    public float[] fromIds() throws IOException {
        return running.scorePrepared();
    }
}
