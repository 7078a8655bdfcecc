package io.github.purerank.cli;

import io.github.purerank.TextPair;

/**
 * One row of input.
 *
 * @param pair its texts
 * @param maxLength the row's own limit on tokens; 0 for none
 */
record PairRow(TextPair pair, int maxLength) {}
