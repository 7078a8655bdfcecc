package io.github.purerank.fuzz;

import io.github.purerank.format.ModelFormatException;

/** What every named error must keep to. */
final class Refusals {
    private Refusals() {}

    static void check(ModelFormatException e) {
        String message = e.getMessage();
        if (message.length() > 1500) {
            throw new AssertionError("a message of " + message.length() + " characters", e);
        }
        if (message.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new AssertionError("a control character in a message", e);
        }
        if (e.file().isEmpty() || e.expected().isEmpty() || e.found() == null) {
            throw new AssertionError("a message that names too little: " + message, e);
        }
    }
}
