package io.github.purerank.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.load.Calibration;
import io.github.purerank.model.ScoreActivation;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In one JVM. */
class PureRankTest {
    private static final PureRankOptions DEFAULTS = PureRankOptions.defaults();

    private static SparkSession session;
    private static CrossEncoder model;

    @BeforeAll
    static void begin() throws Exception {
        session = TestSpark.local(2).getOrCreate();
        model = CrossEncoder.load();
    }

    @AfterAll
    static void end() {
        model.close();
        session.stop();
    }

    @Test
    void addsScoresAndKeepsRowsAndOrder() {
        // More than one slice of a partition.
        List<TextPair> pairs = TestSpark.pairs(300, 40);
        Dataset<Row> scored = PureRank.score(TestSpark.rows(session, pairs, 3), "query", "passage", DEFAULTS);
        assertEquals(TestSpark.SCHEMA.add("score", DataTypes.FloatType, true), scored.schema());
        List<Row> rows = scored.collectAsList();
        assertArrayEquals(model.predict(pairs), TestSpark.scoresInOrder(rows));
        for (int i = 0; i < pairs.size(); i++) {
            assertEquals(
                    pairs.get(i),
                    new TextPair(rows.get(i).getString(1), rows.get(i).getString(2)));
        }
    }

    @Test
    void usesTheOptions() {
        List<TextPair> pairs = TestSpark.pairs(20, 700);
        for (PredictOptions predict : List.of(
                PredictOptions.defaults()
                        .withActivation(ScoreActivation.SIGMOID)
                        .withBatchSize(3),
                PredictOptions.defaults().withMaxLength(20).withPrompt("say: "),
                PredictOptions.defaults()
                        .withLongText(LongText.meanOfTopWindows(2).withStride(100)),
                PredictOptions.defaults().withCalibration(new Calibration(2, -1, 10, 1, 0.5)))) {
            Dataset<Row> scored = PureRank.score(
                    TestSpark.rows(session, pairs, 2), "query", "passage", DEFAULTS.withPredict(predict));
            float[] expected = model.predict(pairs, predict);
            assertFalse(Arrays.equals(expected, model.predict(pairs)), predict.toString());
            assertArrayEquals(expected, TestSpark.scoresInOrder(scored.collectAsList()));
        }
    }

    @Test
    void keepsOtherColumnsOfAnyType() {
        StructType schema = new StructType()
                .add("answer", DataTypes.StringType)
                .add("tags", DataTypes.createArrayType(DataTypes.StringType))
                .add("place", new StructType().add("page", DataTypes.IntegerType))
                .add("price", DataTypes.createDecimalType(10, 2))
                .add("day", DataTypes.DateType)
                .add("Question", DataTypes.StringType);
        Row row = session.sql(
                        "select 'snow melts', array('a', null), named_struct('page', 3), cast(1.5 as decimal(10, 2)),"
                                + " date'2026-11-24', 'when?'")
                .first();
        Row scored = PureRank.score(
                        TestSpark.inPartitions(session, List.of(row), schema, 1),
                        "question",
                        "answer",
                        DEFAULTS.withScoreColumn("relevance"))
                .first();
        for (int c = 0; c < row.size(); c++) {
            assertEquals(row.get(c), scored.get(c));
        }
        assertEquals(
                model.predict(new TextPair("when?", "snow melts")), scored.getFloat(scored.fieldIndex("relevance")));
    }

