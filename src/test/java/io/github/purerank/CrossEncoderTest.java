package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.SafetensorsException;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.model.ScoreActivation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CrossEncoderTest {
    private static final String QUERY = "How do I reset a user password?";
    private static final String ANSWER = "Use the account settings page to send a password reset link.";
    private static final String OTHER = "Rotate the signing key before deploying a new release.";

    private static CrossEncoder model;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void scoresWhatTheReferenceScores() throws IOException {
        byte[] json = ModelLoader.defaultFiles().read("reference_scores.json", 1 << 20);
        List<TextPair> pairs = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        for (JsonValue row :
                JsonValue.parse(json, "reference_scores.json").get("pairs").elements()) {
            pairs.add(new TextPair(row.get("query").string(), row.get("passage").string()));
            expected.add(row.get("score").number());
        }
        assertTrue(pairs.size() > 20);
        float[] found = model.predict(pairs);
        for (int i = 0; i < found.length; i++) {
            double scale = Math.max(1, Math.abs(expected.get(i)));
            assertEquals(expected.get(i), found[i], 2e-5 * scale, pairs.get(i).toString());
        }
    }

    @Test
    void aScoreHasTheSameBitsHoweverItIsComputed() throws IOException {
        List<TextPair> pairs = pairs(300, 7);
        float[] alone = new float[pairs.size()];
        for (int i = 0; i < alone.length; i++) {
            alone[i] = model.predict(pairs.get(i));
        }
        assertArrayEquals(alone, model.predict(pairs));
        for (int threads : new int[] {1, 2, 3, 8}) {
            try (CrossEncoder other = CrossEncoder.load(LoadOptions.defaults().withThreads(threads))) {
                for (int batchSize : new int[] {1, 2, 17, 1000}) {
                    float[] found =
                            other.predict(pairs, PredictOptions.defaults().withBatchSize(batchSize));
                    assertArrayEquals(alone, found, threads + " threads, batches of " + batchSize);
                }
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < alone.length; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(5));
        float[] shuffled = model.predict(order.stream().map(pairs::get).toList());
        for (int i = 0; i < alone.length; i++) {
            assertEquals(alone[order.get(i)], shuffled[i]);
        }
    }

    @Test
    void listsLongerThanASliceKeepTheirOrder() {
        List<TextPair> some = pairs(50, 3);
        List<TextPair> many = new ArrayList<>();
        for (int i = 0; i < 9001; i++) {
            many.add(new TextPair("q" + i % 3, some.get(i % 50).query()));
        }
        float[] found = model.predict(many);
        assertEquals(9001, found.length);
        for (int i : new int[] {0, 4095, 4096, 8191, 8192, 9000}) {
            assertEquals(model.predict(many.get(i)), found[i]);
        }
    }

    @Test
    void ranksTheBestFirst() {
        List<RankedDocument> ranking = model.rank(QUERY, List.of(OTHER, ANSWER));
        assertEquals(List.of(1, 0), ranking.stream().map(RankedDocument::index).toList());
        assertEquals(ANSWER, ranking.get(0).text());
        assertEquals(model.predict(new TextPair(QUERY, ANSWER)), ranking.get(0).score());
        assertEquals(ranking.subList(0, 1), model.rank(QUERY, List.of(OTHER, ANSWER), 1));
        assertEquals(ranking, model.rank(QUERY, List.of(OTHER, ANSWER), 99));
        assertEquals(List.of(), model.rank(QUERY, List.of(OTHER, ANSWER), 0));
    }

    @Test
    void documentsOfEqualScoreKeepTheirOrder() {
        List<RankedDocument> ranking = model.rank(QUERY, List.of(OTHER, ANSWER, OTHER, ANSWER, OTHER));
        assertEquals(
                List.of(1, 3, 0, 2, 4),
                ranking.stream().map(RankedDocument::index).toList());
    }

    @Test
    void aTextIsScoredOnceHoweverOftenItIsThere() {
        AtomicInteger scored = new AtomicInteger();
        RankOptions options = RankOptions.defaults()
                .withPredict(PredictOptions.defaults().withProgress((done, total) -> scored.set(total)));
        List<RankedDocument> ranking =
                model.rank(QUERY, List.of(OTHER, new String(ANSWER.toCharArray()), OTHER, ANSWER), options);
        assertEquals(2, scored.get());
        assertEquals(
                List.of(1, 3, 0, 2), ranking.stream().map(RankedDocument::index).toList());
        assertEquals(ranking.get(0).score(), ranking.get(1).score());
    }

    @Test
    void documentsBelowAScoreAreLeftOut() {
        List<String> documents = List.of(OTHER, ANSWER, "A password is reset by mail.");
        List<RankedDocument> all = model.rank(QUERY, documents);
        for (int kept = 0; kept <= 3; kept++) {
            float least =
                    kept == 0 ? Float.POSITIVE_INFINITY : all.get(kept - 1).score();
            assertEquals(
                    all.subList(0, kept),
                    model.rank(QUERY, documents, RankOptions.defaults().withMinScore(least)));
        }
        assertEquals(
                all.subList(0, 1),
                model.rank(
                        QUERY,
                        documents,
                        RankOptions.defaults().withMinScore(-100).withTopK(1)));
        assertThrows(
                IllegalArgumentException.class, () -> RankOptions.defaults().withMinScore(Float.NaN));
    }

    @Test
    void documentsAreLeftOutOfTheRankingIfNotAskedFor() {
        RankedDocument best = model.rank(
                        QUERY, List.of(OTHER, ANSWER), RankOptions.defaults().withReturnDocuments(false))
                .get(0);
        assertEquals(1, best.index());
        assertNull(best.text());
        assertEquals(new TextRange(0, ANSWER.length()), best.window());
    }

    @Test
    void theCallersOwnObjectsAreRanked() {
        record Page(int number, String body) {}
        Set<Page> pages = new LinkedHashSet<>(List.of(new Page(7, OTHER), new Page(8, ANSWER), new Page(9, ANSWER)));
        List<RankedItem<Page>> ranking = model.rank(QUERY, pages, Page::body, RankOptions.defaults());
        assertEquals(
                List.of(8, 9, 7),
                ranking.stream().map(item -> item.item().number()).toList());
        assertEquals(List.of(1, 2, 0), ranking.stream().map(RankedItem::index).toList());
        assertEquals(model.predict(new TextPair(QUERY, ANSWER)), ranking.get(0).score());
        assertEquals(
                "text of document 0",
                assertThrows(
                                NullPointerException.class,
                                () -> model.rank(QUERY, pages, page -> null, RankOptions.defaults()))
                        .getMessage());
    }

    @Test
    @Timeout(60)
    void aCallEndsWhenItsTimeIsOver() {
        List<TextPair> pairs = pairs(20_000, 9);
        PredictOptions hurried = PredictOptions.defaults().withTimeout(Duration.ofMillis(30));
        assertEquals(
                "not done within the timeout of 30 ms",
                assertThrows(ScoringTimeoutException.class, () -> model.predict(pairs, hurried))
                        .getMessage());
        TextPair one = new TextPair(QUERY, ANSWER);
        assertThrows(
                ScoringTimeoutException.class,
                () -> model.predict(one, PredictOptions.defaults().withTimeout(Duration.ZERO)));
        assertEquals(
                model.predict(one),
                model.predict(one, PredictOptions.defaults().withTimeout(Duration.ofDays(100_000))));
        assertThrows(
                IllegalArgumentException.class, () -> PredictOptions.defaults().withTimeout(Duration.ofNanos(-1)));
    }

    @Test
    void nothingGivesNothing() {
        assertEquals(0, model.predict(List.of()).length);
        assertEquals(0, model.predictLabels(List.of(), PredictOptions.defaults()).length);
        assertEquals(List.of(), model.rank(QUERY, List.of()));
        assertTrue(Float.isFinite(model.predict(new TextPair("", ""))));
    }

    @Test
    void nullsAreRefusedByName() {
        assertEquals(
                "query",
                assertThrows(NullPointerException.class, () -> new TextPair(null, ""))
                        .getMessage());
        assertEquals(
                "passage",
                assertThrows(NullPointerException.class, () -> new TextPair("", null))
                        .getMessage());
        assertEquals(
                "document 1",
                assertThrows(NullPointerException.class, () -> model.rank(QUERY, Arrays.asList(OTHER, null)))
                        .getMessage());
        assertThrows(NullPointerException.class, () -> model.rank(null, List.of(OTHER)));
        PredictOptions options = PredictOptions.defaults();
        assertNamed("pair", () -> model.predict((TextPair) null));
        assertNamed("pairs", () -> model.predict((List<TextPair>) null));
        assertNamed("pairs", () -> model.predictEncoded(null, options));
        assertNamed("pairs", () -> model.predictLabels(null, options));
        assertNamed("options", () -> model.predict(List.of(), null));
        assertNamed("options", () -> model.predictEncoded(List.of(), null));
        assertNamed("options", () -> model.predictLabels(List.of(), null));
        assertNamed("documents", () -> model.rank(QUERY, null));
        assertNamed("options", () -> model.rank(QUERY, List.of(), (RankOptions) null));
        assertNamed("pair", () -> model.tokenize(null, 0));
        assertNamed("directory", () -> CrossEncoder.load((Path) null));
        assertEquals(
                "pair 1",
                assertThrows(NullPointerException.class, () -> model.predict(Arrays.asList(new TextPair("", ""), null)))
                        .getMessage());
    }

    private static void assertNamed(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void optionsAreRefusedWhereTheReferenceRefusesThem() {
        PredictOptions options = PredictOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withBatchSize(0));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxLength(0));
        assertThrows(
                IllegalArgumentException.class, () -> LoadOptions.defaults().withThreads(0));
        assertThrows(IllegalArgumentException.class, () -> model.rank(QUERY, List.of(), -1));
        List<TextPair> one = List.of(new TextPair(QUERY, ANSWER));
        assertThrows(IllegalArgumentException.class, () -> model.predict(one, options.withSoftmax(true)));
        assertThrows(
                IllegalArgumentException.class,
                () -> model.predictEncoded(List.of(model.tokenize(one.get(0), 0)), options.withSoftmax(true)));
        assertThrows(IllegalArgumentException.class, () -> model.predict(one, options.withPromptName("query")));
        assertThrows(IllegalArgumentException.class, () -> model.predict(one, options.withMaxLength(2)));
    }

    @Test
    void thePromptGoesBeforeTheQueryAlone() {
        PredictOptions prompted = PredictOptions.defaults().withPrompt("Tell me: ");
        assertEquals(
                model.predict(new TextPair("Tell me: " + QUERY, ANSWER)),
                model.predict(List.of(new TextPair(QUERY, ANSWER)), prompted)[0]);
    }

    @Test
    void aShorterLimitCutsTheTexts() {
        PredictOptions cut = PredictOptions.defaults().withMaxLength(8);
        TextPair pair = new TextPair("reset password", ANSWER);
        assertEquals(
                model.predict(new TextPair("reset password", "Use the account")), model.predict(List.of(pair), cut)[0]);
        assertEquals(8, model.tokenize(pair, 8).inputIds().length);
    }

    @Test
    void aPairOfMoreTokensThanTheModelHasPositionsIsRefused() {
        PredictOptions longer = PredictOptions.defaults().withMaxLength(600);
        TextPair fits = new TextPair(QUERY, ANSWER);
        assertEquals(model.predict(fits), model.predict(List.of(fits), longer)[0]);
        TextPair tooLong = new TextPair(QUERY, "word ".repeat(1000));
        assertEquals(
                "pair 1: 600 tokens where the model has 512 positions",
                assertThrows(IllegalArgumentException.class, () -> model.predict(List.of(fits, tooLong), longer))
                        .getMessage());
        assertTrue(Float.isFinite(model.predict(tooLong)));
        RankOptions rank = RankOptions.defaults().withPredict(longer);
        assertEquals(
                "document 2: 600 tokens where the model has 512 positions",
                assertThrows(
                                TooManyTokensException.class,
                                () -> model.rank(QUERY, List.of("a", "a", tooLong.passage()), rank))
                        .getMessage());
    }

    @Test
    void theSigmoidIsThatOfTheLogit() {
        TextPair pair = new TextPair(QUERY, ANSWER);
        float logit = model.predict(pair);
        PredictOptions sigmoid = PredictOptions.defaults().withActivation(ScoreActivation.SIGMOID);
        assertEquals((float) (1 / (1 + Math.exp(-logit))), model.predict(List.of(pair), sigmoid)[0], 1e-7f);
    }

    @Test
    void progressCountsEveryPairOnce() {
        List<int[]> calls = Collections.synchronizedList(new ArrayList<>());
        model.predict(
                pairs(100, 1),
                PredictOptions.defaults()
                        .withBatchSize(7)
                        .withProgress((done, total) -> calls.add(new int[] {done, total})));
        int before = 0;
        for (int[] call : calls) {
            assertTrue(call[0] > before);
            assertEquals(100, call[1]);
            before = call[0];
        }
        assertEquals(100, before);
    }

    @Test
    void aListenersExceptionEndsTheCallAlone() {
        PredictOptions options = PredictOptions.defaults().withProgress((done, total) -> {
            throw new ArithmeticException("stop");
        });
        assertThrows(ArithmeticException.class, () -> model.predict(pairs(100, 1), options));
        assertEquals(100, model.predict(pairs(100, 1)).length);
    }

    @Test
    void interruptionCancelsAndStaysSet() {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> model.predict(pairs(10, 1)));
        assertTrue(Thread.interrupted());
        assertEquals(10, model.predict(pairs(10, 1)).length);
    }

    @Test
    void manyThreadsShareOneModel() throws Exception {
        List<TextPair> pairs = pairs(60, 11);
        float[] expected = model.predict(pairs);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                List<TextPair> some = pairs.subList(i, 60);
                calls.add(() -> model.predict(some));
            }
            List<Future<float[]>> results = threads.invokeAll(calls);
            for (int i = 0; i < 24; i++) {
                assertArrayEquals(
                        Arrays.copyOfRange(expected, i, 60), results.get(i).get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theCallersExecutorIsUsedAndLeftOpen() throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            try (CrossEncoder other = CrossEncoder.load(LoadOptions.defaults().withExecutor(executor))) {
                assertArrayEquals(model.predict(pairs(40, 2)), other.predict(pairs(40, 2)));
            }
            assertFalse(executor.isShutdown());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    @Timeout(60)
    void anExecutorWithoutThreadsOfItsOwnWillDo() throws IOException {
        List<TextPair> few = List.of(new TextPair(QUERY, ANSWER.repeat(5)), new TextPair(QUERY, OTHER));
        try (CrossEncoder other =
                CrossEncoder.load(LoadOptions.defaults().withThreads(4).withExecutor(Runnable::run))) {
            assertArrayEquals(model.predict(few), other.predict(few));
            assertArrayEquals(model.predict(pairs(40, 2)), other.predict(pairs(40, 2)));
        }
    }

    @Test
    void afterCloseCallsAreRefused() throws IOException {
        CrossEncoder other = CrossEncoder.load();
        other.close();
        other.close();
        assertThrows(IllegalStateException.class, () -> other.predict(pairs(1, 1)));
        assertThrows(IllegalStateException.class, () -> other.rank(QUERY, List.of(ANSWER)));
        assertThrows(IllegalStateException.class, () -> other.rank(QUERY, List.of()));
    }

    @Test
    void aPlaceWithoutAModelIsNamed(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing");
        assertEquals(
                missing + ": no such directory; a model is one with config.json, a tokenizer and weights",
                assertThrows(FileNotFoundException.class, () -> CrossEncoder.load(missing))
                        .getMessage());
        assertThrows(FileNotFoundException.class, () -> SentenceEncoder.load(missing));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(NotDirectoryException.class, () -> CrossEncoder.load(file));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(assertThrows(FileNotFoundException.class, () -> CrossEncoder.load(empty))
                .getMessage()
                .contains("no model is here"));
        Files.write(empty.resolve("config.json"), ModelLoader.defaultFiles().read("config.json", 1 << 20));
        assertTrue(assertThrows(FileNotFoundException.class, () -> CrossEncoder.load(empty))
                .getMessage()
                .contains("model.safetensors"));
        byte[] weights = ModelLoader.defaultFiles().read("model.safetensors", 1 << 24);
        Files.write(empty.resolve("model.safetensors"), weights);
        assertTrue(assertThrows(ModelFormatException.class, () -> CrossEncoder.load(empty))
                .getMessage()
                .contains("tokenizer.json"));
        Files.write(empty.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 1));
        assertTrue(assertThrows(SafetensorsException.class, () -> CrossEncoder.load(empty))
                .getMessage()
                .contains("model.safetensors"));
    }

    @Test
    void infoSaysWhatIsLoaded() {
        ModelInfo info = model.info();
        assertEquals(4_782_593, info.parameterCount());
        assertEquals("[F16]", info.dtypes().toString());
        assertTrue(info.weightBytes() >= 4 * info.parameterCount());
        assertEquals(List.of("LABEL_0"), model.labels());
    }

    /** Pairs of 1 to 120 words. */
    private static List<TextPair> pairs(int count, int seed) {
        Random random = new Random(seed);
        String[] words = (QUERY + " " + ANSWER + " " + OTHER + " naïve 東京 unbelievable").split(" ");
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder passage = new StringBuilder("x");
            for (int w = random.nextInt(i % 10 == 0 ? 120 : 25); w > 0; w--) {
                passage.append(' ').append(words[random.nextInt(words.length)]);
            }
            pairs.add(new TextPair(words[random.nextInt(words.length)], passage.toString()));
        }
        return pairs;
    }
}
