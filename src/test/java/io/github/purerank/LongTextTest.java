package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows over texts of one-token words, so that the expected windows can be written as texts. */
class LongTextTest {
    private static final String QUERY = "how do i reset a password";
    private static final int QUERY_TOKENS = 6;
    private static final int SPECIAL_TOKENS = 3;
    private static final String[] WORDS = {"use", "the", "account", "page", "to", "send", "a", "password", "link", "or"
    };

    private static CrossEncoder model;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15, 16, 17, 30, 31})
    void theBestWindowIsScoredAsIfItWereTheText(int stride) {
        int room = 31;
        for (int count : new int[] {room + 1, room + 2, 2 * room, 3 * room + 5, 200}) {
            String[] words = words(count, count);
            List<TextRange> ranges = new ArrayList<>();
            List<Float> scores = new ArrayList<>();
            for (int begin = 0; ; begin += stride) {
                begin = Math.min(begin, count - room);
                ranges.add(range(words, begin, begin + room));
                scores.add(model.predict(new TextPair(QUERY, text(words, begin, begin + room))));
                if (begin == count - room) {
                    break;
                }
            }
            float best = Collections.max(scores);
            RankedDocument ranked = rank(text(words, 0, count), LongText.MAX_OF_WINDOWS.withStride(stride), room);
            assertEquals(best, ranked.score(), stride + " " + count);
            assertEquals(ranges.get(scores.indexOf(best)), ranked.window());

            List<Float> descending = new ArrayList<>(scores);
            descending.sort(Collections.reverseOrder());
            int top = Math.min(3, descending.size());
            double sum = 0;
            for (float score : descending.subList(0, top)) {
                sum += score;
            }
            RankedDocument mean =
                    rank(text(words, 0, count), LongText.meanOfTopWindows(3).withStride(stride), room);
            assertEquals((float) (sum / top), mean.score());
            assertEquals(ranked.window(), mean.window());

            RankedDocument ends = rank(text(words, 0, count), LongText.FIRST_AND_LAST, room);
            int last = scores.size() - 1;
            assertEquals(Math.max(scores.get(0), scores.get(last)), ends.score());
            assertEquals(ranges.get(scores.get(0) >= scores.get(last) ? 0 : last), ends.window());
        }
    }

    @Test
    void halfAWindowIsTheUsualStride() {
        String text = text(words(100, 4), 0, 100);
        assertEquals(rank(text, LongText.MAX_OF_WINDOWS.withStride(10), 20), rank(text, LongText.MAX_OF_WINDOWS, 20));
        // No stride leaves tokens out.
        assertEquals(
                rank(text, LongText.MAX_OF_WINDOWS.withStride(20), 20),
                rank(text, LongText.MAX_OF_WINDOWS.withStride(1000), 20));
    }

    @Test
    void theAnswerIsFoundWhereverItIs() {
        String filler = "The weather in the harbour was mild and the boats went out early in the morning. ".repeat(60);
        String answer = "Use the account settings page to send a password reset link.";
        String document = filler + answer + " " + filler;
        String query = "How do I reset a user password?";
        RankedDocument cut = model.rank(query, List.of(document)).get(0);
        RankedDocument found = model.rank(
                        query,
                        List.of(document),
                        RankOptions.defaults()
                                .withPredict(PredictOptions.defaults().withLongText(LongText.MAX_OF_WINDOWS)))
                .get(0);
        assertTrue(found.score() > cut.score() + 1, found.score() + " " + cut.score());
        assertTrue(
                document.substring(found.window().start(), found.window().end()).contains(answer));
        assertEquals(0, cut.window().start());
        assertTrue(cut.window().end() < filler.length());
    }

    @Test
    void aPairThatIsNotTooLongHasTheSameBits() {
        for (int count : new int[] {0, 1, 30, 31}) {
            String text = text(words(count, 1), 0, count);
            RankedDocument plain = rank(text, LongText.TRUNCATE, 31);
            assertEquals(new TextRange(0, text.length()), plain.window());
            assertEquals(plain, rank(text, LongText.MAX_OF_WINDOWS, 31));
            assertEquals(plain, rank(text, LongText.meanOfTopWindows(2), 31));
            assertEquals(plain, rank(text, LongText.FIRST_AND_LAST, 31));
        }
    }

    /** A query that is longer than half of the room gives way, as in the reference. */
    @Test
    void aLongQueryIsCutToHalf() {
        String[] words = words(60, 8);
        String query = "password ".repeat(50).trim();
        PredictOptions options =
                PredictOptions.defaults().withMaxLength(SPECIAL_TOKENS + 20).withLongText(LongText.FIRST_AND_LAST);
        float first = model.predict(new TextPair("password ".repeat(10), text(words, 0, 10)));
        float last = model.predict(new TextPair("password ".repeat(10), text(words, 50, 60)));
        assertEquals(Math.max(first, last), model.predict(new TextPair(query, text(words, 0, 60)), options));
        // A short passage is whole in one window.
        assertEquals(
                model.predict(new TextPair("password ".repeat(15), text(words, 0, 5))),
                model.predict(new TextPair(query, text(words, 0, 5)), options));
    }

    @Test
    void thePromptIsPartOfTheQuery() {
        String text = text(words(200, 3), 0, 200);
        PredictOptions options = PredictOptions.defaults().withMaxLength(64).withLongText(LongText.MAX_OF_WINDOWS);
        assertEquals(
                model.predict(new TextPair("tell me " + QUERY, text), options),
                model.predict(new TextPair(QUERY, text), options.withPrompt("tell me ")));
    }

    @Test
    void theActivationComesAfterTheWindows() {
        String text = text(words(300, 5), 0, 300);
        PredictOptions options = PredictOptions.defaults().withMaxLength(50).withLongText(LongText.meanOfTopWindows(4));
        float logit = model.predict(new TextPair(QUERY, text), options);
        float score = model.predict(new TextPair(QUERY, text), options.withActivation(ScoreActivation.SIGMOID));
        assertEquals(ScoreActivation.SIGMOID.apply(logit), score);
    }

    @Test
    void sameBitsForAnyNumberOfThreadsAndAnyList() throws IOException {
        List<TextPair> pairs = new ArrayList<>();
        Random random = new Random(11);
        for (int i = 0; i < 40; i++) {
            int count = random.nextInt(random.nextInt(400) + 1);
            pairs.add(new TextPair(QUERY, text(words(count, i), 0, count)));
        }
        PredictOptions options = PredictOptions.defaults().withMaxLength(40).withLongText(LongText.meanOfTopWindows(2));
        float[] together = model.predict(pairs, options);
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        for (int threads : new int[] {1, 3}) {
            try (CrossEncoder other = CrossEncoder.load(LoadOptions.defaults().withThreads(threads))) {
                done.clear();
                float[] found =
                        other.predict(pairs, options.withBatchSize(3).withProgress((count, total) -> done.add(count)));
                for (int i = 0; i < together.length; i++) {
                    assertEquals(together[i], found[i]);
                    assertEquals(together[i], model.predict(pairs.get(i), options));
                }
                assertEquals(40, done.get(done.size() - 1));
                List<Integer> ascending = new ArrayList<>(done);
                Collections.sort(ascending);
                assertEquals(ascending, done);
            }
        }
    }

    @Test
    void numbersAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> LongText.meanOfTopWindows(0));
        assertThrows(IllegalArgumentException.class, () -> LongText.MAX_OF_WINDOWS.withStride(0));
        assertThrows(IllegalArgumentException.class, () -> new LongText(LongText.Method.MAX_OF_WINDOWS, 1, 0));
        assertThrows(NullPointerException.class, () -> PredictOptions.defaults().withLongText(null));
        assertThrows(NullPointerException.class, () -> new LongText(null, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> LongText.TRUNCATE.withStride(5));
        assertThrows(IllegalArgumentException.class, () -> LongText.FIRST_AND_LAST.withStride(5));
    }

    /** Limits that leave no token of the passage, and such that the model has no positions for. */
    @Test
    void extremeLimits() {
        List<LongText> methods = List.of(
                LongText.MAX_OF_WINDOWS,
                LongText.MAX_OF_WINDOWS.withStride(5),
                LongText.meanOfTopWindows(2),
                LongText.FIRST_AND_LAST);
        TextPair pair = new TextPair(QUERY, text(words(900, 2), 0, 900));
        for (LongText longText : methods) {
            PredictOptions options = PredictOptions.defaults().withLongText(longText);
            for (int tooFew = 1; tooFew < SPECIAL_TOKENS; tooFew++) {
                PredictOptions refused = options.withMaxLength(tooFew);
                assertTrue(assertThrows(IllegalArgumentException.class, () -> model.predict(pair, refused))
                        .getMessage()
                        .contains("special tokens"));
            }
            assertEquals(
                    model.predict(pair, PredictOptions.defaults().withMaxLength(SPECIAL_TOKENS)),
                    model.predict(pair, options.withMaxLength(SPECIAL_TOKENS)));
            assertTrue(Float.isFinite(model.predict(pair, options.withMaxLength(SPECIAL_TOKENS + 1))));
            assertEquals(model.predict(pair, options), model.predict(pair, options.withMaxLength(600)));
        }
    }

    @Test
    void aModelOfSeveralLabelsHasNoBestWindow() throws IOException {
        try (CrossEncoder labels = CrossEncoder.load(ManyLabelsTest.files(), LoadOptions.defaults())) {
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> labels.predictLabels(
                                    List.of(new TextPair("a", "b")),
                                    PredictOptions.defaults().withLongText(LongText.MAX_OF_WINDOWS)))
                    .getMessage()
                    .startsWith("longText: windows are chosen by the score"));
        }
    }

    private static RankedDocument rank(String text, LongText longText, int room) {
        PredictOptions options = PredictOptions.defaults()
                .withMaxLength(SPECIAL_TOKENS + QUERY_TOKENS + room)
                .withLongText(longText);
        return model.rank(QUERY, List.of(text), RankOptions.defaults().withPredict(options))
                .get(0);
    }

    private static String[] words(int count, int seed) {
        Random random = new Random(seed);
        String[] words = new String[count];
        for (int i = 0; i < count; i++) {
            words[i] = WORDS[random.nextInt(WORDS.length)];
        }
        return words;
    }

    private static String text(String[] words, int from, int to) {
        return String.join(" ", List.of(words).subList(from, to));
    }

    private static TextRange range(String[] words, int from, int to) {
        int start = text(words, 0, from).length() + (from == 0 ? 0 : 1);
        return new TextRange(start, start + text(words, from, to).length());
    }
}
