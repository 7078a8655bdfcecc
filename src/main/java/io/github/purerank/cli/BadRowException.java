package io.github.purerank.cli;

import io.github.purerank.OptionException;
import io.github.purerank.TooManyTokensException;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;

/** A row that cannot be used. The message names its line; the rows after it can be read all the same. */
final class BadRowException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A row that breaks a rule. */
    BadRowException(ModelFormatException cause) {
        super(cause.getMessage(), cause);
    }

    /** A row that a model refuses. */
    BadRowException(String place, IllegalArgumentException cause) {
        super(place + ": " + reason(cause), cause);
    }

    /** A row has no place in a list, and its key is not called as the option is. */
    private static String reason(IllegalArgumentException cause) {
        if (cause instanceof TooManyTokensException tokens) {
            return tokens.reason();
        }
        return cause instanceof OptionException option ? option.reason() : cause.getMessage();
    }
}
