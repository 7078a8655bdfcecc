package io.github.purerank;

/**
 * One of the caller's own objects in a ranking.
 *
 * @param <T> what was ranked
 * @param index the item's place in the collection's order, from 0
 * @param score its relevance to the query, after the model's activation; higher is better
 * @param item the object itself
 * @param window the part of its text that the score is of: all of it, or if it is too long what is left of it or the best window
 *     ({@link LongText})
 */
public record RankedItem<T>(int index, float score, T item, TextRange window) {}
