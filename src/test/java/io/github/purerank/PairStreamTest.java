package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PairStreamTest {
    private static final PredictOptions OPTIONS = PredictOptions.defaults();

    private static CrossEncoder model;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load(ManyLabelsTest.files(), LoadOptions.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theSameScoresInTheSameOrder() {
        List<TextPair> pairs =
                IntStream.range(0, 5000).mapToObj(PairStreamTest::pair).toList();
        float[][] expected = model.predictLabels(pairs, OPTIONS);
        // A parallel stream as well: the order and the scores are those of the source.
        for (Stream<TextPair> source : List.of(pairs.stream(), pairs.parallelStream())) {
            List<ScoredPair> found = model.predict(source, OPTIONS).parallel().toList();
            assertEquals(5000, found.size());
            for (int i = 0; i < 5000; i++) {
                assertSame(pairs.get(i), found.get(i).pair());
                assertArrayEquals(expected[i], found.get(i).scores());
            }
        }
        assertEquals(List.of(), model.predict(Stream.<TextPair>empty(), OPTIONS).toList());
    }

    @Test
    void endlessPairsAreReadAsTheirScoresAre() {
        AtomicInteger read = new AtomicInteger();
        Stream<TextPair> endless = Stream.generate(() -> pair(read.getAndIncrement()));
        Stream<ScoredPair> scored = model.predict(endless, OPTIONS);
        assertEquals(0, read.get());
        Iterator<ScoredPair> iterator = scored.iterator();
        for (int i = 0; i < 10; i++) {
            assertEquals(pair(i), iterator.next().pair());
        }
        assertTrue(read.get() < 5000, "read ahead: " + read);
        assertEquals(
                3,
                model.predict(Stream.generate(() -> pair(1)), OPTIONS).limit(3).count());
    }

    @Test
    void longTextsMakeShortSlices() {
        AtomicInteger read = new AtomicInteger();
        String mebibyte = "word ".repeat(1 << 18);
        Stream<TextPair> endless = Stream.generate(() -> {
            read.incrementAndGet();
            return new TextPair("a", mebibyte);
        });
        assertTrue(model.predict(endless, OPTIONS).findFirst().isPresent());
        assertTrue(read.get() < 10, "read ahead: " + read);
    }

    @Test
    void closingItClosesTheSource() {
        AtomicBoolean closed = new AtomicBoolean();
        Stream<ScoredPair> scored = model.predict(Stream.of(pair(1)).onClose(() -> closed.set(true)), OPTIONS);
        assertFalse(closed.get());
        scored.close();
        assertTrue(closed.get());
    }

    @Test
    void progressCountsAllSlices() {
        List<Integer> counts = new ArrayList<>();
        long found = model.predict(
                        IntStream.range(0, 6000).mapToObj(PairStreamTest::pair), OPTIONS.withProgress((done, total) -> {
                            assertEquals(-1, total);
                            counts.add(done);
                        }))
                .collect(Collectors.counting());
        assertEquals(6000, found);
        assertEquals(6000, counts.get(counts.size() - 1));
        for (int i = 1; i < counts.size(); i++) {
            assertTrue(counts.get(i) > counts.get(i - 1));
        }
    }

    @Test
    void faults() throws IOException {
        Iterator<ScoredPair> withNull =
                model.predict(Arrays.asList(pair(0), null).stream(), OPTIONS).iterator();
        assertEquals(
                "pair 1",
                assertThrows(NullPointerException.class, withNull::next).getMessage());

        Iterator<ScoredPair> timed = model.predict(Stream.generate(() -> pair(2)), OPTIONS.withTimeout(Duration.ZERO))
                .iterator();
        assertThrows(ScoringTimeoutException.class, timed::next);

        Iterator<ScoredPair> interrupted =
                model.predict(Stream.of(pair(1)), OPTIONS).iterator();
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, interrupted::next);
        assertTrue(Thread.interrupted());

        CrossEncoder other = CrossEncoder.load(ManyLabelsTest.files(), LoadOptions.defaults());
        Iterator<ScoredPair> open = other.predict(Stream.generate(() -> pair(1)).limit(10_000), OPTIONS)
                .iterator();
        open.next();
        other.close();
        assertThrows(IllegalStateException.class, () -> open.forEachRemaining(pair -> {}));
        assertThrows(IllegalStateException.class, () -> other.predict(Stream.of(pair(1)), OPTIONS));
        ScoredPair several =
                model.predict(Stream.of(pair(1)), OPTIONS).findFirst().orElseThrow();
        assertThrows(IllegalStateException.class, several::score);
    }

    @Test
    void aPairIsNamedByItsPlaceInTheStream() {
        Iterator<ScoredPair> scored = model.predict(
                        IntStream.range(0, 3000)
                                .mapToObj(i -> i == 2500 ? new TextPair("a", "b ".repeat(600)) : pair(i)),
                        OPTIONS.withMaxLength(600))
                .iterator();
        assertEquals(
                "pair 2500: 600 tokens where the model has 65 positions",
                assertThrows(TooManyTokensException.class, () -> scored.forEachRemaining(pair -> {}))
                        .getMessage());
    }

    @Test
    void impossibleOptionsAreRefusedAtOnce() throws IOException {
        Stream<TextPair> pairs = Stream.of(pair(1));
        OptionException name =
                assertThrows(OptionException.class, () -> model.predict(pairs, OPTIONS.withPromptName("query")));
        assertEquals("promptName", name.option());
        OptionException length =
                assertThrows(OptionException.class, () -> model.predict(pairs, OPTIONS.withMaxLength(2)));
        assertEquals("maxLength: expected at least 3, the special tokens of a pair, found 2", length.getMessage());
        try (CrossEncoder labels = CrossEncoder.load(ManyLabelsTest.files(), LoadOptions.defaults())) {
            assertThrows(
                    OptionException.class, () -> labels.predict(pairs, OPTIONS.withLongText(LongText.MAX_OF_WINDOWS)));
        }
    }

    private static TextPair pair(int i) {
        return new TextPair("a " + (char) ('a' + i % 26), "b ".repeat(i % 7) + (char) ('a' + i % 23));
    }
}
