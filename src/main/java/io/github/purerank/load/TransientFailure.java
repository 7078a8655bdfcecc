package io.github.purerank.load;

import java.io.IOException;

/** A request that failed and may succeed when it is made again. */
final class TransientFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final long retryAfterMillis;

    /** A failure after which the server asks to be left alone for a while; 0 if it does not. */
    TransientFailure(String message, long retryAfterMillis, Throwable cause) {
        super(message, cause);
        this.retryAfterMillis = retryAfterMillis;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }
}
