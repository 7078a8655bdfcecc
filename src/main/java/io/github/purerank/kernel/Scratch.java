package io.github.purerank.kernel;

import java.util.Arrays;

/** Working memory of one thread; grows to what the largest call needed and is then reused. */
public final class Scratch {
    private static final float[] NONE = {};
    private static final float[][] NO_ARRAYS = {};

    private float[] strips = NONE;
    private float[] queries = NONE;
    private float[] values = NONE;
    private float[] scores = NONE;
    private float[] output = NONE;
    private float[] blockSums = NONE;
    private float[][] sums = NO_ARRAYS;
    private float[][] weightRows = NO_ARRAYS;
    private float[][] queriesByFeature = NO_ARRAYS;
    private float[][] valuesByFeature = NO_ARRAYS;
    private final float[] lanes = new float[ScalarKernels.LANES];
    private final float[] largest = new float[PackedMatrix.PANEL];
    private final float[] inverses = new float[PackedMatrix.PANEL];

    Scratch() {}

    /** Room for the packed rows of a product's left side. */
    float[] strips(int length) {
        return strips.length >= length ? strips : (strips = new float[length]);
    }

    /** Room for one head's queries. */
    float[] queries(int length) {
        return queries.length >= length ? queries : (queries = new float[length]);
    }

    /** Room for one head's values. */
    float[] values(int length) {
        return values.length >= length ? values : (values = new float[length]);
    }

    /** Room for attention scores. */
    float[] scores(int length) {
        return scores.length >= length ? scores : (scores = new float[length]);
    }

    /** Room for results on their way to a matrix. */
    float[] output(int length) {
        return output.length >= length ? output : (output = new float[length]);
    }

    /** Room for sums over a block of keys. */
    float[] blockSums(int length) {
        return blockSums.length >= length ? blockSums : (blockSums = new float[length]);
    }

    /** The partial sums of one row. */
    float[] lanes() {
        return lanes;
    }

    /** The largest score of each query of a block. */
    float[] largest() {
        return largest;
    }

    /** What the rows of a block of attention results are multiplied by. */
    float[] inverses() {
        return inverses;
    }

    /** Room for sums in whole arrays. */
    float[][] sums(int arrays, int length) {
        return sums = grow(sums, arrays, length);
    }

    /** Room for some inputs' weights, an array an input. */
    float[][] weightRows(int inputs, int outputs) {
        return weightRows = grow(weightRows, inputs, outputs);
    }

    /** Room for one head's queries, an array a feature. */
    float[][] queriesByFeature(int features, int queries) {
        return queriesByFeature = grow(queriesByFeature, features, queries);
    }

    /** Room for one head's values, an array a feature. */
    float[][] valuesByFeature(int features, int values) {
        return valuesByFeature = grow(valuesByFeature, features, values);
    }

    private static float[][] grow(float[][] held, int arrays, int length) {
        float[][] grown = held.length >= arrays ? held : Arrays.copyOf(held, arrays);
        for (int i = 0; i < arrays; i++) {
            if (grown[i] == null || grown[i].length < length) {
                grown[i] = new float[length];
            }
        }
        return grown;
    }
}