    @Test
    void badRowsBecomeNullAndAreCounted() {
        LongAccumulator bad = session.sparkContext().longAccumulator("bad");
        Dataset<Row> rows = TestSpark.inPartitions(
                session,
                List.of(
                        RowFactory.create(0L, null, "snow"),
                        RowFactory.create(1L, "how tall", null),
                        RowFactory.create(2L, "how tall", "x".repeat(101)),
                        RowFactory.create(3L, "how tall", "x".repeat(100)),
                        RowFactory.create(4L, "", "")),
                TestSpark.SCHEMA,
                2);
        PureRankOptions options = DEFAULTS.withBadRows(bad).withMaxCharacters(100);
        List<Row> scored = PureRank.score(rows, "query", "passage", options).collectAsList();
        for (int i = 0; i < 3; i++) {
            assertTrue(scored.get(i).isNullAt(3), scored.get(i).toString());
        }
        assertEquals(
                model.predict(new TextPair("how tall", "x".repeat(100))),
                scored.get(3).getFloat(3));
        assertEquals(model.predict(new TextPair("", "")), scored.get(4).getFloat(3));
        assertEquals(3, bad.value());
    }

    @Test
    void isAnSqlFunction() {
        LongAccumulator bad = session.sparkContext().longAccumulator("bad");
        PureRank.register(session, DEFAULTS.withBadRows(bad));
        List<TextPair> pairs = TestSpark.pairs(30, 30);
        TestSpark.rows(session, pairs, 2).createOrReplaceTempView("pairs");
        assertArrayEquals(
                model.predict(pairs),
                TestSpark.scoresInOrder(session.sql("select id, purerank_score(query, passage) from pairs")
                        .collectAsList()));
        assertEquals(0, bad.value());
        Row row = session.sql("select purerank_score(query, nullif(passage, passage)) from pairs")
                .first();
        assertNull(row.get(0));
        assertTrue(bad.value() > 0);
        // Evaluated by the driver, without a task.
        assertEquals(
                model.predict(new TextPair("how tall", "snow")),
                session.sql("select purerank_score('how tall', 'snow')").first().getFloat(0));
    }

    @Test
    void refusesColumnsThatAreNotThereOrThereAlready() {
        Dataset<Row> rows = TestSpark.rows(session, TestSpark.pairs(2, 3), 1);
        assertMessage("no column text among [id, query, passage]", rows, "query", "text", DEFAULTS);
        assertMessage("column id: expected strings, found bigint", rows, "query", "id", DEFAULTS);
        assertMessage(
                "scoreColumn: there is a column passage already",
                rows,
                "query",
                "passage",
                DEFAULTS.withScoreColumn("Passage"));
        assertMessage(
                "there are several columns query",
                rows.withColumnRenamed("passage", "query"),
                "query",
                "query",
                DEFAULTS);
        session.conf().set("spark.sql.caseSensitive", true);
        try {
            assertMessage("no column Query among [id, query, passage]", rows, "Query", "passage", DEFAULTS);
            assertEquals(
                    2,
                    PureRank.score(rows, "query", "passage", DEFAULTS.withScoreColumn("Passage"))
                            .count());
        } finally {
            session.conf().unset("spark.sql.caseSensitive");
        }
    }

