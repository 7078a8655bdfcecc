package io.github.purerank.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors of one core, in processes of their own, beside the driver. */
class ClusterTest {
    private static final List<TextPair> PAIRS = TestSpark.pairs(200, 30);

    private static float[] expected;

    private SparkSession session;

    @BeforeAll
    static void scoreOnOneMachine() throws IOException {
        try (CrossEncoder model = CrossEncoder.load()) {
            expected = model.predict(PAIRS);
        }
    }

    @AfterEach
    void stop() {
        session.stop();
    }

    @Test
    void scoresHaveTheSameBitsAsOnOneMachine(@TempDir Path temporary) throws Exception {
        begin(2, TestSpark.cluster(2));
        PureRankOptions options = PureRankOptions.defaults();
        assertArrayEquals(expected, scores(options));
        assertEquals(Set.of("vector"), executorsKernels());

        // In SQL.
        PureRank.register(session, options);
        TestSpark.rows(session, PAIRS, 6).createOrReplaceTempView("pairs");
        assertArrayEquals(
                expected,
                TestSpark.scoresInOrder(session.sql("select id, purerank_score(query, passage) from pairs")
                        .collectAsList()));

        // Bad rows are counted in the executors.
        LongAccumulator bad = session.sparkContext().longAccumulator("bad");
        Dataset<Row> rows =
                TestSpark.rows(session, PAIRS, 6).selectExpr("id", "query", "if(id % 10 = 0, null, passage) passage");
        List<Row> scored = PureRank.score(rows, "query", "passage", options.withBadRows(bad))
                .collectAsList();
        for (int i = 0; i < PAIRS.size(); i++) {
            assertEquals(i % 10 == 0 ? null : (Float) expected[i], scored.get(i).get(3));
        }
        assertEquals(PAIRS.size() / 10, bad.value());

        // Another model, from a directory of all nodes and from one of the driver.
        Path directory = TestSpark.otherModel(temporary.resolve("other"));
        float[] others;
        try (CrossEncoder model = CrossEncoder.load(directory)) {
            others = model.predict(PAIRS);
        }
        assertFalse(Arrays.equals(expected, others));
        ModelSource added = PureRank.addModel(session, directory);
        assertArrayEquals(others, scores(options.withModel(ModelSource.directory(directory.toString()))));
        Files.move(directory, temporary.resolve("elsewhere"));
        assertArrayEquals(others, scores(options.withModel(added)));

        // A model that is on no node.
        Exception failure =
                assertThrows(Exception.class, () -> scores(options.withModel(ModelSource.directory("/gone/before"))));
        assertTrue(failure.getMessage().contains("PureRank cannot load /gone/before"), failure.getMessage());

        aKilledExecutorsWorkIsDoneAgain(temporary);
    }

