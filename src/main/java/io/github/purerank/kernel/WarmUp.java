package io.github.purerank.kernel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** Runs vector code until the JVM has compiled it and it is faster than plain loops, or never will be. */
final class WarmUp {
    /** When warming up gives up. */
    static final long LONGEST_NANOS = 20_000_000_000L;

    /**
     * By then each loop was run often enough for HotSpot to compile it with C2 (600 calls and 15,000 turns). Until that is done
     * more rounds would only make garbage, for vectors are objects as long as they are not compiled.
     */
    private static final int ROUNDS_TO_COMPILE = 160;

    private static final int PAUSE_MILLIS = 5;

    /** In how many rounds running the vector kernels must have been faster. */
    private static final int ROUNDS_TO_WIN = 3;

    /** How far the JVM has got with the vector code. */
    enum Progress {
        /** Not compiled yet. */
        COLD,
        /** Faster than plain loops. */
        WARM,
        /** It was given time enough and is slower than plain loops still. */
        GIVEN_UP
    }

    private WarmUp() {}

    /**
     * Goes on until the progress is made.
     *
     * @param vector runs the vector code, and says how long it took
     * @param scalar runs the plain loops
     */
    static void run(AtomicReference<Progress> progress, long longestNanos, LongSupplier vector, LongSupplier scalar)
            throws InterruptedException {
        long begin = System.nanoTime();
        int won = 0;
        for (int round = 0; progress.get() == Progress.COLD; round++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            won = vector.getAsLong() < scalar.getAsLong() ? won + 1 : 0;
            if (won == ROUNDS_TO_WIN) {
                progress.set(Progress.WARM);
            } else if (System.nanoTime() - begin > longestNanos) {
                progress.compareAndSet(Progress.COLD, Progress.GIVEN_UP);
            }
            if (round > ROUNDS_TO_COMPILE) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
