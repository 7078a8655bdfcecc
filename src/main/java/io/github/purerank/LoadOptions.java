package io.github.purerank;

import java.util.concurrent.Executor;

/**
 * How a model is loaded. Immutable; begin with {@link #defaults()}.
 *
 * @param threads how many threads a call may use; the caller's own counts as one
 * @param executor where the threads beside the caller's come from; null for daemon threads of the model's own
 */
public record LoadOptions(int threads, Executor executor) {
    private static final LoadOptions DEFAULTS =
            new LoadOptions(Runtime.getRuntime().availableProcessors(), null);

    /** Checks that there is at least one thread. */
    public LoadOptions {
        OptionChecks.requirePositive(threads, "threads");
    }

    /** As many threads as the machine has processors. */
    public static LoadOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another number of threads. Scores do not depend on it. */
    public LoadOptions withThreads(int newThreads) {
        return new LoadOptions(newThreads, executor);
    }

    /**
     * The same with the caller's executor. Work is never waited for that the executor has not begun, so one that is busy
     * only slows scoring down. It is not shut down when the model is closed.
     */
    public LoadOptions withExecutor(Executor newExecutor) {
        return new LoadOptions(threads, newExecutor);
    }
}
