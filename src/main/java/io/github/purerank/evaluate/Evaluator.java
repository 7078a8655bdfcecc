package io.github.purerank.evaluate;

import io.github.purerank.CrossEncoder;

/** Labelled data that a model can be measured with; {@code BaseEvaluator} of sentence-transformers. */
public interface Evaluator {
    /**
     * Scores the data with a model and compares with the labels.
     *
     * @throws IllegalStateException if the model has not the labels that this is about, or is closed
     * @throws IllegalArgumentException if the scores are ones that the metrics have no value for
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     */
    Evaluation evaluate(CrossEncoder model);
}
