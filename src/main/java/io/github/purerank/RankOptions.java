package io.github.purerank;

import java.util.Objects;

/**
 * What a ranking has in it; the arguments of {@code CrossEncoder.rank} in sentence-transformers, and more. Immutable; begin with
 * {@link #defaults()}.
 *
 * @param topK the most documents to return
 * @param minScore documents of a lower score are left out; compared after the activation
 * @param returnDocuments whether {@link RankedDocument#text} is there; without it, texts can be let go of earlier
 * @param predict how the pairs are scored
 */
public record RankOptions(int topK, float minScore, boolean returnDocuments, PredictOptions predict) {
    private static final RankOptions DEFAULTS =
            new RankOptions(Integer.MAX_VALUE, Float.NEGATIVE_INFINITY, true, PredictOptions.defaults());

    /** Checks the values. */
    public RankOptions {
        if (topK < 0) {
            throw new IllegalArgumentException("topK: expected 0 or more, found " + topK);
        }
        if (Float.isNaN(minScore)) {
            throw new IllegalArgumentException("minScore: expected a number, found NaN");
        }
        Objects.requireNonNull(predict, "predict");
    }

    /** All documents, with their texts. */
    public static RankOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same for the most relevant documents alone.
     *
     * @param newTopK how many; more than there are means all
     * @throws IllegalArgumentException if it is below 0
     */
    public RankOptions withTopK(int newTopK) {
        return new RankOptions(newTopK, minScore, returnDocuments, predict);
    }

    /** The same without documents of a lower score. */
    public RankOptions withMinScore(float newMinScore) {
        return new RankOptions(topK, newMinScore, returnDocuments, predict);
    }

    /** The same with the documents' texts, or without. */
    public RankOptions withReturnDocuments(boolean newReturnDocuments) {
        return new RankOptions(topK, minScore, newReturnDocuments, predict);
    }

    /** The same, scored in another way. */
    public RankOptions withPredict(PredictOptions newPredict) {
        return new RankOptions(topK, minScore, returnDocuments, newPredict);
    }
}
