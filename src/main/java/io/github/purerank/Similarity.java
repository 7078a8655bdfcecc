package io.github.purerank;

import io.github.purerank.model.UnitLength;
import java.util.Locale;
import java.util.Objects;

/**
 * How alike two vectors are; larger is more alike. (sentence_transformers 6.0.1, util/similarity.py.)
 *
 * <p>Sums run in double precision in the order of the elements and are rounded once, so the bits are the same everywhere.
 */
public enum Similarity {
    /** The cosine of the angle between them, {@code cos_sim}: from -1 to 1. */
    COSINE {
        @Override
        float ofPrepared(float[] a, float[] b) {
            return DOT.ofPrepared(a, b);
        }

        @Override
        float[] prepared(float[] vector) {
            float[] copy = vector.clone();
            UnitLength.normalize(copy, 0, copy.length);
            return copy;
        }
    },
    /** The sum of the products of their elements, {@code dot_score}. */
    DOT {
        @Override
        float ofPrepared(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (double) a[i] * b[i];
            }
            return (float) sum;
        }
    },
    /** Their distance with a minus before it, {@code euclidean_sim}. */
    EUCLIDEAN {
        @Override
        float ofPrepared(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                double difference = (double) a[i] - b[i];
                sum += difference * difference;
            }
            return (float) -Math.sqrt(sum);
        }
    },
    /** The sum of the distances of their elements with a minus before it, {@code manhattan_sim}. */
    MANHATTAN {
        @Override
        float ofPrepared(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.abs((double) a[i] - b[i]);
            }
            return (float) -sum;
        }
    };

    /** The function of a name that models are saved with: cosine, dot, euclidean or manhattan. */
    public static Similarity ofName(String name) {
        for (Similarity similarity : values()) {
            if (similarity.id().equals(name)) {
                return similarity;
            }
        }
        throw new IllegalArgumentException(
                "similarity: expected cosine, dot, euclidean or manhattan, found \"" + name + "\"");
    }

    /** The name that models are saved with. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Of two vectors.
     *
     * @throws IllegalArgumentException if they are not of one length
     */
    public float of(float[] a, float[] b) {
        requireOneLength(a, b, 0);
        return ofPrepared(prepared(a), prepared(b));
    }

    /**
     * Of each of some vectors with each of others.
     *
     * @param a (M, D)
     * @param b (N, D)
     * @return (M, N)
     * @throws IllegalArgumentException if they are not all of one length
     */
    public float[][] matrix(float[][] a, float[][] b) {
        float[][] preparedB = new float[b.length][];
        for (int j = 0; j < b.length; j++) {
            requireOneLength(b[0], b[j], j);
            preparedB[j] = prepared(b[j]);
        }
        float[][] matrix = new float[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            float[] preparedA = prepared(Objects.requireNonNull(a[i], "vector"));
            for (int j = 0; j < b.length; j++) {
                requireOneLength(preparedB[j], preparedA, i);
                matrix[i][j] = ofPrepared(preparedA, preparedB[j]);
            }
        }
        return matrix;
    }

    private static void requireOneLength(float[] expected, float[] found, int index) {
        if (expected.length != found.length) {
            throw new IllegalArgumentException(
                    "vector " + index + ": expected " + expected.length + " elements, found " + found.length);
        }
    }

    /** A vector as {@link #ofPrepared} takes it. */
    float[] prepared(float[] vector) {
        return vector;
    }

    abstract float ofPrepared(float[] a, float[] b);
}
