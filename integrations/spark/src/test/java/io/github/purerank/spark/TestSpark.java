package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sessions without web pages and without traces in the tree, and rows for them. */
final class TestSpark {
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("query", DataTypes.StringType)
            .add("passage", DataTypes.StringType);

    /** What the executors run with. */
    static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static final String[] WORDS =
            "how tall is the mountain that people climb every year when snow melts and rivers rise".split(" ");

    private TestSpark() {}

    /** The driver's own JVM is the only executor. */
    static SparkSession.Builder local(int cores) {
        return builder("local[" + cores + "]");
    }

    /** Executors of one core each, in processes of their own. */
    static SparkSession.Builder cluster(int executors) {
        return builder("local-cluster[" + executors + ",1,1024]")
                .config("spark.executor.extraClassPath", CLASS_PATH)
                .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC");
    }

    private static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("PureRank")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1");
    }

    /** The executors' processes: a driver starts no other Java. Their command lines are too long to be looked at for a class. */
    static List<ProcessHandle> executors() {
        try (Stream<ProcessHandle> descendants = ProcessHandle.current().descendants()) {
            return descendants
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .toList();
        }
    }

    /** Waits until so many executors are there. */
    static void awaitExecutors(SparkSession session, int executors) throws InterruptedException {
        // The driver counts as one.
        for (int i = 0; session.sparkContext().statusTracker().getExecutorInfos().length <= executors; i++) {
            if (i == 1200) {
                throw new AssertionError("not all executors are there");
            }
            Thread.sleep(100);
        }
    }

    /** The model in the jar, as a directory, with another activation. */
    static Path otherModel(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            try (InputStream file = CrossEncoder.class.getResourceAsStream("default-model/" + name)) {
                Files.copy(file, directory.resolve(name));
            }
        }
        Path config = directory.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("torch.nn.modules.linear.Identity", "torch.nn.modules.activation.Sigmoid"));
        return directory;
    }

    /** Pairs of words in any order, of 1 to {@code mostWords} words a passage. */
    static List<TextPair> pairs(int count, int mostWords) {
        Random random = new Random(count);
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new TextPair(text(random, 7), text(random, 1 + random.nextInt(mostWords))));
        }
        return pairs;
    }

    static String text(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < words; w++) {
            text.append(w == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    /** Rows with the pairs' indexes as ids, in as many partitions. */
    static Dataset<Row> rows(SparkSession session, List<TextPair> pairs, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            rows.add(RowFactory.create(
                    (long) i, pairs.get(i).query(), pairs.get(i).passage()));
        }
        return inPartitions(session, rows, SCHEMA, partitions);
    }

    static Dataset<Row> inPartitions(SparkSession session, List<Row> rows, StructType schema, int partitions) {
        return session.createDataFrame(
                new JavaSparkContext(session.sparkContext()).parallelize(rows, partitions), schema);
    }

    /** The last column of rows that are still in the order of their ids. */
    static float[] scoresInOrder(List<Row> rows) {
        float[] scores = new float[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            Row row = rows.get(i);
            if (row.getLong(0) != i) {
                throw new AssertionError("row " + i + " is " + row);
            }
            scores[i] = row.getFloat(row.size() - 1);
        }
        return scores;
    }
}
