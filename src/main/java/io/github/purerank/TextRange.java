package io.github.purerank;

/**
 * A range of a text.
 *
 * @param start where it begins, in UTF-16 units as of {@link String#substring}
 * @param end where it ends, exclusive
 */
public record TextRange(int start, int end) {}
