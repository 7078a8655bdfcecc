package io.github.purerank.springai;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code purerank.*} of an application.
 *
 * @param model the directory of a model, or the name of one that was fetched; empty for the small model in the library's jar
 * @param topK the most documents that are kept
 * @param minScore documents of a lower score are left out; null keeps all
 */
@ConfigurationProperties("purerank")
record PureRankProperties(
        @DefaultValue("") String model,
        @DefaultValue("2147483647") int topK,
        Float minScore) {
    PureRankProperties {
        if (topK < 1) {
            throw new IllegalArgumentException("purerank.top-k: expected at least 1, found " + topK);
        }
        if (minScore != null && minScore.isNaN()) {
            throw new IllegalArgumentException("purerank.min-score: expected a number, found NaN");
        }
    }
}