    private void aKilledExecutorsWorkIsDoneAgain(Path temporary) throws Exception {
        BlockingQueue<String> failures = new LinkedBlockingQueue<>();
        session.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                // Of the job before there may be some of another kind.
                if (end.reason().toString().startsWith("ExecutorLostFailure")) {
                    failures.add(end.reason().toString());
                }
            }
        });
        // In the middle of the second partition its task stops: the first rows are scored then.
        Path waiting = temporary.resolve("waiting");
        Path goOn = temporary.resolve("go-on");
        Dataset<Row> rows = TestSpark.rows(session, PAIRS, 4)
                .map(pauseAt(90, waiting.toString(), goOn.toString()), Encoders.row(TestSpark.SCHEMA));
        CompletableFuture<List<Row>> job =
                CompletableFuture.supplyAsync(() -> PureRank.score(rows, "query", "passage", PureRankOptions.defaults())
                        .collectAsList());
        long pid = 0;
        for (int i = 0; pid == 0; i++) {
            assertTrue(i < 1200 && !job.isDone(), "no task waits");
            Thread.sleep(100);
            if (Files.exists(waiting)) {
                pid = Long.parseLong(Files.readString(waiting));
            }
        }
        long killed = pid;
        ProcessHandle executor = TestSpark.executors().stream()
                .filter(process -> process.pid() == killed)
                .findFirst()
                .orElseThrow();
        assertTrue(executor.destroyForcibly());
        assertNotNull(failures.poll(60, TimeUnit.SECONDS), "no task was lost with its executor");
        Files.createFile(goOn);
        assertArrayEquals(expected, TestSpark.scoresInOrder(job.get(90, TimeUnit.SECONDS)));
    }

    @Test
    void executorsWithoutTheVectorApiGiveTheSameBits(@TempDir Path temporary) throws Exception {
        Path archive = temporary.resolve("model.zip");
        Path directory = TestSpark.otherModel(temporary.resolve("other"));
        ModelArchive.write(directory, archive);
        begin(
                1,
                TestSpark.cluster(1)
                        .config(
                                "spark.executorEnv.JAVA_HOME",
                                javaWithoutVectorApi(temporary).toString())
                        .config("spark.archives", archive + "#in-the-archive"));
        assertEquals(Set.of("scalar"), executorsKernels());
        assertArrayEquals(expected, scores(PureRankOptions.defaults()));

        // A model that the application began with.
        try (CrossEncoder model = CrossEncoder.load(directory)) {
            assertArrayEquals(
                    model.predict(PAIRS),
                    scores(PureRankOptions.defaults().withModel(ModelSource.sparkFiles("in-the-archive"))));
        }
    }

    private void begin(int executors, SparkSession.Builder builder) throws Exception {
        session = builder.getOrCreate();
        TestSpark.awaitExecutors(session, executors);
        assertEquals(executors, TestSpark.executors().size());
    }

    private float[] scores(PureRankOptions options) {
        return TestSpark.scoresInOrder(PureRank.score(TestSpark.rows(session, PAIRS, 6), "query", "passage", options)
                .collectAsList());
    }

    /** The kernels that the executors compute with; each is asked. */
    private Set<String> executorsKernels() {
        Set<Long> executors =
                TestSpark.executors().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
        List<String> answers = session.range(0, executors.size(), 1, executors.size())
                .mapPartitions(
                        (MapPartitionsFunction<Long, String>) numbers -> {
                            // Long enough that the other one gets the other partition.
                            Thread.sleep(1500);
                            try (CrossEncoder model = CrossEncoder.load()) {
                                return List.of(ProcessHandle.current().pid() + " "
                                                + model.info().kernels())
                                        .iterator();
                            }
                        },
                        Encoders.STRING())
                .collectAsList();
        assertEquals(
                executors,
                answers.stream()
                        .map(answer -> Long.parseLong(answer.split(" ", 2)[0]))
                        .collect(Collectors.toSet()));
        return answers.stream()
                .map(answer -> answer.split(" ", 2)[1].replaceFirst(",.*", ""))
                .collect(Collectors.toSet());
    }

    /** Rows as they are; who comes to the row with this id waits, and the first one writes its process's number. */
    private static MapFunction<Row, Row> pauseAt(long id, String waiting, String goOn) {
        return row -> {
            if (row.getLong(0) == id) {
                if (!Files.exists(Path.of(waiting))) {
                    Path written = Path.of(waiting + ".part");
                    Files.writeString(
                            written, Long.toString(ProcessHandle.current().pid()));
                    Files.move(written, Path.of(waiting));
                }
                while (!Files.exists(Path.of(goOn))) {
                    Thread.sleep(50);
                }
            }
            return row;
        };
    }

    /** A home of a Java that is this one without the Vector API, whatever is asked for: so executors are whose flags get lost. */
    private static Path javaWithoutVectorApi(Path temporary) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path home = temporary.resolve("java");
        Path script = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(script, """
                #!/bin/sh
                for argument; do
                    shift
                    [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
                done
                exec "%s" "$@"
                """.formatted(java));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
