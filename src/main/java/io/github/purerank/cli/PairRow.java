package io.github.purerank.cli;

import io.github.purerank.TextPair;

/**
 * One row of input.
 *
 * @param pair its texts
 * @param maxLength the row's own limit on tokens; 0 for none
 * @param place the file and the line, for messages
 */
record PairRow(TextPair pair, int maxLength, String place) {}
