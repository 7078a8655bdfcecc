package io.github.purerank;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** What makes a call end before its work is done: an interruption of the calling thread, or the end of its time. */
final class Cancellation {
    /** Nothing but an interruption. */
    static final Cancellation BY_INTERRUPTION = new Cancellation(null);

    /** Null for any time. */
    private final Duration timeout;

    private final long begin = System.nanoTime();

    private Cancellation(Duration timeout) {
        this.timeout = timeout;
    }

    /** For a call that begins now. */
    static Cancellation of(PredictOptions options) {
        Objects.requireNonNull(options, "options");
        return within(options.timeout());
    }

    /** The same with a limit; null for none. */
    static Cancellation within(Duration timeout) {
        return timeout == null ? BY_INTERRUPTION : new Cancellation(timeout);
    }

    /**
     * To be called by the thread that made the call, again and again.
     *
     * @throws ScoringTimeoutException if the time is over
     * @throws CancellationException if this thread is interrupted; it stays so
     */
    void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while scoring");
        }
        if (timeout != null && timeout.compareTo(Duration.ofNanos(System.nanoTime() - begin)) <= 0) {
            throw new ScoringTimeoutException(timeout);
        }
    }
}
