package io.github.purerank.kernel;

/**
 * The shares in which attention sums the values, as numbers to look at. The kernels never write them down: they divide by the
 * sum of the numerators last, when the values are added up ({@link Kernels#attention}). Numerators and sums here have the same
 * bits as there.
 */
public final class AttentionWeights {
    private AttentionWeights() {}

    /**
     * softmax(queries . keys / sqrt(S)) of one head.
     *
     * @param queryKeyValues (R, ...), the pair's tokens from {@code row} on
     * @param tokenCount T
     * @return (T, T): for each query the share of each key; the shares of a query sum to 1
     */
    public static float[] of(AttentionHeads heads, int head, Matrix queryKeyValues, int row, int tokenCount) {
        float[] weights = new float[Math.multiplyExact(tokenCount, tokenCount)];
        for (int t = 0; t < tokenCount; t++) {
            for (int j = 0; j < tokenCount; j++) {
                weights[t * tokenCount + j] = score(heads, head, queryKeyValues, row + t, row + j);
            }
            softmax(weights, t * tokenCount, tokenCount);
        }
        return weights;
    }

    /** How much a query likes a key: the sum of the products of their elements, over sqrt(S). */
    private static float score(AttentionHeads heads, int head, Matrix queryKeyValues, int queryRow, int keyRow) {
        float[] data = queryKeyValues.data();
        int query = queryKeyValues.at(queryRow) + heads.queryColumn() + head * heads.headSize();
        int key = queryKeyValues.at(keyRow) + heads.keyColumn() + head * heads.headSize();
        float score = 0f;
        for (int s = 0; s < heads.headSize(); s++) {
            score = Math.fma(data[key + s], data[query + s] * heads.scale(), score);
        }
        return score;
    }

    /**
     * x = exp(x) / sum of exp(x), in place. Subtracting the largest first changes no share and keeps exp finite; adding up in
     * blocks keeps the sum near (docs/numerics.md).
     */
    private static void softmax(float[] x, int from, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            largest = x[from + j] > largest ? x[from + j] : largest;
        }
        float total = 0f;
        for (int block = 0; block < count; block += ScalarKernels.KEY_BLOCK) {
            float blockTotal = 0f;
            for (int j = block; j < Math.min(block + ScalarKernels.KEY_BLOCK, count); j++) {
                x[from + j] = Polynomials.exp(x[from + j] - largest);
                blockTotal += x[from + j];
            }
            total += blockTotal;
        }
        float inverse = 1f / total;
        for (int j = 0; j < count; j++) {
            x[from + j] *= inverse;
        }
    }
}
