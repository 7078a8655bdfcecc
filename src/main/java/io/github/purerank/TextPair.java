package io.github.purerank;

import java.util.Objects;

/**
 * A query and a passage to be scored against each other.
 *
 * @param query the first text; may be empty
 * @param passage the second text; may be empty
 */
public record TextPair(String query, String passage) {
    /** Checks that neither text is null. */
    public TextPair {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(passage, "passage");
    }
}
