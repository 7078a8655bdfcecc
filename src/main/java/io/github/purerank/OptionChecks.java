package io.github.purerank;

import java.time.Duration;

/** What options ask of their values. */
final class OptionChecks {
    private OptionChecks() {}

    /** Returns the value; refuses one below 1. */
    static int requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
        return value;
    }

    /** The same where 0 stands for no value. */
    static void requirePositiveOrNone(int value, String name) {
        if (value != 0) {
            requirePositive(value, name);
        }
    }

    /** Refuses a negative time; null stands for none. */
    static void requireTimeout(Duration timeout) {
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: expected 0 or more, found " + timeout);
        }
    }

    /** Refuses a length that the special tokens alone exceed. */
    static void requireLength(int tokenLimit, int specialCount, String what) {
        if (tokenLimit < specialCount) {
            throw new OptionException(
                    "maxLength",
                    "expected at least " + specialCount + ", the special tokens of " + what + ", found " + tokenLimit);
        }
    }
}
