/** PureRank as a {@code Rescorer} of Lucene. */
package io.github.purerank.lucene;
