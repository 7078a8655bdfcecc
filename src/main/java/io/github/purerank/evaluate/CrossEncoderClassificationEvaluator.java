package io.github.purerank.evaluate;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.util.List;
import java.util.Objects;

/**
 * Measures how well a model tells classes of pairs apart: {@link BinaryMetrics} for a model of one label, {@link
 * MultiClassMetrics} for others. {@code CrossEncoderClassificationEvaluator} of sentence-transformers 6.0.1.
 */
public final class CrossEncoderClassificationEvaluator implements Evaluator {
    private final List<TextPair> pairs;
    private final int[] labels;
    private final String name;
    private final PredictOptions options;

    /** With no name, scored as the model does by default. */
    public CrossEncoderClassificationEvaluator(List<TextPair> pairs, int[] labels) {
        this(pairs, labels, "", PredictOptions.defaults());
    }

    /**
     * With all options.
     *
     * @param labels a label for each pair: 0 or 1 for a model of one label, else the place of the true one among the model's
     * @param name is put before the metrics' names; empty for nothing
     * @param options how the pairs are scored
     */
    public CrossEncoderClassificationEvaluator(
            List<TextPair> pairs, int[] labels, String name, PredictOptions options) {
        this.pairs = List.copyOf(pairs);
        this.labels = labels.clone();
        this.name = Objects.requireNonNull(name, "name");
        this.options = Objects.requireNonNull(options, "options");
        Scores.requireSameCount(this.pairs.size(), labels.length);
    }

    @Override
    public Evaluation evaluate(CrossEncoder model) {
        return evaluate(model.predictLabels(pairs, options));
    }

    /**
     * The metrics for scores that are there already.
     *
     * @param scores (pairs, labels of the model)
     */
    public Evaluation evaluate(float[][] scores) {
        Scores.requireSome(scores.length);
        if (scores[0].length > 1) {
            return Evaluation.named(name, MultiClassMetrics.of(scores, labels).byName(), "f1_macro");
        }
        float[] single = new float[scores.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = scores[i][0];
        }
        return Evaluation.named(name, BinaryMetrics.of(single, labels).byName(), "average_precision");
    }
}
