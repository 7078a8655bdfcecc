package io.github.purerank.kernel;

import static io.github.purerank.kernel.ScalarKernels.KEY_BLOCK;
import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of one text pair with the queries side by side in vectors.
 *
 * <p>For a block of up to {@link PackedMatrix#PANEL} queries the scores are computed as (keys * queries^T), one row a key. So a
 * lane belongs to one query throughout: the softmax needs no sum across lanes, its sum over the keys runs in the order of
 * the scalar kernels, and the rows of scores are at once the strips from which the product with the values reads its
 * left side.
 */
final class VectorAttention {
    private static final int PANEL = PackedMatrix.PANEL;
    /** Rows of a tile of the product with the values; divides {@link PackedMatrix#PANEL}. */
    private static final int TILE = VectorTiles.TALLEST >= 8 ? 8 : 4;

    private static final float[] ZEROS = new float[PANEL];

    private VectorAttention() {}

    static void attention(
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
        int paddedHeadSize = PackedMatrix.roundUpToPanel(headSize);
        float[] keyStrips = scratch.strips(keyCount * headSize);
        float[] queryPanel = scratch.queries(headSize * PANEL);
        float[] valuePanels = scratch.values(keyCount * paddedHeadSize);
        float[] scores = scratch.scores(keyCount * PANEL);
        float[] output = scratch.output(PANEL * paddedHeadSize);
        float[] blockSums = scratch.blockSums(PANEL * paddedHeadSize);
        float[] kv = keysAndValues.data();
        int kvAt = keysAndValues.at(keyRow);
        for (int h = 0; h < heads.headCount(); h++) {
            int column = h * headSize;
            VectorTiles.pack(
                    kv, kvAt + heads.keyColumn() + column, keysAndValues.stride(), keyCount, headSize, keyStrips);
            packValues(
                    kv, kvAt + heads.valueColumn() + column, keysAndValues.stride(), keyCount, headSize, valuePanels);
            for (int t = 0; t < queryCount; t += PANEL) {
                int block = Math.min(PANEL, queryCount - t);
                int queryAt = queries.at(queryRow + t) + heads.queryColumn() + column;
                packQueries(queries.data(), queryAt, queries.stride(), block, headSize, heads.scale(), queryPanel);
                VectorTiles.multiply(keyStrips, keyCount, headSize, queryPanel, 0, ZEROS, 0, scores, 0, PANEL);
                softmaxNumerators(scores, keyCount, block, scratch.largest(), scratch.inverses());
                multiplyByValues(scores, keyCount, block, valuePanels, paddedHeadSize, output, blockSums);
                int contextAt = context.at(contextRow + t) + column;
                for (int q = 0; q < block; q++) {
                    float inverse = scratch.inverses()[q];
                    int from = q * paddedHeadSize;
                    int to = contextAt + q * context.stride();
                    for (int s = 0; s < headSize; s++) {
                        context.data()[to + s] = output[from + s] * inverse;
                    }
                }
            }
        }
    }

    /** Values (T, S) into panels of columns, zero where S ends within one. */
    private static void packValues(float[] rows, int at, int stride, int keyCount, int headSize, float[] panels) {
        for (int s = 0; s < headSize; s += PANEL) {
            int columns = Math.min(PANEL, headSize - s);
            for (int j = 0; j < keyCount; j++) {
                int to = s * keyCount + j * PANEL;
                System.arraycopy(rows, at + j * stride + s, panels, to, columns);
                Arrays.fill(panels, to + columns, to + PANEL, 0f);
            }
        }
    }

    /** scale * queries^T as one panel (S, PANEL), zero beyond the block's last query. */
    private static void packQueries(
            float[] rows, int at, int stride, int block, int headSize, float scale, float[] panel) {
        for (int q = 0; q < block; q++) {
            int from = at + q * stride;
            for (int s = 0, to = q; s < headSize; s++, to += PANEL) {
                panel[to] = rows[from + s] * scale;
            }
        }
        for (int s = 0; s < headSize; s++) {
            Arrays.fill(panel, s * PANEL + block, (s + 1) * PANEL, 0f);
        }
    }

    /** scores (T, PANEL) to exp(score - the query's largest), in place, and one over each query's sum of them. */
    private static void softmaxNumerators(
            float[] scores, int keyCount, int block, float[] largestOfQueries, float[] inverses) {
        Arrays.fill(inverses, 0f);
        for (int q = 0; q < block; q += LANES) {
            FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < keyCount; j++) {
                FloatVector score = FloatVector.fromArray(SPECIES, scores, j * PANEL + q);
                largest = largest.blend(score, score.compare(VectorOperators.GT, largest));
            }
            largest.intoArray(largestOfQueries, q);
            for (int j = 0; j < keyCount; j += KEY_BLOCK) {
                int keys = Math.min(KEY_BLOCK, keyCount - j);
                VectorMath.expAndSum(scores, j * PANEL + q, PANEL, keys, largestOfQueries, inverses, q);
            }
            FloatVector total = FloatVector.fromArray(SPECIES, inverses, q);
            FloatVector.broadcast(SPECIES, 1f).div(total).intoArray(inverses, q);
        }
    }

    /** output (block, S) = numerators^T * values. */
    private static void multiplyByValues(
            float[] scores,
            int keyCount,
            int block,
            float[] valuePanels,
            int paddedHeadSize,
            float[] output,
            float[] blockSums) {
        for (int s = 0; s < paddedHeadSize; s += PANEL) {
            for (int n = 0; n < PANEL; n += 2 * LANES) {
                for (int q = 0; q < block; q += TILE) {
                    int to = q * paddedHeadSize + s + n;
                    for (int j = 0; j < keyCount; j += KEY_BLOCK) {
                        int a = j * PANEL + q;
                        int b = s * keyCount + j * PANEL + n;
                        int keys = Math.min(KEY_BLOCK, keyCount - j);
                        float[] sums = j == 0 ? output : blockSums;
                        if (TILE == 8) {
                            VectorTiles.rows8(
                                    scores, a, PANEL, valuePanels, b, keys, ZEROS, n, sums, to, paddedHeadSize);
                        } else {
                            VectorTiles.rows4(
                                    scores, a, PANEL, valuePanels, b, keys, ZEROS, n, sums, to, paddedHeadSize);
                        }
                        if (j > 0) {
                            addTile(blockSums, output, to, paddedHeadSize);
                        }
                    }
                }
            }
        }
    }

    /** A plain loop, which is fast from the first call on: a warm-up does not come here. */
    private static void addTile(float[] sums, float[] output, int at, int stride) {
        for (int row = 0; row < TILE; row++) {
            int from = at + row * stride;
            for (int i = from; i < from + 2 * LANES; i++) {
                output[i] += sums[i];
            }
        }
    }
}
