package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkCrewTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void eachTaskRunsOnce(int threads) {
        try (WorkCrew crew = new WorkCrew(threads, null)) {
            assertEquals(threads, crew.threads());
            for (int count : new int[] {0, 1, 2, 7, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                crew.run(count, Cancellation.BY_INTERRUPTION, runs::incrementAndGet);
                for (int i = 0; i < count; i++) {
                    assertEquals(1, runs.get(i), "task " + i + " of " + count);
                }
            }
        }
    }

    /** As many tasks as threads, each of which waits for all: they end only if all threads work. */
    @Test
    void theCallerAndItsHelpersWorkAtOnce() {
        try (WorkCrew crew = new WorkCrew(4, null)) {
            CyclicBarrier barrier = new CyclicBarrier(4);
            crew.run(4, Cancellation.BY_INTERRUPTION, i -> {
                try {
                    barrier.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void oneThreadIsTheCallers() {
        Thread caller = Thread.currentThread();
        try (WorkCrew crew = new WorkCrew(1, task -> {
            throw new AssertionError("no helper is needed");
        })) {
            crew.run(10, Cancellation.BY_INTERRUPTION, i -> assertSame(caller, Thread.currentThread()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anExceptionReachesTheCaller(int threads) {
        try (WorkCrew crew = new WorkCrew(threads, null)) {
            AtomicInteger runs = new AtomicInteger();
            IllegalArgumentException thrown = assertThrows(
                    IllegalArgumentException.class,
                    () -> crew.run(100_000, Cancellation.BY_INTERRUPTION, i -> {
                        runs.incrementAndGet();
                        if (i == 5) {
                            throw new IllegalArgumentException("five");
                        }
                    }));
            assertEquals("five", thrown.getMessage());
            assertTrue(runs.get() < 100_000, "tasks go on after a failure");
            OutOfMemoryError error = new OutOfMemoryError("as if");
            assertSame(
                    error,
                    assertThrows(
                            OutOfMemoryError.class,
                            () -> crew.run(3, Cancellation.BY_INTERRUPTION, i -> {
                                throw error;
                            })));
            // The crew is as good as before.
            eachOf(crew, 50);
        }
    }

    /** Whatever happens, no task runs after the call has ended. */
    @Test
    void noTaskRunsOnAfterAFailure() {
        try (WorkCrew crew = new WorkCrew(4, null)) {
            for (int round = 0; round < 200; round++) {
                AtomicInteger running = new AtomicInteger();
                assertThrows(
                        IllegalStateException.class,
                        () -> crew.run(100, Cancellation.BY_INTERRUPTION, i -> {
                            running.incrementAndGet();
                            try {
                                if (i % 10 == 3) {
                                    throw new IllegalStateException();
                                }
                                Thread.onSpinWait();
                            } finally {
                                running.decrementAndGet();
                            }
                        }));
                assertEquals(0, running.get());
            }
        }
    }

    @Test
    void anInterruptedCallerStopsAndStaysInterrupted() {
        try (WorkCrew crew = new WorkCrew(3, null)) {
            Thread.currentThread().interrupt();
            AtomicInteger runs = new AtomicInteger();
            assertThrows(
                    CancellationException.class,
                    () -> crew.run(1_000_000, Cancellation.BY_INTERRUPTION, i -> {
                        runs.incrementAndGet();
                        sleepQuietly();
                    }));
            assertTrue(Thread.interrupted());
            assertTrue(runs.get() < 1_000_000);
            eachOf(crew, 20);
        }
    }

    /** The caller waits for its helper's last task when the interruption comes. */
    @Test
    void anInterruptionWhileWaiting() throws InterruptedException {
        try (WorkCrew crew = new WorkCrew(2, null)) {
            CountDownLatch helperWorks = new CountDownLatch(1);
            CountDownLatch callerIsInterrupted = new CountDownLatch(1);
            AtomicInteger ended = new AtomicInteger();
            boolean[] outcome = new boolean[2];
            Thread[] caller = new Thread[1];
            caller[0] = new Thread(() -> {
                try {
                    crew.run(2, Cancellation.BY_INTERRUPTION, i -> {
                        if (Thread.currentThread() == caller[0]) {
                            await(helperWorks);
                        } else {
                            helperWorks.countDown();
                            await(callerIsInterrupted);
                            ended.incrementAndGet();
                        }
                    });
                } catch (CancellationException e) {
                    outcome[0] = ended.get() == 1;
                    outcome[1] = Thread.currentThread().isInterrupted();
                }
            });
            caller[0].start();
            await(helperWorks);
            // Waiting for the helper, that is, and not for the latch in its own task any more.
            while (!isIn(caller[0], Object.class.getName())) {
                Thread.onSpinWait();
            }
            caller[0].interrupt();
            // Until it has taken notice: one that is told of the helper's end at the same time may go by that.
            while (caller[0].isInterrupted()) {
                Thread.onSpinWait();
            }
            callerIsInterrupted.countDown();
            caller[0].join();
            assertTrue(outcome[0], "the helper's task was waited for");
            assertTrue(outcome[1], "the caller stays interrupted");
        }
    }

    private static boolean isIn(Thread thread, String className) {
        StackTraceElement[] frames = thread.getStackTrace();
        return frames.length > 0 && frames[0].getClassName().equals(className);
    }

    @Test
    void anExecutorThatFailsIsToldOfOnce() {
        List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(CrossEncoder.class.getName());
        logger.addHandler(handler);
        try (WorkCrew crew = new WorkCrew(3, task -> {
            throw new IllegalStateException("as if");
        })) {
            eachOf(crew, 10);
            eachOf(crew, 10);
        } finally {
            logger.removeHandler(handler);
        }
        assertEquals(1, records.size());
        assertEquals("as if", records.get(0).getThrown().getMessage());
    }

    /** The first helper comes, the second cannot be had: the work is done all the same, and the first is let go. */
    @ParameterizedTest
    @MethodSource("refusals")
    void anExecutorThatFailsLeavesTheWorkToTheCaller(Throwable refusal) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        AtomicInteger asked = new AtomicInteger();
        Executor failing = task -> {
            if (asked.incrementAndGet() % 2 == 0) {
                if (refusal instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) refusal;
            }
            pool.execute(task);
        };
        try (WorkCrew crew = new WorkCrew(4, failing)) {
            eachOf(crew, 100);
            assertEquals(3, asked.get());
            try (Team team = crew.team(Cancellation.BY_INTERRUPTION)) {
                AtomicIntegerArray runs = new AtomicIntegerArray(100);
                team.run(100, runs::incrementAndGet);
                for (int i = 0; i < 100; i++) {
                    assertEquals(1, runs.get(i));
                }
            }
            assertEquals(6, asked.get());
        } finally {
            pool.shutdown();
        }
        assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS), "a helper never ended");
    }

    static List<Throwable> refusals() {
        return List.of(
                new RejectedExecutionException("full"),
                new IllegalStateException("a defect"),
                new OutOfMemoryError("unable to create native thread, as if"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void closingInterruptsWhatIsDoneInTheBackground(int threads) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread[] background = new Thread[1];
        try (WorkCrew crew = new WorkCrew(threads, null)) {
            crew.inBackground(0, () -> {
                background[0] = Thread.currentThread();
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            });
            await(begun);
            eachOf(crew, 100);
        }
        await(interrupted);
        assertTrue(background[0].isDaemon());
        background[0].join(30_000);
        assertFalse(background[0].isAlive());
    }

    @Test
    void nothingBeginsInTheBackgroundAfterClosing() throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        try (WorkCrew crew = new WorkCrew(1, null)) {
            crew.inBackground(200, begun::incrementAndGet);
        }
        Thread.sleep(400);
        assertEquals(0, begun.get());
    }

    @Test
    void theCallersExecutorIsForCallsAlone() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        try (WorkCrew crew = new WorkCrew(3, task -> {
            throw new AssertionError("asked for the background");
        })) {
            crew.inBackground(0, begun::countDown);
            await(begun);
        }
    }

    @Test
    void anExecutorThatNeverBeginsIsNotWaitedFor() {
        List<Runnable> parked = new ArrayList<>();
        try (WorkCrew crew = new WorkCrew(4, parked::add)) {
            eachOf(crew, 100);
            assertEquals(3, parked.size());
            // What comes too late does nothing.
            parked.forEach(Runnable::run);
        }
    }

    /** All threads of a pool call, each with helpers from the same pool. */
    @Test
    void callsFromTheExecutorsOwnThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            try (WorkCrew crew = new WorkCrew(4, pool)) {
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    calls.add(pool.submit(() -> eachOf(crew, 50)));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            }
            assertFalse(pool.isShutdown(), "the caller's executor is not the crew's to shut down");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void itsOwnThreadsEndWhenItIsClosed() throws InterruptedException {
        List<Thread> helpers = new ArrayList<>();
        try (WorkCrew crew = new WorkCrew(3, null)) {
            CyclicBarrier barrier = new CyclicBarrier(3);
            crew.run(3, Cancellation.BY_INTERRUPTION, i -> {
                synchronized (helpers) {
                    if (Thread.currentThread().getName().startsWith("purerank-")) {
                        helpers.add(Thread.currentThread());
                    }
                }
                try {
                    barrier.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertEquals(2, helpers.size());
        for (Thread helper : helpers) {
            assertTrue(helper.isDaemon());
            helper.join(30_000);
            assertFalse(helper.isAlive());
        }
    }

    private static void eachOf(WorkCrew crew, int count) {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        crew.run(count, Cancellation.BY_INTERRUPTION, runs::incrementAndGet);
        for (int i = 0; i < count; i++) {
            assertEquals(1, runs.get(i));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleepQuietly() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
