package io.github.purerank;

/**
 * A text, or a pair of them, that has more tokens than the model has positions. A maximal length that is not above these, or windows
 * ({@link PredictOptions#withLongText}), let it be computed.
 */
public final class TooManyTokensException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** Says what of the caller's it is, counted from 0 as the caller counts. */
    TooManyTokensException(String name, int tokens, int positions) {
        super(name + ": " + reason(tokens, positions));
        this.reason = reason(tokens, positions);
    }

    private static String reason(int tokens, int positions) {
        return tokens + " tokens where the model has " + positions + " positions";
    }

    /** What is wrong, without the place in the caller's list. */
    public String reason() {
        return reason;
    }
}
