package io.github.purerank;

import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The one place where threads are. A call's tasks are shared out between the calling thread and helpers from an executor; the
 * caller takes part itself, so a call ends even if no helper ever comes.
 */
final class WorkCrew implements AutoCloseable {
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private final int threads;
    /** Null if a call has one thread, the caller's. */
    private final Executor executor;
    /** Null if the threads are somebody else's. */
    private final ExecutorService own;

    private final Background background = new Background();
    /** An executor that fails once may fail at each call: it is told of once. */
    private final AtomicBoolean toldOfFailure = new AtomicBoolean();

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

    /**
     * The threads beside the caller's. What they are given they run at once, later or never: an executor that cannot take it is
     * no failure, for whoever asks can do the work without help.
     */
    Executor helpers() {
        return this::ask;
    }

    private void ask(Runnable help) {
        if (executor == null) {
            return;
        }
        try {
            executor.execute(help);
        } catch (RejectedExecutionException e) {
            // It is full, or shut down.
        } catch (RuntimeException | Error e) {
            if (!toldOfFailure.getAndSet(true)) {
                System.getLogger(CrossEncoder.class.getName())
                        .log(
                                Level.WARNING,
                                "Scoring with fewer threads: the executor failed (said once, however often it does)",
                                e);
            }
        }
    }

    /**
     * Runs task(0) to task(count - 1), in any order, and returns when all have ended.
     *
     * @throws CancellationException if the call is cancelled; tasks not begun are left out
     */
    void run(int count, Cancellation cancellation, IntConsumer task) {
        Run run = new Run(count, cancellation, task);
        int helpers = Math.min(threads, count) - 1;
        for (int i = 0; i < helpers; i++) {
            ask(run::help);
        }
        run.lead();
    }

    /** What is done with the things from one index up to another. */
    interface Block {
        void run(int from, int to);
    }

    /**
     * Does something with things 0 to {@code count - 1}, {@code blockSize} of them at a time; otherwise like {@link #run}.
     *
     * @throws CancellationException if the call is cancelled; blocks not begun are left out
     */
    void runBlocks(int count, int blockSize, Cancellation cancellation, Block block) {
        run((count + blockSize - 1) / blockSize, cancellation, b -> {
            int from = b * blockSize;
            block.run(from, Math.min(count, from + blockSize));
        });
    }

    /**
     * Runs a task after a while, beside everything else, unless the crew is closed before: on one of its own threads, so that
     * calls which come meanwhile leave it a processor, or if it has none on a thread that does not keep the JVM alive. A
     * caller's executor is for calls alone.
     */
    void inBackground(int delayMillis, BackgroundTask task) {
        Runnable delayed = () -> background.run(delayMillis, task);
        if (own == null) {
            newThread(delayed).start();
        } else {
            ask(delayed);
        }
    }

    /** Threads for the steps of one computation, the calling thread leading. */
    Team team(Cancellation cancellation) {
        return new Team(helpers(), executor == null ? 0 : threads - 1, cancellation);
    }

    /** Lets what calls have begun end, and interrupts what is done in the background. */
    @Override
    public void close() {
        background.end();
        if (own != null) {
            own.shutdown();
        }
    }

    private static Thread newThread(Runnable runnable) {
        Thread thread = new Thread(runnable, "purerank-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** What is done in the background; stops when it is interrupted. */
    interface BackgroundTask {
        void run() throws InterruptedException;
    }

    /** A task and the thread that is at it. */
    private static final class Background {
        private Thread thread;
        private boolean over;

        void run(int delayMillis, BackgroundTask task) {
            synchronized (this) {
                if (over) {
                    return;
                }
                thread = Thread.currentThread();
            }
            try {
                Thread.sleep(delayMillis);
                task.run();
            } catch (InterruptedException e) {
                // Nobody needs it any more.
            } finally {
                synchronized (this) {
                    thread = null;
                }
                // The interruption was meant for the task.
                Thread.interrupted();
            }
        }

        synchronized void end() {
            over = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** One call's tasks. */
    private static final class Run {
        private final int count;
        private final Cancellation cancellation;
        /** Null when all is over: a helper that has not come yet would hold on to all that the task works on. */
        private IntConsumer task;

        private final AtomicInteger next = new AtomicInteger();
        private int helping;
        private boolean over;
        private Throwable failure;

        Run(int count, Cancellation cancellation, IntConsumer task) {
            this.count = count;
            this.cancellation = cancellation;
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
                    if (leading) {
                        cancellation.check();
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