    private static void assertMessage(
            String expected, Dataset<Row> rows, String query, String passage, PureRankOptions options) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> PureRank.score(rows, query, passage, options))
                        .getMessage());
    }

    @Test
    void refusesOptionsThatMakeNoSenseInATask() {
        for (PredictOptions predict : List.of(
                PredictOptions.defaults().withTimeout(Duration.ofSeconds(1)),
                PredictOptions.defaults().withProgress((done, total) -> {}),
                PredictOptions.defaults().withSoftmax(true))) {
            assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withPredict(predict));
        }
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withScoreColumn(""));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withMaxCharacters(-1));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withBadRows(new LongAccumulator()));
        assertThrows(IllegalArgumentException.class, () -> ModelSource.directory(""));
    }

    @Test
    void aMissingModelFailsTheJobAndIsNamed(@TempDir Path empty) {
        Dataset<Row> rows = TestSpark.rows(session, TestSpark.pairs(2, 3), 1);
        for (ModelSource source :
                List.of(ModelSource.directory(empty.resolve("gone").toString()), ModelSource.sparkFiles("gone"))) {
            Exception failure = assertThrows(
                    Exception.class,
                    () -> PureRank.score(rows, "query", "passage", DEFAULTS.withModel(source))
                            .collectAsList());
            assertTrue(failure.getMessage().contains("PureRank cannot load "), failure.getMessage());
            assertTrue(failure.getMessage().contains("gone"), failure.getMessage());
        }
        assertThrows(FileNotFoundException.class, () -> PureRank.addModel(session, empty));
    }

    @Test
    void addsAModelOfTheDrivers(@TempDir Path temporary) throws Exception {
        Path directory = TestSpark.otherModel(temporary.resolve("it's another"));
        Files.writeString(directory.resolve("weights.bin"), "of no use");
        List<TextPair> pairs = TestSpark.pairs(5, 10);
        float[] expected;
        try (CrossEncoder other = CrossEncoder.load(directory)) {
            expected = other.predict(pairs);
        }
        assertFalse(Arrays.equals(model.predict(pairs), expected));
        ModelSource added = PureRank.addModel(session, directory);
        assertArrayEquals(
                expected,
                TestSpark.scoresInOrder(
                        PureRank.score(TestSpark.rows(session, pairs, 1), "query", "passage", DEFAULTS.withModel(added))
                                .collectAsList()));
        assertTrue(added.location().endsWith(added.name()));
        assertTrue(Files.exists(Path.of(added.location(), "config.json")));
        assertFalse(Files.exists(Path.of(added.location(), "weights.bin")));
    }

    @Test
    void moreTokensThanPositionsAreRefusedWhateverTheRows() {
        Dataset<Row> rows = TestSpark.rows(session, TestSpark.pairs(2, 3), 1);
        PredictOptions predict = PredictOptions.defaults().withMaxLength(100_000);
        Exception failure = assertThrows(
                Exception.class,
                () -> PureRank.score(rows, "query", "passage", DEFAULTS.withPredict(predict))
                        .collectAsList());
        assertTrue(failure.getMessage().contains("maxLength: 100000 tokens"), failure.getMessage());
    }

    @Test
    void aCancelledJobEndsPromptly() throws Exception {
        SparkContext context = session.sparkContext();
        // So many windows that the first slice alone takes long.
        Random random = new Random(1);
        List<TextPair> longPairs = Stream.generate(() -> new TextPair("how tall", TestSpark.text(random, 20_000)))
                .limit(64)
                .toList();
        Dataset<Row> rows = PureRank.score(
                TestSpark.rows(session, longPairs, 2),
                "query",
                "passage",
                DEFAULTS.withPredict(PredictOptions.defaults().withLongText(LongText.MAX_OF_WINDOWS)));
        for (boolean interrupt : new boolean[] {false, true}) {
            CompletableFuture<Long> job = CompletableFuture.supplyAsync(() -> {
                context.setJobGroup("cancelled", "", interrupt);
                try {
                    return rows.filter("score > 1000").count();
                } finally {
                    context.clearJobGroup();
                }
            });
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (context.statusTracker().getExecutorInfos()[0].numRunningTasks() == 0) {
                assertTrue(System.nanoTime() < deadline && !job.isDone(), "no task is running");
                Thread.sleep(20);
            }
            Thread.sleep(1500);
            long begin = System.nanoTime();
            context.cancelJobGroup("cancelled");
            ExecutionException failure = assertThrows(ExecutionException.class, () -> job.get(60, TimeUnit.SECONDS));
            assertTrue(failure.getMessage().contains("cancelled"), failure.getMessage());
            while (context.statusTracker().getExecutorInfos()[0].numRunningTasks() > 0) {
                assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5), "the tasks are still running");
                Thread.sleep(20);
            }
        }
        // What was cancelled has left the model as it was.
        List<TextPair> pairs = TestSpark.pairs(5, 10);
        assertArrayEquals(
                model.predict(pairs),
                TestSpark.scoresInOrder(PureRank.score(TestSpark.rows(session, pairs, 1), "query", "passage", DEFAULTS)
                        .collectAsList()));
    }
}
