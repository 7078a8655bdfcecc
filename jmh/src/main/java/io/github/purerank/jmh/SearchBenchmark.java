package io.github.purerank.jmh;

import io.github.purerank.SearchHit;
import io.github.purerank.SemanticIndex;
import io.github.purerank.Similarity;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The exact top ten of a million vectors, and how fast this machine reads memory at all: GB/s are in the row {@code :gigabytes}. The
 * search is as good as it can be where both are the same.
 *
 * <p>The vectors are random ones about random centres, as those of texts lie in clusters. Before 8 bits are measured, their recall of
 * the ten of the floats is printed.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xms4g", "-Xmx4g", "-Dpurerank.kernel=vector"})
public class SearchBenchmark {
    private static final int DIMENSION = 384;
    private static final int CENTRES = 5000;
    private static final float SPREAD = 0.7f;
    private static final int RECALL_QUERIES = 50;
    private static final int TOP_K = 10;

    /** Counts memory that is read. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        /** 10^9 bytes. */
        public double gigabytes;
    }

    /** An index. */
    @State(Scope.Benchmark)
    public static class Index {
        /** How vectors are kept. */
        @Param({"FLOAT", "INT8"})
        public SemanticIndex.Storage storage;

        /** How many there are. */
        @Param("1000000")
        public int count;

        private SemanticIndex index;
        private float[][] queries;
        private int next;
        private double gigabytes;

        /** Fills it. */
        @Setup(Level.Trial)
        public void fill() {
            float[][] centres = new float[CENTRES][];
            Random random = new Random(1);
            for (int c = 0; c < CENTRES; c++) {
                centres[c] = gaussian(random);
            }
            index = filled(storage, centres);
            gigabytes = (double) count * DIMENSION * (storage == SemanticIndex.Storage.FLOAT ? 4 : 1) / 1e9;
            queries = new float[RECALL_QUERIES][];
            for (int q = 0; q < RECALL_QUERIES; q++) {
                queries[q] = about(centres, random);
            }
            if (storage == SemanticIndex.Storage.INT8) {
                try (SemanticIndex floats = filled(SemanticIndex.Storage.FLOAT, centres)) {
                    System.out.println("recall@10 of 8 bits against floats: " + recall(floats));
                }
            }
        }

        private SemanticIndex filled(SemanticIndex.Storage kept, float[][] centres) {
            SemanticIndex.Builder builder = SemanticIndex.builder(DIMENSION, kept, Similarity.COSINE);
            Random random = new Random(2);
            for (int i = 0; i < count; i++) {
                builder.add(about(centres, random));
            }
            return builder.build();
        }

        private double recall(SemanticIndex floats) {
            int found = 0;
            List<List<SearchHit>> expected = floats.searchAll(queries, TOP_K);
            List<List<SearchHit>> rounded = index.searchAll(queries, TOP_K);
            for (int q = 0; q < RECALL_QUERIES; q++) {
                Set<Integer> best = new HashSet<>();
                expected.get(q).forEach(hit -> best.add(hit.index()));
                for (SearchHit hit : rounded.get(q)) {
                    found += best.contains(hit.index()) ? 1 : 0;
                }
            }
            return found / (double) (TOP_K * RECALL_QUERIES);
        }

        private static float[] about(float[][] centres, Random random) {
            float[] vector = gaussian(random);
            float[] centre = centres[random.nextInt(CENTRES)];
            for (int k = 0; k < DIMENSION; k++) {
                vector[k] = centre[k] + SPREAD * vector[k];
            }
            return vector;
        }

        private static float[] gaussian(Random random) {
            float[] vector = new float[DIMENSION];
            for (int k = 0; k < DIMENSION; k++) {
                vector[k] = (float) random.nextGaussian();
            }
            return vector;
        }
    }

    /** As much memory as a million vectors of floats, and nothing to do with it but to read it. */
    @State(Scope.Benchmark)
    public static class Memory {
        private final long[][] arrays = new long[366][1 << 19];
    }

    /** The top ten for one query. */
    @Benchmark
    public List<SearchHit> search(Index state, Work work) {
        work.gigabytes += state.gigabytes;
        state.next = (state.next + 1) % RECALL_QUERIES;
        return state.index.search(state.queries[state.next], TOP_K);
    }

    /** Reads with as many threads: sums of whole numbers, which are computed faster than they come. */
    @Benchmark
    public long readMemory(Memory memory, Work work) {
        work.gigabytes += memory.arrays.length * 8.0 * memory.arrays[0].length / 1e9;
        return IntStream.range(0, memory.arrays.length)
                .parallel()
                .mapToLong(i -> sum(memory.arrays[i]))
                .sum();
    }

    /** Four sums, so that none waits for another. */
    private static long sum(long[] array) {
        long sum0 = 0;
        long sum1 = 0;
        long sum2 = 0;
        long sum3 = 0;
        for (int i = 0; i < array.length; i += 4) {
            sum0 += array[i];
            sum1 += array[i + 1];
            sum2 += array[i + 2];
            sum3 += array[i + 3];
        }
        return sum0 + sum1 + sum2 + sum3;
    }
}
