/** PureRank as a {@code Rescorer} of Lucene, and its vectors in Lucene's search. */
package io.github.purerank.lucene;
