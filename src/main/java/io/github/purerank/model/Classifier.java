package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;

/**
 * Reads the logits off the pooled vector. (transformers: classifier of BertForSequenceClassification
 * and DistilBertForSequenceClassification; ElectraClassificationHead.out_proj.)
 *
 * @param dense H -> L
 */
public record Classifier(Linear dense) {
    /** pooled (B, H) -> logits (B, L). */
    void forward(Matrix pooled, int pairCount, Matrix logits, Scratch scratch) {
        dense.forward(pooled, 0, pairCount, logits, 0, scratch);
    }
}
