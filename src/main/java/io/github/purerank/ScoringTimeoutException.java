package io.github.purerank;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** A call did not end within {@link PredictOptions#timeout}; what it had scored is lost. */
public final class ScoringTimeoutException extends CancellationException {
    private static final long serialVersionUID = 1;

    ScoringTimeoutException(Duration timeout) {
        super("not done within the timeout of " + timeout.toMillis() + " ms");
    }
}
