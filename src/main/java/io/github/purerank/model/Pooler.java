package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;

/**
 * Makes the vector of the whole pair from that of its first token, [CLS]: f(dense(x)). (transformers: BertPooler;
 * DistilBertForSequenceClassification.pre_classifier; ElectraClassificationHead.dense.)
 *
 * @param dense H -> H
 * @param function f: what the architecture has there
 */
public record Pooler(Linear dense, Elementwise function) {
    /** firstTokens (B, H) -> pooled (B, H). */
    void forward(Matrix firstTokens, int pairCount, Matrix pooled, Scratch scratch) {
        dense.forward(firstTokens, 0, pairCount, pooled, 0, scratch);
        dense.kernels().apply(function, pooled, 0, pairCount);
    }
}
