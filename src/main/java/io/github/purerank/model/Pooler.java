package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;

/**
 * Makes the vector of the whole pair from that of its first token, [CLS]: tanh(dense(x)). (transformers: BertPooler.)
 *
 * @param dense H -> H
 */
public record Pooler(Linear dense) {
    /** firstTokens (B, H) -> pooled (B, H). */
    void forward(Matrix firstTokens, int pairCount, Matrix pooled, Scratch scratch) {
        dense.forward(firstTokens, 0, pairCount, pooled, 0, scratch);
        dense.kernels().apply(Elementwise.TANH, pooled, 0, pairCount);
    }
}
