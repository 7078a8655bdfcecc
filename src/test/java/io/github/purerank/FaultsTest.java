package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in one call does not reach another. */
@Timeout(60)
class FaultsTest {
    private static final List<TextPair> GOOD = pairs(40);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aModelIsUsableAfterMemoryRanOut(int threads) throws Exception {
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ScarceMemory.class.getName(),
                        Integer.toString(threads))
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(errors));
        System.out.println("calls that ran out of memory, and that did not: " + output);
        String[] outcomes = output.split(" ");
        // Otherwise nothing was tried.
        assertTrue(Integer.parseInt(outcomes[0]) >= 3, output);
        assertTrue(Integer.parseInt(outcomes[1]) >= 3, output);
    }

    /** A pair of more tokens than the model has positions fails its own call, while others go on. */
    @Test
    void aPairThatCannotBeScoredFailsItsCallAlone() throws Exception {
        List<TextPair> bad = new ArrayList<>(GOOD);
        bad.add(20, new TextPair("a", "b ".repeat(200)));
        PredictOptions unlimited = PredictOptions.defaults().withMaxLength(1000);
        try (CrossEncoder model =
                CrossEncoder.load(ManyLabelsTest.files(), LoadOptions.defaults().withThreads(3))) {
            float[][] expected = model.predictLabels(GOOD, unlimited);
            ExecutorService callers = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> calls = new ArrayList<>();
                for (int caller = 0; caller < 4; caller++) {
                    boolean failing = caller % 2 == 0;
                    calls.add(callers.submit(() -> {
                        for (int i = 0; i < 20; i++) {
                            if (failing) {
                                IllegalArgumentException e = assertThrows(
                                        IllegalArgumentException.class, () -> model.predictLabels(bad, unlimited));
                                assertTrue(e.getMessage().contains("65 positions"), e.getMessage());
                            } else {
                                assertArrayEquals(expected, model.predictLabels(GOOD, unlimited));
                            }
                        }
                    }));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            } finally {
                callers.shutdownNow();
            }
            assertArrayEquals(expected, model.predictLabels(GOOD, unlimited));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aCallEndsAsUsualWhenTheModelIsClosedMeanwhile(int threads) throws IOException {
        List<TextPair> many = pairs(1000);
        LoadOptions options = LoadOptions.defaults().withThreads(threads);
        float[][] expected;
        try (CrossEncoder model = CrossEncoder.load(ManyLabelsTest.files(), options)) {
            expected = model.predictLabels(many, PredictOptions.defaults());
        }
        CrossEncoder model = CrossEncoder.load(ManyLabelsTest.files(), options);
        AtomicBoolean closedInTime = new AtomicBoolean();
        float[][] found = model.predictLabels(many, PredictOptions.defaults().withProgress((done, total) -> {
            closedInTime.compareAndSet(false, done < total);
            model.close();
        }));
        assertTrue(closedInTime.get());
        assertArrayEquals(expected, found);
        assertThrows(IllegalStateException.class, () -> model.predictLabels(GOOD, PredictOptions.defaults()));
    }

    private static List<TextPair> pairs(int count) {
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new TextPair("a b", "c ".repeat(i % 37) + (char) ('d' + i % 20)));
        }
        return pairs;
    }
}
