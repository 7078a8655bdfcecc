package io.github.purerank;

/**
 * A vector that a search found.
 *
 * @param index which, counted from 0 in the order in which they were added
 * @param score how alike it is to what was looked for
 */
public record SearchHit(int index, float score) {}
