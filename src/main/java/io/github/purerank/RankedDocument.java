package io.github.purerank;

/**
 * One document of a ranking.
 *
 * @param index the document's place in the list that was ranked, from 0
 * @param score its relevance to the query, after the model's activation; higher is better
 * @param text the document itself; null if it was not asked for ({@link RankOptions#returnDocuments})
 * @param window the part of the text that the score is of: all of it, or if it is too long what is left of it or the best window
 *     ({@link LongText})
 */
public record RankedDocument(int index, float score, String text, TextRange window) {}
