package io.github.purerank;

import io.github.purerank.kernel.RowProducts;
import io.github.purerank.model.UnitLength;
import java.util.Locale;
import java.util.Objects;

/**
 * How alike two vectors are; larger is more alike. (sentence_transformers 6.0.1, util/similarity.py.)
 *
 * <p>Products are computed by the kernels of a {@link SemanticIndex}, with the same bits as its scores of floats. Distances, which
 * would lose what nearly equal vectors differ by if they were made of products, are sums in double precision in the order of the
 * elements, rounded once. Either way the bits are the same everywhere.
 */
public enum Similarity {
    /** The cosine of the angle between them, {@code cos_sim}: from -1 to 1, but for rounding. */
    COSINE {
        @Override
        float[] prepared(float[] vector) {
            float[] copy = vector.clone();
            UnitLength.normalize(copy, 0, copy.length);
            return copy;
        }
    },
    /** The sum of the products of their elements, {@code dot_score}. */
    DOT,
    /** Their distance with a minus before it, {@code euclidean_sim}. */
    EUCLIDEAN {
        @Override
        void fill(float[][] matrix, float[][] a, float[][] b) {
            fillWith(matrix, a, b, Similarity::euclidean);
        }
    },
    /** The sum of the distances of their elements with a minus before it, {@code manhattan_sim}. */
    MANHATTAN {
        @Override
        void fill(float[][] matrix, float[][] a, float[][] b) {
            fillWith(matrix, a, b, Similarity::manhattan);
        }
    };

    /** Elements of b that are multiplied by all of a while they are in the second-level cache: 256 kB. */
    private static final int BLOCK_ELEMENTS = 1 << 16;

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
        return matrix(new float[][] {a}, new float[][] {b})[0][0];
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
        requireOneLength(a, b);
        float[][] matrix = new float[a.length][b.length];
        if (a.length > 0 && b.length > 0) {
            fill(matrix, prepared(a), prepared(b));
        }
        return matrix;
    }

    private static void requireOneLength(float[][] a, float[][] b) {
        int length = -1;
        for (float[][] vectors : new float[][][] {a, b}) {
            for (int i = 0; i < vectors.length; i++) {
                int found = Objects.requireNonNull(vectors[i], "vector").length;
                if (length >= 0 && found != length) {
                    throw new IllegalArgumentException(
                            "vector " + i + ": expected " + length + " elements, found " + found);
                }
                length = found;
            }
        }
    }

    private float[][] prepared(float[][] vectors) {
        float[][] prepared = new float[vectors.length][];
        for (int i = 0; i < vectors.length; i++) {
            prepared[i] = prepared(vectors[i]);
        }
        return prepared;
    }

    /** A vector as its products are computed. */
    float[] prepared(float[] vector) {
        return vector;
    }

    /** Computes (M, N) from prepared (M, D) and (N, D), a block of rows of b after another. */
    void fill(float[][] matrix, float[][] a, float[][] b) {
        RowProducts kernels = ChosenKernels.get().kernels().rowProducts();
        int dimension = a[0].length;
        int stride = RowProducts.stride(dimension);
        int blockRows = Math.min(b.length, Math.max(1, BLOCK_ELEMENTS / Math.max(1, stride)));
        float[] rows = new float[Math.multiplyExact(blockRows, stride)];
        float[] padded = new float[stride];
        for (int from = 0; from < b.length; from += blockRows) {
            int count = Math.min(blockRows, b.length - from);
            for (int j = 0; j < count; j++) {
                System.arraycopy(b[from + j], 0, rows, j * stride, dimension);
            }
            for (int i = 0; i < a.length; i++) {
                System.arraycopy(a[i], 0, padded, 0, dimension);
                kernels.products(padded, rows, 0, stride, count, matrix[i], from);
            }
        }
    }

    /** Computes (M, N) element by element. */
    static void fillWith(float[][] matrix, float[][] a, float[][] b, Distance distance) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                matrix[i][j] = (float) -distance.of(a[i], b[j]);
            }
        }
    }

    /** A function of two vectors. */
    interface Distance {
        double of(float[] a, float[] b);
    }

    static double euclidean(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    static double manhattan(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((double) a[i] - b[i]);
        }
        return sum;
    }
}
