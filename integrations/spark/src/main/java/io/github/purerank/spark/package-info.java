/** Scores pairs of texts that are rows of a Spark Dataset, in its executors. */
package io.github.purerank.spark;
