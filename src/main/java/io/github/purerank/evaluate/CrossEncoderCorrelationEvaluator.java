package io.github.purerank.evaluate;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.util.List;
import java.util.Objects;

/**
 * Measures how a model's scores and graded labels rise and fall together: {@link CorrelationMetrics}. {@code
 * CrossEncoderCorrelationEvaluator} of sentence-transformers 6.0.1. Only for models of one label.
 */
public final class CrossEncoderCorrelationEvaluator implements Evaluator {
    private final List<TextPair> pairs;
    private final double[] labels;
    private final String name;
    private final PredictOptions options;

    /** With no name, scored as the model does by default. */
    public CrossEncoderCorrelationEvaluator(List<TextPair> pairs, double[] labels) {
        this(pairs, labels, "", PredictOptions.defaults());
    }

    /**
     * With all options.
     *
     * @param labels how similar or relevant each pair is, on any scale; {@code scores} in the reference
     * @param name is put before the metrics' names; empty for nothing
     * @param options how the pairs are scored
     */
    public CrossEncoderCorrelationEvaluator(
            List<TextPair> pairs, double[] labels, String name, PredictOptions options) {
        this.pairs = List.copyOf(pairs);
        this.labels = labels.clone();
        this.name = Objects.requireNonNull(name, "name");
        this.options = Objects.requireNonNull(options, "options");
        Scores.requireSameCount(this.pairs.size(), labels.length);
    }

    @Override
    public Evaluation evaluate(CrossEncoder model) {
        return evaluate(model.predict(pairs, options));
    }

    /** The metrics for scores that are there already. */
    public Evaluation evaluate(float[] scores) {
        return Evaluation.named(
                name, CorrelationMetrics.of(Scores.doubles(scores), labels).byName(), "spearman");
    }
}
