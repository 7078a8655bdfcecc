package io.github.purerank;

import java.util.Objects;

/**
 * How documents are searched for. Immutable; begin with {@link #defaults()}.
 *
 * @param topK how many documents to give
 * @param candidates how many of those with the most similar vectors the reranker orders; 0 for no reranking
 * @param encode how the query's vector is made
 * @param predict how query and documents are scored
 */
public record SearchOptions(int topK, int candidates, EncodeOptions encode, PredictOptions predict) {
    private static final SearchOptions DEFAULTS =
            new SearchOptions(10, 100, EncodeOptions.defaults(), PredictOptions.defaults());

    /** Checks the numbers. */
    public SearchOptions {
        if (topK < 1) {
            throw new IllegalArgumentException("topK: expected at least 1, found " + topK);
        }
        if (candidates < 0) {
            throw new IllegalArgumentException("candidates: expected 0 or more, found " + candidates);
        }
        Objects.requireNonNull(encode, "encode");
        Objects.requireNonNull(predict, "predict");
    }

    /** The best 10 of 100 candidates. */
    public static SearchOptions defaults() {
        return DEFAULTS;
    }

    /** The same for another number of documents. */
    public SearchOptions withTopK(int newTopK) {
        return new SearchOptions(newTopK, candidates, encode, predict);
    }

    /** The same with another number of documents to rerank; fewer than {@code topK} mean as many as that. */
    public SearchOptions withCandidates(int newCandidates) {
        return new SearchOptions(topK, newCandidates, encode, predict);
    }

    /** The same with another way to encode the query. */
    public SearchOptions withEncode(EncodeOptions newEncode) {
        return new SearchOptions(topK, candidates, newEncode, predict);
    }

    /** The same with another way to score. */
    public SearchOptions withPredict(PredictOptions newPredict) {
        return new SearchOptions(topK, candidates, encode, newPredict);
    }
}
