package io.github.purerank.model;

/** How the vectors of a text's tokens become one. (sentence_transformers 6.0.1: Pooling, sentence_transformer/modules/pooling.py.) */
public enum PoolingMode {
    /** The first token's vector. */
    CLS("cls", "pooling_mode_cls_token"),
    /** The largest of each column. */
    MAX("max", "pooling_mode_max_tokens"),
    /** The mean of each column. */
    MEAN("mean", "pooling_mode_mean_tokens"),
    /** The sum of each column, by the square root of the number of tokens. */
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
    /** The mean in which a token weighs as much as its place counted from 1. */
    WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
    /** The last token's vector. */
    LAST_TOKEN("lasttoken", "pooling_mode_lasttoken");

    private final String id;
    private final String olderKey;

    PoolingMode(String id, String olderKey) {
        this.id = id;
        this.olderKey = olderKey;
    }

    /** What a configuration calls it. */
    public String id() {
        return id;
    }

    /** The flag that chose it in configurations of versions before 5.4. */
    public String olderKey() {
        return olderKey;
    }
}
