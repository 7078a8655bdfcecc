package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;

/** Is shown the tokens' vectors after each stage of a forward pass. */
@FunctionalInterface
public interface StageObserver {
    /**
     * Called after the embeddings (stage 0) and after each encoder layer (stage 1 and so on).
     *
     * @param hidden (R, H); only valid during the call
     */
    void hiddenState(int stage, Matrix hidden);
}
