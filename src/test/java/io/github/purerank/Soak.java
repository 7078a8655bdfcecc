package io.github.purerank;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many threads share one model for a while, with pairs of all lengths; some are interrupted, some calls fail, and now and then
 * the model is closed under them and another one takes its place. Every score must have the bits that the pair has alone, no
 * call may hang, and what a phase of work leaves in the heap must not grow.
 *
 * <p>{@code tools/soak} runs it for minutes, the tests for seconds.
 */
final class Soak {
    private static final int PAIRS = 150;
    private static final long HANGING_NANOS = 60_000_000_000L;
    private static final long MOST_GROWTH = 6 << 20;

    private final int threads;
    private final List<TextPair> pairs = new ArrayList<>();
    private final float[] alone = new float[PAIRS];
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private long closes;
    private volatile CrossEncoder model;
    /** The one that was closed last. */
    private volatile CrossEncoder closed;

    private volatile Throwable failure;

    private Soak(int threads) throws IOException {
        this.threads = threads;
        Random random = new Random(1);
        for (int i = 0; i < PAIRS; i++) {
            int most = random.nextInt(20) == 0 ? 400 : 40;
            pairs.add(new TextPair(words(random, 1 + random.nextInt(9)), words(random, random.nextInt(most))));
        }
        try (CrossEncoder single = load(1)) {
            for (int i = 0; i < PAIRS; i++) {
                alone[i] = single.predict(pairs.get(i));
            }
        }
    }

    /** The seconds and the number of threads. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(run(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1])));
    }

    /**
     * Runs and says what was done.
     *
     * @throws AssertionError if something that must not happen did
     */
    static String run(long seconds, int threads) throws Exception {
        Set<Thread> before = helpers();
        Soak soak = new Soak(threads);
        // What grows only once is there after the first phase.
        long heap = soak.phase(Math.max(1, seconds / 4), before);
        long growth = soak.phase(Math.max(1, seconds - seconds / 4), before) - heap;
        require(growth < MOST_GROWTH, "the heap grew by " + growth + " bytes");
        String report = soak.calls + " calls with the right bits, " + soak.cancelled + " cancelled, " + soak.refused
                + " refused by a closed model, " + soak.failed + " failed on purpose, " + soak.closes
                + " models closed in use; heap " + (heap >> 20) + " MiB, growth " + (growth >> 10) + " KiB";
        require(soak.calls.get() > 0 && soak.failed.get() > 0, report);
        require(soak.cancelled.get() > 0 && soak.closes > 0 && soak.refused.get() > 0, report);
        return report;
    }

    /** Works with a model that is closed afterwards, and gives what is left in the heap, in bytes. */
    private long phase(long seconds, Set<Thread> before) throws Exception {
        model = load(2);
        work(seconds);
        model.close();
        model = null;
        closed = null;
        awaitEnd(before);
        return heapAfterGc();
    }

    /** All threads work, until all of them have ended. */
    private void work(long seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker(end, closes * threads + i));
        }
        workers.forEach(Thread::start);
        Random random = new Random(end);
        long nextClose = 0;
        while (System.nanoTime() < end && failure == null) {
            Thread.sleep(5);
            workers.get(random.nextInt(threads)).interrupt();
            if (System.nanoTime() > nextClose) {
                CrossEncoder old = model;
                model = load(1 + random.nextInt(4));
                // Until now new calls took the old one.
                Thread.sleep(random.nextInt(20));
                old.close();
                closed = old;
                closes++;
                nextClose = System.nanoTime() + 200_000_000L + random.nextInt(600_000_000);
            }
            watch(workers);
        }
        for (Worker worker : workers) {
            while (worker.isAlive()) {
                worker.join(100);
                watch(workers);
            }
        }
        if (failure != null) {
            throw new AssertionError("a worker failed", failure);
        }
    }

    /** Fails if a call takes much too long, and shows where all threads are. */
    private static void watch(List<Worker> workers) {
        long[] locked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        for (Worker worker : workers) {
            if (locked != null || worker.isAlive() && System.nanoTime() - worker.callBegan > HANGING_NANOS) {
                StringBuilder stacks = new StringBuilder(locked == null ? "a call hangs" : "deadlock");
                Thread.getAllStackTraces().forEach((thread, stack) -> {
                    stacks.append('\n').append(thread);
                    for (StackTraceElement element : stack) {
                        stacks.append("\n    ").append(element);
                    }
                });
                throw new AssertionError(stacks.toString());
            }
        }
    }

    private final class Worker extends Thread {
        private final long end;
        private final Random random;
        private volatile long callBegan = System.nanoTime();

        Worker(long end, long seed) {
            super("soak-" + seed);
            this.end = end;
            this.random = new Random(seed);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (System.nanoTime() < end && failure == null) {
                    callBegan = System.nanoTime();
                    call();
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        private void call() {
            CrossEncoder last = closed;
            CrossEncoder shared = last != null && random.nextInt(10) == 0 ? last : model;
            int count = random.nextInt(8) == 0 ? 30 : 1 + random.nextInt(3);
            int[] chosen = random.ints(count, 0, PAIRS).toArray();
            List<TextPair> list = new ArrayList<>();
            for (int i : chosen) {
                list.add(pairs.get(i));
            }
            boolean failing = random.nextInt(10) == 0;
            PredictOptions options = PredictOptions.defaults().withBatchSize(1 + random.nextInt(32));
            if (failing) {
                options = options.withProgress((done, total) -> {
                    throw new UnsupportedOperationException("on purpose");
                });
            }
            if (random.nextInt(15) == 0) {
                interrupt();
            }
            try {
                float[] found = shared.predict(list, options);
                require(!failing, "a call that must fail does not");
                require(shared != last, "a closed model scores");
                for (int i = 0; i < count; i++) {
                    require(
                            Float.floatToRawIntBits(found[i]) == Float.floatToRawIntBits(alone[chosen[i]]),
                            "wrong score " + found[i] + " for " + list.get(i));
                }
                calls.incrementAndGet();
            } catch (CancellationException e) {
                require(Thread.interrupted(), "cancelled without an interruption");
                cancelled.incrementAndGet();
            } catch (IllegalStateException e) {
                require(shared != model, "refused by a model that is open");
                refused.incrementAndGet();
            } catch (UnsupportedOperationException e) {
                require(failing, "a call failed that should not");
                failed.incrementAndGet();
            }
        }
    }

    /** With threads of its own, or from a pool that all programs share. */
    private static CrossEncoder load(int threads) throws IOException {
        LoadOptions options = LoadOptions.defaults().withThreads(threads);
        return CrossEncoder.load(threads == 4 ? options.withExecutor(ForkJoinPool.commonPool()) : options);
    }

    private static String words(Random random, int count) {
        String[] some = {"password", "reset", "mountain", "river", "the", "of", "signing", "key", "unbelievably", "42"};
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(some[random.nextInt(some.length)]).append(' ');
        }
        return words.toString();
    }

    private static long heapAfterGc() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static void awaitEnd(Set<Thread> before) throws InterruptedException {
        require(
                ForkJoinPool.commonPool().awaitQuiescence(30, TimeUnit.SECONDS),
                "the common pool does not come to rest");
        for (Thread thread : helpers()) {
            if (!before.contains(thread)) {
                thread.join(30_000);
                require(!thread.isAlive(), thread + " lives on after close");
            }
        }
    }

    /** Threads of models that live at the moment. */
    private static Set<Thread> helpers() {
        Set<Thread> helpers = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("purerank-")) {
                helpers.add(thread);
            }
        }
        return helpers;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
