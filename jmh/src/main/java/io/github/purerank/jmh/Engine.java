package io.github.purerank.jmh;

import java.io.Closeable;
import java.io.IOException;

/** Something that runs the model. */
interface Engine extends Closeable {
    /**
     * Computes pairs.
     *
     * @param inputIds (pairs, tokens)
     * @param tokenTypeIds (pairs, tokens)
     * @return one number a pair that depends on all of the computation
     */
    float[] score(int[][] inputIds, int[][] tokenTypeIds) throws IOException;
}
