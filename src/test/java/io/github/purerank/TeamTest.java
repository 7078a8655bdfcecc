package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TeamTest {
    @Test
    void everyPartOfEveryStepRunsOnce() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try (Team team = new Team(executor, 3, Cancellation.BY_INTERRUPTION)) {
            for (int count = 0; count < 2000; count++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count % 17);
                team.run(runs.length(), runs::incrementAndGet);
                for (int i = 0; i < runs.length(); i++) {
                    assertEquals(1, runs.get(i));
                }
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void theLeaderDoesWithoutHelpers() {
        List<Runnable> neverRun = new ArrayList<>();
        try (Team team = new Team(neverRun::add, 2, Cancellation.BY_INTERRUPTION)) {
            int[] sum = new int[1];
            team.run(10, i -> sum[0] += i);
            assertEquals(45, sum[0]);
        }
        // Those that come when all is over leave at once.
        neverRun.forEach(Runnable::run);
    }

    @Test
    void aPartsExceptionIsTheSteps() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Team team = new Team(executor, 2, Cancellation.BY_INTERRUPTION)) {
            assertThrows(
                    ArithmeticException.class,
                    () -> team.run(50, i -> {
                        if (i == 20) {
                            throw new ArithmeticException();
                        }
                    }));
            assertThrows(
                    StackOverflowError.class,
                    () -> team.run(3, i -> {
                        throw new StackOverflowError();
                    }));
            team.run(3, i -> {});
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void interruptionCancels() {
        try (Team team = new Team(Runnable::run, 0, Cancellation.BY_INTERRUPTION)) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> team.run(1, i -> {}));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void fewPairsHaveTheSameBitsForAnyNumberOfThreads() throws IOException {
        List<TextPair> pairs = new ArrayList<>();
        for (int words : new int[] {600, 1, 40, 90, 12}) {
            pairs.add(new TextPair("what is a " + words, "some words again ".repeat(words)));
        }
        List<List<TextPair>> lists = new ArrayList<>(List.of(pairs));
        pairs.forEach(pair -> lists.add(List.of(pair)));
        lists.add(pairs.subList(1, 3));
        List<float[]> expected = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3, 7, 40}) {
            try (CrossEncoder model = CrossEncoder.load(LoadOptions.defaults().withThreads(threads))) {
                for (int i = 0; i < lists.size(); i++) {
                    float[] scores = model.predict(lists.get(i));
                    if (threads == 1) {
                        expected.add(scores);
                    }
                    assertArrayEquals(expected.get(i), scores, threads + " threads");
                }
            }
        }
    }
}
