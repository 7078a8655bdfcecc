package io.github.purerank.load;

import java.io.IOException;

/** A model could not be fetched. The message is one line; where the user can do something about it, it says what. */
public final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    FetchException(String message) {
        super(OneLine.of(message));
    }

    FetchException(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }
}
