package io.github.purerank.kernel;

import java.util.Arrays;

/**
 * The kernels in plain Java: the reference to read, the oracle of the tests, and what runs where the Vector API is missing.
 *
 * <p>The loops are the textbook's, but for one thing. In a product the loop over the outputs is the innermost, over arrays
 * that are read from their beginnings, since that is the form which the JVM's compilers turn into vector instructions
 * (measured in docs/kernels.md).
 */
final class ScalarKernels implements Kernels {
    /** Sums over a row run through this many partial sums, whatever the width of a vector. */
    static final int LANES = 16;

    @Override
    public String name() {
        return "scalar";
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
        TransposedMatrix w = (TransposedMatrix) weight;
        int inFeatures = w.inFeatures();
        int outFeatures = w.outFeatures();
        float[] sums = scratch.output(outFeatures);
        for (int m = 0; m < rowCount; m++) {
            int x = in.at(inRow + m);
            System.arraycopy(w.bias(), 0, sums, 0, outFeatures);
            int k = 0;
            for (; k + 4 <= inFeatures; k += 4) {
                addFourInputs(in.data(), x + k, w, k, sums, outFeatures);
            }
            for (; k < inFeatures; k++) {
                addInput(in.data()[x + k], w.ofInput(k), sums, outFeatures);
            }
            int count = columns.to() - columns.from();
            System.arraycopy(sums, columns.from(), out.data(), out.at(outRow + m) + columns.from(), count);
        }
    }

    private static void addInput(float x, float[] weights, float[] sums, int outFeatures) {
        for (int n = 0; n < outFeatures; n++) {
            sums[n] = Math.fma(x, weights[n], sums[n]);
        }
    }

    /** Four times {@link #addInput} in one pass over the sums. */
    private static void addFourInputs(float[] x, int at, TransposedMatrix w, int k, float[] sums, int outFeatures) {
        float x0 = x[at];
        float x1 = x[at + 1];
        float x2 = x[at + 2];
        float x3 = x[at + 3];
        float[] w0 = w.ofInput(k);
        float[] w1 = w.ofInput(k + 1);
        float[] w2 = w.ofInput(k + 2);
        float[] w3 = w.ofInput(k + 3);
        for (int n = 0; n < outFeatures; n++) {
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
        float scale = heads.scale();
        float[] kv = keysAndValues.data();
        float[] query = scratch.queries(headSize);
        float[] scores = scratch.scores(keyCount);
        float[] sums = scratch.output(headSize);
        for (int h = 0; h < heads.headCount(); h++) {
            int keyColumn = heads.keyColumn() + h * headSize;
            int valueColumn = heads.valueColumn() + h * headSize;
            for (int t = 0; t < queryCount; t++) {
                int q = queries.at(queryRow + t) + heads.queryColumn() + h * headSize;
                for (int s = 0; s < headSize; s++) {
                    query[s] = queries.data()[q + s] * scale;
                }
                for (int j = 0; j < keyCount; j++) {
                    scores[j] = dot(query, kv, keysAndValues.at(keyRow + j) + keyColumn, headSize);
                }
                float total = expOfDifferenceToLargest(scores, keyCount);
                Arrays.fill(sums, 0, headSize, 0f);
                for (int j = 0; j < keyCount; j++) {
                    int v = keysAndValues.at(keyRow + j) + valueColumn;
                    for (int s = 0; s < headSize; s++) {
                        sums[s] = Math.fma(scores[j], kv[v + s], sums[s]);
                    }
                }
                float inverse = 1f / total;
                int c = context.at(contextRow + t) + h * headSize;
                for (int s = 0; s < headSize; s++) {
                    context.data()[c + s] = sums[s] * inverse;
                }
            }
        }
    }

    private static float dot(float[] query, float[] keys, int at, int headSize) {
        float sum = 0f;
        for (int s = 0; s < headSize; s++) {
            sum = Math.fma(query[s], keys[at + s], sum);
        }
        return sum;
    }

    /** The numerators of a softmax, in place; returns their sum. */
    private static float expOfDifferenceToLargest(float[] scores, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            largest = scores[j] > largest ? scores[j] : largest;
        }
        float total = 0f;
        for (int j = 0; j < count; j++) {
            scores[j] = Polynomials.exp(scores[j] - largest);
            total += scores[j];
        }
        return total;
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
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int l = 0; l < width; l++) {
                lanes[l] += lanes[l + width];
            }
        }
        return lanes[0];
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
