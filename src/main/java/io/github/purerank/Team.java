package io.github.purerank;

import io.github.purerank.model.Parts;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Threads that go through the many short steps of one computation together. The thread that computes leads; helpers take parts
 * of each step as long as there are any. A step waits for the parts that were taken, never for a helper to come: with none of
 * them the leader does it all.
 *
 * <p>Helpers wait for the next step by looking again and again: a step may last less than it takes to wake a thread.
 */
final class Team implements Parts, AutoCloseable {
    /** So often a thread looks before it lets others have the processor: some tens of microseconds. */
    private static final int LOOKS = 1000;

    private final Thread leader = Thread.currentThread();
    private final Cancellation cancellation;
    private volatile Step step;
    private volatile boolean over;

    /**
     * Asks for helpers; those that come stay until the team is closed.
     *
     * @param executor runs what it is given at once, later or never, and does not throw ({@link WorkCrew#helpers})
     */
    Team(Executor executor, int helpers, Cancellation cancellation) {
        this.cancellation = cancellation;
        for (int i = 0; i < helpers; i++) {
            executor.execute(this::help);
        }
    }

    /** @throws CancellationException if the call is cancelled */
    @Override
    public void run(int count, IntConsumer part) {
        cancellation.check();
        Step next = new Step(count, part);
        step = next;
        next.work();
        next.awaitAll();
    }

    @Override
    public void close() {
        over = true;
        // A helper that has not come yet would hold on to all that the step works on.
        step = null;
    }

    private void help() {
        if (Thread.currentThread() == leader) {
            // An executor without threads of its own: the leader would wait here for itself.
            return;
        }
        Step done = null;
        for (int looks = 0; !over; looks++) {
            Step current = step;
            if (current != null && current != done) {
                current.work();
                done = current;
                looks = 0;
            }
            pause(looks);
        }
    }

    private static void pause(int looks) {
        if (looks < LOOKS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private static final class Step {
        private final int count;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private volatile Throwable failure;

        Step(int count, IntConsumer part) {
            this.count = count;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                try {
                    part.accept(i);
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    ended.incrementAndGet();
                }
            }
        }

        void awaitAll() {
            for (int looks = 0; ended.get() < count; looks++) {
                pause(looks);
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
