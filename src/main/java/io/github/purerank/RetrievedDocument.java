package io.github.purerank;

/**
 * A document that was found for a query.
 *
 * @param index which, counted from 0 in the order in which the documents were indexed
 * @param score by which it is ranked: the reranker's; where there is none, the same as {@code retrievalScore}
 * @param retrievalScore how alike its vector is to the query's
 * @param text the document
 */
public record RetrievedDocument(int index, float score, float retrievalScore, String text) {}
