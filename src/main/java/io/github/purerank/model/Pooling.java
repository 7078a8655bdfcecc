package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;
import java.util.Arrays;
import java.util.List;

/**
 * Makes one vector of a text's token vectors: one after another what each mode gives. (sentence_transformers 6.0.1: Pooling,
 * sentence_transformer/modules/pooling.py.)
 *
 * <p>A column's sum runs over the tokens in their order, in blocks of {@value #TOKEN_BLOCK} whose sums are added one after another, as
 * attention's do: a chain over hundreds of tokens would lose digits. Columns never meet, so plain loops give the bits of any
 * vectors.
 *
 * @param modes what is computed, in the order of the output
 * @param includePrompt whether a prompt's tokens count
 */
public record Pooling(List<PoolingMode> modes, boolean includePrompt) {
    private static final int TOKEN_BLOCK = 64;

    /** Keeps its own list of modes. */
    public Pooling {
        modes = List.copyOf(modes);
        if (modes.isEmpty()) {
            throw new IllegalArgumentException("no pooling mode");
        }
    }

    /** Whether the first tokens' vectors are all that is needed. */
    boolean needsFirstTokensAlone(int promptLength) {
        return modes.size() == 1 && modes.get(0) == PoolingMode.CLS && (includePrompt || promptLength == 0);
    }

    /** The length of the vector. */
    public int outputSize(int hiddenSize) {
        return Math.multiplyExact(modes.size(), hiddenSize);
    }

    /**
     * One text's vector. Where all of its tokens are the prompt's and these do not count, the reference's mask is empty: its
     * means are 0, its maxima negative infinity, its first token the text's first after all.
     *
     * @param hidden (R, H)
     * @param firstRow the text's first token
     * @param tokenCount T
     * @param promptLength how many tokens at the beginning are the prompt's
     * @param out receives (modes * H) in row {@code outRow}
     */
    void forward(Matrix hidden, int firstRow, int tokenCount, int promptLength, Matrix out, int outRow) {
        int begin = includePrompt ? 0 : Math.min(promptLength, tokenCount);
        int size = hidden.columns();
        float[] x = hidden.data();
        float[] y = out.data();
        int at = out.at(outRow);
        float[] blockSums = null;
        for (PoolingMode mode : modes) {
            switch (mode) {
                case CLS -> System.arraycopy(x, hidden.at(firstRow + (begin == tokenCount ? 0 : begin)), y, at, size);
                case LAST_TOKEN -> {
                    if (begin == tokenCount) {
                        Arrays.fill(y, at, at + size, 0f);
                    } else {
                        System.arraycopy(x, hidden.at(firstRow + tokenCount - 1), y, at, size);
                    }
                }
                case MAX -> {
                    Arrays.fill(y, at, at + size, Float.NEGATIVE_INFINITY);
                    for (int t = begin; t < tokenCount; t++) {
                        maximum(x, hidden.at(firstRow + t), y, at, size);
                    }
                }
                case MEAN, MEAN_SQRT_LEN, WEIGHTED_MEAN -> {
                    blockSums = blockSums == null ? new float[size] : blockSums;
                    boolean weighted = mode == PoolingMode.WEIGHTED_MEAN;
                    sum(hidden, firstRow, begin, tokenCount, weighted, blockSums, y, at);
                    divide(y, at, size, divisor(mode, begin, tokenCount));
                }
            }
            at += size;
        }
    }

    /** Never 0, so that the mean of nothing is 0. */
    private static float divisor(PoolingMode mode, int begin, int end) {
        float count = end - begin;
        return switch (mode) {
            case MEAN_SQRT_LEN -> (float) Math.sqrt(Math.max(count, 1e-9f));
            // The numbers from begin + 1 to end.
            case WEIGHTED_MEAN -> Math.max((begin + 1f + end) * count / 2, 1e-9f);
            default -> Math.max(count, 1e-9f);
        };
    }

    private static void sum(
            Matrix hidden, int firstRow, int begin, int end, boolean weighted, float[] blockSums, float[] y, int at) {
        int size = hidden.columns();
        Arrays.fill(y, at, at + size, 0f);
        for (int block = begin; block < end; block += TOKEN_BLOCK) {
            Arrays.fill(blockSums, 0f);
            for (int t = block; t < Math.min(block + TOKEN_BLOCK, end); t++) {
                addTo(blockSums, hidden.data(), hidden.at(firstRow + t), weighted ? t + 1 : 1, size);
            }
            for (int n = 0; n < size; n++) {
                y[at + n] += blockSums[n];
            }
        }
    }

    private static void addTo(float[] sums, float[] x, int at, float weight, int size) {
        for (int n = 0; n < size; n++) {
            sums[n] = Math.fma(weight, x[at + n], sums[n]);
        }
    }

    private static void maximum(float[] x, int from, float[] y, int at, int size) {
        for (int n = 0; n < size; n++) {
            y[at + n] = Math.max(y[at + n], x[from + n]);
        }
    }

    private static void divide(float[] y, int at, int size, float divisor) {
        for (int n = 0; n < size; n++) {
            y[at + n] /= divisor;
        }
    }
}
