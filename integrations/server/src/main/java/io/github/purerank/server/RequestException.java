package io.github.purerank.server;

/** A request that cannot be answered: the status says whose fault that is. */
final class RequestException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why, in the words of HTTP. */
    enum Reason {
        INVALID(422),
        MALFORMED(400),
        UNAUTHORIZED(401),
        NOT_FOUND(404),
        METHOD(405),
        TOO_LARGE(413),
        MEDIA_TYPE(415),
        OVERLOADED(429),
        FAILED(500),
        TIMEOUT(504);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final Reason reason;
    private final int retryAfterSeconds;

    RequestException(Reason reason, String message) {
        this(reason, message, 0);
    }

    private RequestException(Reason reason, String message, int retryAfterSeconds) {
        super(message);
        this.reason = reason;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static RequestException overloaded(int retryAfterSeconds) {
        return new RequestException(
                Reason.OVERLOADED, "too many requests are waiting; try again later", retryAfterSeconds);
    }

    Reason reason() {
        return reason;
    }

    /** 0 for nothing to say. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
