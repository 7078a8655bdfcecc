/** PureRank as a {@code ScoringModel} of LangChain4j. */
package io.github.purerank.langchain4j;
