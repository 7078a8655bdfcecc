package io.github.purerank;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The one place where threads are. A call's tasks are shared out between the calling thread and helpers from an executor; the
 * caller takes part itself, so a call ends even if no helper ever comes.
 */
final class WorkCrew implements AutoCloseable {
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private final int threads;
    private final Executor executor;
    private final ExecutorService own;

    /** A crew of so many threads, the caller's among them; from the executor, or daemon threads of its own if it is null. */
    WorkCrew(int threads, Executor executor) {
        this.threads = threads;
        this.own =
                executor == null && threads > 1 ? Executors.newFixedThreadPool(threads - 1, WorkCrew::newThread) : null;
        this.executor = executor == null ? own : executor;
    }

    int threads() {
        return threads;
    }

    /** The threads beside the caller's; the caller's own if there are none. */
    Executor helpers() {
        return executor == null ? Runnable::run : executor;
    }

    /**
     * Runs task(0) to task(count - 1), in any order, and returns when all have ended.
     *
     * @throws CancellationException if the calling thread is interrupted; it stays so, and tasks not begun are left out
     */
    void run(int count, IntConsumer task) {
        Run run = new Run(count, task);
        int helpers = Math.min(threads, count) - 1;
        for (int i = 0; i < helpers; i++) {
            try {
                executor.execute(run::help);
            } catch (RejectedExecutionException e) {
                // The caller does it alone.
                break;
            } catch (Error e) {
                run.end();
                throw e;
            }
        }
        run.lead();
    }

    /** What is done in the background; stops when it is interrupted. */
    interface BackgroundTask {
        void run() throws InterruptedException;
    }

    /**
     * Runs a task after a while, beside everything else: on one of the helpers, so that calls which come meanwhile leave it a
     * processor, or if there are none on a thread that does not keep the JVM alive.
     */
    void inBackground(int delayMillis, BackgroundTask task) {
        Thread caller = Thread.currentThread();
        Runnable delayed = () -> {
            if (Thread.currentThread() == caller) {
                // An executor without threads of its own.
                newThread(() -> runLater(delayMillis, task)).start();
            } else {
                runLater(delayMillis, task);
            }
        };
        try {
            if (executor != null) {
                executor.execute(delayed);
                return;
            }
        } catch (RejectedExecutionException e) {
            // Then it gets a thread of its own.
        }
        newThread(delayed).start();
    }

    private static void runLater(int delayMillis, BackgroundTask task) {
        try {
            Thread.sleep(delayMillis);
            task.run();
        } catch (InterruptedException e) {
            // Nobody needs it any more.
            Thread.currentThread().interrupt();
        }
    }

    /** Threads for the steps of one computation, the calling thread leading. */
    Team team() {
        return new Team(helpers(), executor == null ? 0 : threads - 1);
    }

    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    private static Thread newThread(Runnable runnable) {
        Thread thread = new Thread(runnable, "purerank-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** One call's tasks. */
    private static final class Run {
        private final int count;
        /** Null when all is over: a helper that has not come yet would hold on to all that the task works on. */
        private IntConsumer task;

        private final AtomicInteger next = new AtomicInteger();
        private int helping;
        private boolean over;
        private Throwable failure;

        Run(int count, IntConsumer task) {
            this.count = count;
            this.task = task;
        }

        /** What a helper does, if it comes before all is over. */
        void help() {
            IntConsumer mine;
            synchronized (this) {
                if (over) {
                    return;
                }
                mine = task;
                helping++;
            }
            try {
                work(mine, false);
            } finally {
                synchronized (this) {
                    helping--;
                    notifyAll();
                }
            }
        }

        /** What the caller does: works, then waits for the helpers that came. */
        void lead() {
            work(task, true);
            boolean interrupted = false;
            synchronized (this) {
                end();
                while (helping > 0) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                        next.set(count);
                        fail(new CancellationException("interrupted while scoring"));
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }

        /** No helper begins from here on. */
        synchronized void end() {
            over = true;
            next.set(count);
            task = null;
        }

        private void work(IntConsumer toRun, boolean leading) {
            try {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    if (leading && Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("interrupted while scoring");
                    }
                    toRun.accept(i);
                }
            } catch (RuntimeException | Error e) {
                next.set(count);
                fail(e);
            }
        }

        private synchronized void fail(Throwable e) {
            if (failure == null) {
                failure = e;
            }
        }
    }
}
