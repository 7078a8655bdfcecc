package io.github.purerank.kernel;

import static io.github.purerank.kernel.TestMatrices.assertSameBits;
import static io.github.purerank.kernel.TestMatrices.copy;
import static io.github.purerank.kernel.TestMatrices.garbage;
import static io.github.purerank.kernel.TestMatrices.get;
import static io.github.purerank.kernel.TestMatrices.random;
import static io.github.purerank.kernel.TestMatrices.randoms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All kernels against naive ones, at sizes on either side of every tile's, panel's and block's edge. A product and a sum over
 * the keys have one order of additions, so there the naive kernels must give the very same bits.
 */
class KernelsTest {
    private static final int[] SIZES = {1, 2, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 100, 129, 383, 384, 385};

    static Stream<Kernels> kernels() {
        return TestKernels.all().stream();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void linearIsOneChainOfMultiplyAdds(Kernels kernels) {
        Random random = new Random(1);
        for (int inFeatures : SIZES) {
            for (int outFeatures : SIZES) {
                int rowCount = 1 + random.nextInt(30);
                checkLinear(kernels, random, rowCount, inFeatures, outFeatures);
            }
        }
        for (int rowCount = 1; rowCount <= 60; rowCount++) {
            checkLinear(kernels, random, rowCount, 33, 65);
        }
        // Past a block of rows, for the vector kernels one of 192 rows with 383 inputs.
        checkLinear(kernels, random, 193, 383, 33);
        checkLinear(kernels, random, 205, 384, 31);
    }

    private static void checkLinear(Kernels kernels, Random random, int rowCount, int inFeatures, int outFeatures) {
        int inRow = random.nextInt(3);
        int outRow = random.nextInt(3);
        Matrix in = random(random, inRow + rowCount, inFeatures);
        float[] weights = randoms(random, outFeatures * inFeatures);
        float[] bias = randoms(random, outFeatures);
        PackedMatrix packed = pack(kernels, random, weights, bias, inFeatures, outFeatures);
        Matrix out = garbage(outRow + rowCount, outFeatures);
        ColumnRange all = ColumnRange.all(outFeatures);
        kernels.linear(in, inRow, rowCount, packed, all, out, outRow, kernels.newScratch());

        Matrix expected = garbage(outRow + rowCount, outFeatures);
        for (int m = 0; m < rowCount; m++) {
            for (int n = 0; n < outFeatures; n++) {
                float sum = bias[n];
                for (int k = 0; k < inFeatures; k++) {
                    sum = Math.fma(get(in, inRow + m, k), weights[n * inFeatures + k], sum);
                }
                expected.data()[expected.at(outRow + m) + n] = sum;
            }
        }
        assertSameBits(expected, out, kernels.name() + ": " + rowCount + " rows, " + inFeatures + " -> " + outFeatures);
    }

    /** Packs in several steps, as loading does. */
    private static PackedMatrix pack(
            Kernels kernels, Random random, float[] weights, float[] bias, int inFeatures, int outFeatures) {
        PackedMatrix packed = kernels.allocate(inFeatures, outFeatures);
        assertEquals(inFeatures, packed.inFeatures());
        assertEquals(outFeatures, packed.outFeatures());
        for (int n = 0, count; n < outFeatures; n += count) {
            count = Math.min(outFeatures - n, 1 + random.nextInt(50));
            packed.setRows(n, weights, n * inFeatures, count);
            packed.setBias(n, bias, n, count);
        }
        return packed;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void linearWritesOnlyTheColumnsAskedFor(Kernels kernels) {
        Random random = new Random(2);
        int outFeatures = 3 * PackedMatrix.PANEL + 5;
        Matrix in = random(random, 14, 20);
        float[] weights = randoms(random, outFeatures * 20);
        PackedMatrix packed = pack(kernels, random, weights, randoms(random, outFeatures), 20, outFeatures);
        Matrix whole = garbage(14, outFeatures);
        kernels.linear(in, 0, 14, packed, ColumnRange.all(outFeatures), whole, 0, kernels.newScratch());
        for (int from = 0; from < outFeatures; from += PackedMatrix.PANEL) {
            for (int to : new int[] {from + PackedMatrix.PANEL, outFeatures}) {
                if (to > outFeatures) {
                    continue;
                }
                Matrix part = garbage(14, outFeatures);
                kernels.linear(in, 0, 14, packed, new ColumnRange(from, to), part, 0, kernels.newScratch());
                Matrix expected = garbage(14, outFeatures);
                for (int m = 0; m < 14; m++) {
                    System.arraycopy(
                            whole.data(), whole.at(m) + from, expected.data(), expected.at(m) + from, to - from);
                }
                assertSameBits(expected, part, kernels.name() + ": columns " + from + " to " + to);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void linearKeepsSpecialValuesInTheirRow(Kernels kernels) {
        float[] special = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -0f, Float.MAX_VALUE
        };
        int columns = 37;
        Random random = new Random(3);
        Matrix in = random(random, special.length + 1, 5);
        for (int m = 0; m < special.length; m++) {
            in.data()[in.at(m) + 2] = special[m];
        }
        float[] weights = randoms(random, columns * 5);
        float[] bias = randoms(random, columns);
        PackedMatrix packed = pack(kernels, random, weights, bias, 5, columns);
        Matrix out = garbage(special.length + 1, columns);
        kernels.linear(in, 0, in.rows(), packed, ColumnRange.all(columns), out, 0, kernels.newScratch());
        for (int m = 0; m < in.rows(); m++) {
            for (int n = 0; n < columns; n++) {
                float sum = bias[n];
                for (int k = 0; k < 5; k++) {
                    sum = Math.fma(get(in, m, k), weights[n * 5 + k], sum);
                }
                assertEquals(sum, get(out, m, n), kernels.name() + ": row " + m);
            }
        }
    }

    @Test
    void columnRangesBeginAtAPanel() {
        assertThrows(IllegalArgumentException.class, () -> new ColumnRange(1, 32));
        assertThrows(IllegalArgumentException.class, () -> new ColumnRange(-32, 32));
        assertThrows(IllegalArgumentException.class, () -> new ColumnRange(32, 32));
        assertEquals(new ColumnRange(0, 5), ColumnRange.all(5));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void attentionIsSoftmaxOverTheKeysInTheirOrder(Kernels kernels) {
        Random random = new Random(4);
        int[] tokenCounts = {1, 2, 7, 8, 9, 11, 12, 13, 31, 32, 33, 40, 63, 64, 65, 97, 128, 129, 200};
        for (int tokenCount : tokenCounts) {
            for (int headSize : new int[] {1, 2, 25, 26, 31, 32, 33, 64, 65}) {
                checkAttention(kernels, random, 1 + random.nextInt(3), headSize, tokenCount, tokenCount);
                checkAttention(kernels, random, 1 + random.nextInt(3), headSize, 1, tokenCount);
            }
        }
    }

    private static void checkAttention(
            Kernels kernels, Random random, int headCount, int headSize, int queryCount, int keyCount) {
        int width = headCount * headSize;
        int third = PackedMatrix.roundUpToPanel(width);
        AttentionHeads heads = new AttentionHeads(headCount, headSize, 3, third, 2 * third + 1);
        int queryRow = random.nextInt(3);
        int keyRow = random.nextInt(3);
        int contextRow = random.nextInt(3);
        Matrix queries = random(random, queryRow + queryCount, third);
        Matrix keysAndValues = random(random, keyRow + keyCount, 2 * third + 1 + width);
        Matrix context = garbage(contextRow + queryCount, width);
        if (third < 3 + width) {
            heads = new AttentionHeads(headCount, headSize, 0, third, 2 * third + 1);
        }
        kernels.attention(
                heads,
                queries,
                queryRow,
                queryCount,
                keysAndValues,
                keyRow,
                keyCount,
                context,
                contextRow,
                kernels.newScratch());
        Matrix expected = garbage(contextRow + queryCount, width);
        for (int h = 0; h < headCount; h++) {
            for (int t = 0; t < queryCount; t++) {
                float[] shares = new float[keyCount];
                float largest = Float.NEGATIVE_INFINITY;
                for (int j = 0; j < keyCount; j++) {
                    for (int s = 0; s < headSize; s++) {
                        float query =
                                get(queries, queryRow + t, heads.queryColumn() + h * headSize + s) * heads.scale();
                        float key = get(keysAndValues, keyRow + j, heads.keyColumn() + h * headSize + s);
                        shares[j] = Math.fma(key, query, shares[j]);
                    }
                    largest = Math.max(largest, shares[j]);
                }
                float total = 0;
                for (int block = 0; block < keyCount; block += 64) {
                    float blockTotal = 0;
                    for (int j = block; j < Math.min(block + 64, keyCount); j++) {
                        shares[j] = Polynomials.exp(shares[j] - largest);
                        blockTotal += shares[j];
                    }
                    total += blockTotal;
                }
                for (int s = 0; s < headSize; s++) {
                    float sum = 0;
                    for (int block = 0; block < keyCount; block += 64) {
                        float blockSum = 0;
                        for (int j = block; j < Math.min(block + 64, keyCount); j++) {
                            float value = get(keysAndValues, keyRow + j, heads.valueColumn() + h * headSize + s);
                            blockSum = Math.fma(shares[j], value, blockSum);
                        }
                        sum += blockSum;
                    }
                    expected.data()[expected.at(contextRow + t) + h * headSize + s] = sum * (1 / total);
                }
            }
        }
        assertSameBits(
                expected,
                context,
                kernels.name() + ": " + headCount + " heads of " + headSize + ", " + queryCount + " queries, "
                        + keyCount + " keys");
    }

    /** Shares and values that are much alike: in one long chain over the keys the sums would be off by four times as much. */
    @ParameterizedTest
    @MethodSource("kernels")
    void attentionOverManyKeysIsNearDoublePrecision(Kernels kernels) {
        Random random = new Random(8);
        int keyCount = 509;
        int queryCount = 20;
        int headSize = 16;
        AttentionHeads heads = new AttentionHeads(1, headSize, 0, 0, headSize);
        Matrix queries = random(random, queryCount, headSize);
        Matrix keysAndValues = new Matrix(keyCount, 2 * headSize);
        for (int j = 0; j < keyCount; j++) {
            for (int s = 0; s < 2 * headSize; s++) {
                keysAndValues.data()[keysAndValues.at(j) + s] = 1 + random.nextFloat() / 16;
            }
        }
        Matrix context = new Matrix(queryCount, headSize);
        kernels.attention(heads, queries, 0, queryCount, keysAndValues, 0, keyCount, context, 0, kernels.newScratch());
        double squares = 0;
        for (int t = 0; t < queryCount; t++) {
            double total = 0;
            double[] sums = new double[headSize];
            for (int j = 0; j < keyCount; j++) {
                double score = 0;
                for (int s = 0; s < headSize; s++) {
                    score += get(queries, t, s) / Math.sqrt(headSize) * get(keysAndValues, j, s);
                }
                total += Math.exp(score);
                for (int s = 0; s < headSize; s++) {
                    sums[s] += Math.exp(score) * get(keysAndValues, j, headSize + s);
                }
            }
            for (int s = 0; s < headSize; s++) {
                double error = get(context, t, s) - sums[s] / total;
                squares += error * error / (queryCount * headSize);
            }
        }
        assertTrue(Math.sqrt(squares) < 2e-7, "typical error " + Math.sqrt(squares));
    }

    /** Scores so far apart that all but the largest become 0, and ones that overflow. */
    @ParameterizedTest
    @MethodSource("kernels")
    void attentionWithExtremeScores(Kernels kernels) {
        AttentionHeads heads = new AttentionHeads(1, 1, 0, 0, 1);
        float[][] keys = {{1e4f, -1e4f, 0f}, {88f, 0f, -88f}, {3e38f, 1f, -3e38f}, {Float.NaN, 0f, 0f}};
        for (float[] row : keys) {
            Matrix query = new Matrix(1, 1);
            query.data()[0] = 1f;
            Matrix keysAndValues = new Matrix(3, 2);
            for (int j = 0; j < 3; j++) {
                keysAndValues.data()[keysAndValues.at(j)] = row[j];
                keysAndValues.data()[keysAndValues.at(j) + 1] = j + 1;
            }
            Matrix context = garbage(1, 1);
            kernels.attention(heads, query, 0, 1, keysAndValues, 0, 3, context, 0, kernels.newScratch());
            // Keys and query are such that the first key takes everything.
            assertEquals(Float.isNaN(row[0]) ? Float.NaN : 1f, get(context, 0, 0), Arrays.toString(row));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void layerNormIsNearDoublePrecision(Kernels kernels) {
        Random random = new Random(5);
        for (int columns : SIZES) {
            Matrix x = random(random, 9, columns);
            Matrix before = copy(x);
            float[] weight = randoms(random, columns);
            float[] bias = randoms(random, columns);
            kernels.layerNorm(x, 2, 5, weight, bias, 1e-5f, kernels.newScratch());
            for (int m = 0; m < 9; m++) {
                double mean = 0;
                double variance = 0;
                for (int n = 0; n < columns; n++) {
                    mean += (double) get(before, m, n) / columns;
                }
                for (int n = 0; n < columns; n++) {
                    variance += (get(before, m, n) - mean) * (get(before, m, n) - mean) / columns;
                }
                for (int n = 0; n < columns; n++) {
                    double expected = get(before, m, n);
                    if (m >= 2 && m < 7) {
                        expected = (expected - mean) / Math.sqrt(variance + 1e-5f) * weight[n] + bias[n];
                    }
                    assertEquals(expected, get(x, m, n), 2e-6, kernels.name() + ": " + columns + " columns");
                }
            }
        }
    }

    /** A row of equal numbers has variance 0: what is left is the bias. A mean far from 0 must not cost the variance. */
    @ParameterizedTest
    @MethodSource("kernels")
    void layerNormOfHardRows(Kernels kernels) {
        int columns = 384;
        Matrix x = new Matrix(2, columns);
        for (int n = 0; n < columns; n++) {
            x.data()[n] = 3f;
            x.data()[x.at(1) + n] = 4096 + n % 2;
        }
        float[] weight = new float[columns];
        Arrays.fill(weight, 1f);
        float[] bias = new float[columns];
        Arrays.fill(bias, 0.25f);
        kernels.layerNorm(x, 0, 2, weight, bias, 1e-12f, kernels.newScratch());
        for (int n = 0; n < columns; n++) {
            assertEquals(0.25f, get(x, 0, n), kernels.name());
            assertEquals(n % 2 == 0 ? -0.75f : 1.25f, get(x, 1, n), 1e-6f, kernels.name());
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void addAddsTheRowsAskedFor(Kernels kernels) {
        Random random = new Random(6);
        for (int columns : SIZES) {
            Matrix x = random(random, 6, columns);
            Matrix y = random(random, 9, columns);
            Matrix expected = copy(x);
            for (int m = 0; m < 4; m++) {
                for (int n = 0; n < columns; n++) {
                    expected.data()[expected.at(1 + m) + n] += get(y, 5 + m, n);
                }
            }
            kernels.add(x, 1, y, 5, 4);
            assertSameBits(expected, x, kernels.name() + ": " + columns + " columns");
        }
    }

    @ParameterizedTest
    @EnumSource(Elementwise.class)
    void applyChangesTheRowsAskedFor(Elementwise function) {
        Random random = new Random(7);
        for (Kernels kernels : TestKernels.all()) {
            for (int columns : SIZES) {
                Matrix x = random(random, 5, columns);
                Matrix expected = copy(x);
                for (int m = 1; m < 4; m++) {
                    for (int n = 0; n < columns; n++) {
                        int i = expected.at(m) + n;
                        expected.data()[i] = PolynomialsTest.scalar(function, expected.data()[i]);
                    }
                }
                kernels.apply(function, x, 1, 3);
                assertSameBits(expected, x, kernels.name() + ": " + function + ", " + columns + " columns");
            }
        }
    }

    /** The operations that are not checked against a naive order of additions above. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 100, 129, 383, 384, 385, 1536})
    void layerNormGivesTheSameBitsInScalarAndVectorKernels(int columns) {
        Kernels vector = TestKernels.vector();
        Random random = new Random(columns);
        Matrix x = random(random, 7, columns);
        x.data()[x.at(5)] = Float.NaN;
        x.data()[x.at(6)] = Float.POSITIVE_INFINITY;
        Matrix y = copy(x);
        float[] weight = randoms(random, columns);
        float[] bias = randoms(random, columns);
        TestKernels.scalar().layerNorm(x, 0, 7, weight, bias, 1e-12f, vector.newScratch());
        vector.layerNorm(y, 0, 7, weight, bias, 1e-12f, vector.newScratch());
        assertSameBits(x, y, columns + " columns");
    }

    /** One scratch serves calls of all sizes, one after the other. */
    @ParameterizedTest
    @MethodSource("kernels")
    void scratchIsReused(Kernels kernels) {
        Scratch scratch = kernels.newScratch();
        Random random = new Random(8);
        for (int round = 0; round < 30; round++) {
            int width = 1 + random.nextInt(70);
            int rows = 1 + random.nextInt(70);
            Matrix in = random(random, rows, width);
            PackedMatrix packed = pack(
                    kernels, random, randoms(random, 3 * width * width), randoms(random, 3 * width), width, 3 * width);
            AttentionHeads heads = new AttentionHeads(1, width, 0, width, 2 * width);
            Matrix[] contexts = new Matrix[2];
            for (int i = 0; i < 2; i++) {
                Scratch used = i == 0 ? scratch : kernels.newScratch();
                Matrix projected = garbage(rows, 3 * width);
                kernels.linear(in, 0, rows, packed, ColumnRange.all(3 * width), projected, 0, used);
                contexts[i] = garbage(rows, width);
                kernels.attention(heads, projected, 0, rows, projected, 0, rows, contexts[i], 0, used);
            }
            assertSameBits(contexts[1], contexts[0], kernels.name() + ": " + rows + " rows of " + width);
            assertTrue(Float.isFinite(get(contexts[0], rows - 1, width - 1)));
        }
    }
}
