package io.github.purerank.kernel;

import java.util.Arrays;

/**
 * The kernels in plain Java: the reference to read, the oracle of the tests, and what runs where the Vector API is missing.
 *
 * <p>All products come down to {@link #accumulate}: the loop over the outputs is the innermost and runs along whole arrays,
 * since that is the form which the JVM's compilers turn into vector instructions by themselves (measured in docs/kernels.md).
 */
final class ScalarKernels implements Kernels {
    /** Sums over a row run through this many partial sums, whatever the width of a vector. */
    static final int LANES = 16;
    /**
     * Sums over the keys of attention are sums of sums over so many keys. In one long chain every addition rounds to the last place
     * of a sum that has grown large; with numbers as alike as the shares of many keys that adds up.
     */
    static final int KEY_BLOCK = 64;
    /** Rows of a product that are worked on together: each piece of the weights is used by all of them while it is near. */
    private static final int BLOCK_ROWS = 48;
    /** Input features of a piece: with 384 outputs their weights are 36 kB, about the first-level cache. */
    private static final int BLOCK_INPUTS = 24;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public RowProducts rowProducts() {
        return new ScalarRowProducts();
    }

    @Override
    public PackedMatrix allocate(int inFeatures, int outFeatures) {
        return new TransposedMatrix(inFeatures, outFeatures);
    }

