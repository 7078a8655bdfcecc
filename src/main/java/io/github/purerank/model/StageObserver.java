package io.github.purerank.model;

import io.github.purerank.kernel.AttentionHeads;
import io.github.purerank.kernel.Matrix;

/**
 * Is shown what comes out of each step of a forward pass, in the order of the steps. Matrices are only valid during the call;
 * their rows are the tokens of the batch.
 */
@FunctionalInterface
public interface StageObserver {
    /**
     * The tokens' vectors after the embeddings (stage 0) and after each encoder layer (stage 1 and so on).
     *
     * @param hidden (R, H)
     */
    void hiddenState(int stage, Matrix hidden);

    /**
     * What the tokens of a layer look for, can be found by and hand out.
     *
     * @param heads where in a row they are
     * @param queryKeyValues (R, 3 H)
     */
    default void queriesKeysValues(int layer, AttentionHeads heads, Matrix queryKeyValues) {}

    /**
     * What the heads of a layer gathered, side by side.
     *
     * @param context (R, H)
     */
    default void context(int layer, Matrix context) {}

    /**
     * The tokens' vectors after the first half of a layer.
     *
     * @param hidden (R, H)
     */
    default void attentionOutput(int layer, Matrix hidden) {}

    /**
     * The pairs' vectors, of which the logits are made.
     *
     * @param pooled (B, H)
     */
    default void pooled(Matrix pooled) {}
}
