package io.github.purerank;

/**
 * One document of a ranking.
 *
 * @param index the document's place in the list that was ranked, from 0
 * @param score its relevance to the query, after the model's activation; higher is better
 * @param text the document itself
 */
public record RankedDocument(int index, float score, String text) {}
