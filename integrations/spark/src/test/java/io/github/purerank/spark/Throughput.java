package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures pairs per second in this process and in executors; the script {@code bench} runs it. */
final class Throughput {
    /** Enough that two executors end at about the same time. */
    private static final int PARTITIONS = 16;

    private final int rounds;
    private final ModelSource source;
    private final List<TextPair> pairs;

    private Throughput(int pairCount, int rounds, ModelSource source) {
        this.rounds = rounds;
        this.source = source;
        this.pairs = pairs(pairCount);
    }

    /** Prints a table. */
    public static void main(String[] arguments) throws Exception {
        int pairCount = 2000;
        int rounds = 5;
        ModelSource source = ModelSource.inJar();
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--pairs" -> pairCount = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--model" ->
                    source = ModelSource.directory(
                            Path.of(value).toAbsolutePath().toString());
                default -> throw new IllegalArgumentException("no option " + arguments[i]);
            }
        }
        new Throughput(pairCount, rounds, source).print();
    }

    private void print() throws Exception {
        double inProcess = inProcess();
        double one = inExecutors(1);
        double two = inExecutors(2);
        System.out.printf(
                Locale.ROOT,
                """
                %s, %d processors, Java %s, Spark %s; %s; %d pairs of %.0f tokens on average, the median of %d rounds.

                | | pairs per second | |
                |---|---|---|
                | `predict`, one thread | %.1f | |
                | Spark, 1 executor of 1 core | %.1f | %.0f %% of `predict` |
                | Spark, 2 executors of 1 core | %.1f | scaling efficiency %.0f %%: of twice 1 executor |
                """,
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                source.kind() == ModelSource.Kind.IN_JAR
                        ? "the model in the jar"
                        : "model " + Path.of(source.name()).getFileName(),
                pairs.size(),
                meanTokens(),
                rounds,
                inProcess,
                one,
                100 * one / inProcess,
                two,
                100 * two / (2 * one));
    }

    private double inProcess() throws IOException {
        try (CrossEncoder model = source.load(LoadOptions.defaults().withThreads(1))) {
            return pairsPerSecond(() -> model.predict(pairs));
        }
    }

    private double inExecutors(int executors) throws Exception {
        SparkSession session = TestSpark.cluster(executors).getOrCreate();
        try {
            TestSpark.awaitExecutors(session, executors);
            Dataset<Row> scored = PureRank.score(
                    TestSpark.rows(session, pairs, PARTITIONS),
                    "query",
                    "passage",
                    PureRankOptions.defaults().withModel(source));
            return pairsPerSecond(
                    () -> scored.write().format("noop").mode("overwrite").save());
        } finally {
            session.stop();
        }
    }

    /** The median, after one round that does not count. */
    private double pairsPerSecond(Runnable round) {
        round.run();
        double[] rates = new double[rounds];
        for (int r = 0; r < rounds; r++) {
            long begin = System.nanoTime();
            round.run();
            rates[r] = pairs.size() * 1e9 / (System.nanoTime() - begin);
        }
        Arrays.sort(rates);
        return rates[rounds / 2];
    }

    private double meanTokens() throws IOException {
        try (CrossEncoder model = source.load(LoadOptions.defaults().withThreads(1))) {
            long tokens = 0;
            for (TextPair pair : pairs) {
                tokens += model.tokenize(pair, 0).size();
            }
            return (double) tokens / pairs.size();
        }
    }

    /** Lengths like those of jmh's rerank-100: exp(4.43 + 0.5 z) tokens with z normally distributed, 25 to 250. */
    private static List<TextPair> pairs(int count) {
        Random random = new Random(7);
        List<TextPair> pairs = new ArrayList<>();
        while (pairs.size() < count) {
            int tokens = (int) Math.exp(4.43 + 0.5 * random.nextGaussian());
            if (tokens >= 25 && tokens <= 250) {
                // Eight of them are the query's, three are special.
                pairs.add(new TextPair(TestSpark.text(random, 8), TestSpark.text(random, tokens - 11)));
            }
        }
        return pairs;
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (Files.isReadable(file)) {
            try (Stream<String> lines = Files.lines(file)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            }
        }
        return System.getProperty("os.arch");
    }
}