    @Override
    public void linear(
            Matrix in,
            int inRow,
            int rowCount,
            PackedMatrix weight,
            ColumnRange columns,
            Matrix out,
            int outRow,
            Scratch scratch) {
        int outFeatures = weight.outFeatures();
        for (int block = 0; block < rowCount; block += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, rowCount - block);
            float[][] sums = scratch.sums(rows, outFeatures);
            for (int m = 0; m < rows; m++) {
                System.arraycopy(weight.bias(), 0, sums[m], 0, outFeatures);
            }
            for (int k = 0; k < weight.inFeatures(); k += BLOCK_INPUTS) {
                int inputs = Math.min(BLOCK_INPUTS, weight.inFeatures() - k);
                float[][] weights = weight.byInput(k, inputs, scratch);
                for (int m = 0; m < rows; m++) {
                    accumulate(in.data(), in.at(inRow + block + m) + k, weights, 0, inputs, sums[m], outFeatures);
                }
            }
            for (int m = 0; m < rows; m++) {
                int to = out.at(outRow + block + m) + columns.from();
                System.arraycopy(sums[m], columns.from(), out.data(), to, columns.to() - columns.from());
            }
        }
    }

    /** sums[n] = sums[n] + sum over k of x[at + k] * w[row + k][n], in the order of k. */
    private static void accumulate(float[] x, int at, float[][] w, int row, int count, float[] sums, int outputs) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            int i = at + k;
            int j = row + k;
            accumulateFour(x[i], w[j], x[i + 1], w[j + 1], x[i + 2], w[j + 2], x[i + 3], w[j + 3], sums, outputs);
        }
        for (; k < count; k++) {
            accumulateOne(x[at + k], w[row + k], sums, outputs);
        }
    }

    private static void accumulateOne(float x, float[] w, float[] sums, int outputs) {
        for (int n = 0; n < outputs; n++) {
            sums[n] = Math.fma(x, w[n], sums[n]);
        }
    }

    /** {@link #accumulateOne} four times over, in one pass over the sums. */
    private static void accumulateFour(
            float x0,
            float[] w0,
            float x1,
            float[] w1,
            float x2,
            float[] w2,
            float x3,
            float[] w3,
            float[] sums,
            int outputs) {
        for (int n = 0; n < outputs; n++) {
            sums[n] = Math.fma(x3, w3[n], Math.fma(x2, w2[n], Math.fma(x1, w1[n], Math.fma(x0, w0[n], sums[n]))));
        }
    }

    @Override
    public void attention(
            AttentionHeads heads,
            Matrix queries,
            int queryRow,
            int queryCount,
            Matrix keysAndValues,
            int keyRow,
            int keyCount,
            Matrix context,
            int contextRow,
            Scratch scratch) {
        int headSize = heads.headSize();
        float[] kv = keysAndValues.data();
        float[][] queriesByFeature = scratch.queriesByFeature(headSize, queryCount);
        float[][] valuesByFeature = scratch.valuesByFeature(headSize, keyCount);
        float[][] scoresByKey = scratch.sums(keyCount, queryCount);
        float[] inverses = scratch.queries(queryCount);
        float[] sums = scratch.output(queryCount);
        float[] blockSums = scratch.blockSums(queryCount);
        for (int h = 0; h < heads.headCount(); h++) {
            int column = h * headSize;
            for (int t = 0; t < queryCount; t++) {
                int from = queries.at(queryRow + t) + heads.queryColumn() + column;
                for (int s = 0; s < headSize; s++) {
                    queriesByFeature[s][t] = queries.data()[from + s] * heads.scale();
                }
            }
            for (int j = 0; j < keyCount; j++) {
                int row = keysAndValues.at(keyRow + j) + column;
                Arrays.fill(scoresByKey[j], 0, queryCount, 0f);
                accumulate(kv, row + heads.keyColumn(), queriesByFeature, 0, headSize, scoresByKey[j], queryCount);
                for (int s = 0; s < headSize; s++) {
                    valuesByFeature[s][j] = kv[row + heads.valueColumn() + s];
                }
            }
            softmaxNumerators(scoresByKey, keyCount, queryCount, inverses);
            for (int s = 0; s < headSize; s++) {
                Arrays.fill(sums, 0, queryCount, 0f);
                for (int j = 0; j < keyCount; j += KEY_BLOCK) {
                    int keys = Math.min(KEY_BLOCK, keyCount - j);
                    Arrays.fill(blockSums, 0, queryCount, 0f);
                    accumulate(valuesByFeature[s], j, scoresByKey, j, keys, blockSums, queryCount);
                    for (int t = 0; t < queryCount; t++) {
                        sums[t] += blockSums[t];
                    }
                }
                for (int t = 0; t < queryCount; t++) {
                    context.data()[context.at(contextRow + t) + column + s] = sums[t] * inverses[t];
                }
            }
        }
    }

    /**
     * The softmax but for its division, which is left to the sums of the values ({@link AttentionWeights} has all of it): scores
     * (keys, queries) to exp(score - the query's largest), in place, and one over each query's sum of them.
     */
    private static void softmaxNumerators(float[][] scores, int keyCount, int queryCount, float[] inverses) {
        for (int t = 0; t < queryCount; t++) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < keyCount; j++) {
                largest = scores[j][t] > largest ? scores[j][t] : largest;
            }
            float total = 0f;
            for (int block = 0; block < keyCount; block += KEY_BLOCK) {
                float blockTotal = 0f;
                for (int j = block; j < Math.min(block + KEY_BLOCK, keyCount); j++) {
                    scores[j][t] = Polynomials.exp(scores[j][t] - largest);
                    blockTotal += scores[j][t];
                }
                total += blockTotal;
            }
            inverses[t] = 1f / total;
        }
    }

    @Override
    public void layerNorm(
            Matrix x, int row, int rowCount, float[] weight, float[] bias, float epsilon, Scratch scratch) {
        float[] data = x.data();
        int columns = x.columns();
        float[] lanes = scratch.lanes();
        for (int m = 0; m < rowCount; m++) {
            int at = x.at(row + m);
            Arrays.fill(lanes, 0f);
            for (int n = 0; n < columns; n++) {
                lanes[n % LANES] += data[at + n];
            }
            float mean = sumOfLanes(lanes) / columns;
            Arrays.fill(lanes, 0f);
            for (int n = 0; n < columns; n++) {
                float difference = data[at + n] - mean;
                lanes[n % LANES] = Math.fma(difference, difference, lanes[n % LANES]);
            }
            float inverse = inverseDeviation(sumOfLanes(lanes) / columns, epsilon);
            for (int n = 0; n < columns; n++) {
                data[at + n] = Math.fma((data[at + n] - mean) * inverse, weight[n], bias[n]);
            }
        }
    }

    /** The partial sums in a fixed order: halves onto each other, 8 + 4 + 2 + 1. */
    static float sumOfLanes(float[] lanes) {
        return sumOfLanes(lanes, 0);
    }

    /** The same of those from {@code l} on; written out, since loops over so few take longer than the additions. */
    static float sumOfLanes(float[] lanes, int l) {
        float sum0 = (lanes[l] + lanes[l + 8]) + (lanes[l + 4] + lanes[l + 12]);
        float sum1 = (lanes[l + 1] + lanes[l + 9]) + (lanes[l + 5] + lanes[l + 13]);
        float sum2 = (lanes[l + 2] + lanes[l + 10]) + (lanes[l + 6] + lanes[l + 14]);
        float sum3 = (lanes[l + 3] + lanes[l + 11]) + (lanes[l + 7] + lanes[l + 15]);
        return (sum0 + sum2) + (sum1 + sum3);
    }

    static float inverseDeviation(float variance, float epsilon) {
        return 1f / (float) Math.sqrt(variance + epsilon);
    }

    @Override
    public void add(Matrix x, int xRow, Matrix y, int yRow, int rowCount) {
        for (int m = 0; m < rowCount; m++) {
            int a = x.at(xRow + m);
            int b = y.at(yRow + m);
            for (int n = 0; n < x.columns(); n++) {
                x.data()[a + n] += y.data()[b + n];
            }
        }
    }

    @Override
    public void apply(Elementwise function, Matrix x, int row, int rowCount) {
        float[] data = x.data();
        for (int m = 0; m < rowCount; m++) {
            int from = x.at(row + m);
            int to = from + x.columns();
            switch (function) {
                case GELU -> {
                    for (int i = from; i < to; i++) {
                        data[i] = Polynomials.gelu(data[i]);
                    }
                }
                case GELU_TANH -> {
                    for (int i = from; i < to; i++) {
                        data[i] = Polynomials.geluTanh(data[i]);
                    }
                }
                case RELU -> {
                    for (int i = from; i < to; i++) {
                        data[i] = Polynomials.relu(data[i]);
                    }
                }
                case TANH -> {
                    for (int i = from; i < to; i++) {
                        data[i] = Polynomials.tanh(data[i]);
                    }
                }
            }
        }
    }
}
