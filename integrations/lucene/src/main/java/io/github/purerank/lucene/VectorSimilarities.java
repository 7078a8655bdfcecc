package io.github.purerank.lucene;

import io.github.purerank.SentenceEncoder;
import io.github.purerank.Similarity;
import java.util.Objects;
import org.apache.lucene.index.VectorSimilarityFunction;

/** How Lucene is to compare the vectors of an encoder, for the fields they are put into. */
public final class VectorSimilarities {
    private VectorSimilarities() {}

    /** The function that the encoder's model says. */
    public static VectorSimilarityFunction of(SentenceEncoder encoder) {
        return of(Similarity.ofName(encoder.config().similarity()));
    }

    /**
     * The function that puts vectors into the same order. Lucene's scores are larger than 0, so they are other numbers: (1 + c) / 2 for
     * a cosine c, and of a distance d it is 1 / (1 + d²).
     *
     * <p>Dot products are those of vectors of any length, {@link VectorSimilarityFunction#MAXIMUM_INNER_PRODUCT}; Lucene's {@code
     * DOT_PRODUCT} is only for vectors that are 1 long.
     *
     * @throws IllegalArgumentException for the sum of distances, {@link Similarity#MANHATTAN}, which Lucene has not
     */
    public static VectorSimilarityFunction of(Similarity similarity) {
        return switch (Objects.requireNonNull(similarity, "similarity")) {
            case COSINE -> VectorSimilarityFunction.COSINE;
            case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
            case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
            case MANHATTAN ->
                throw new IllegalArgumentException("similarity: expected COSINE, DOT or EUCLIDEAN, found " + similarity
                        + ", which Lucene has not");
        };
    }
}
