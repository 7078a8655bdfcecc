/** PureRank as a {@code ScoringModel} and an {@code EmbeddingModel} of LangChain4j. */
package io.github.purerank.langchain4j;
