package io.github.purerank.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an evaluator found.
 *
 * @param metrics the metrics by their names in the reference, with the evaluator's name and "_" before each if it has one; in
 *     the order of the reference
 * @param primaryMetric the name of the one that models are compared by
 */
public record Evaluation(Map<String, Double> metrics, String primaryMetric) {
    /** Keeps its own map. */
    public Evaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        if (!metrics.containsKey(primaryMetric)) {
            throw new IllegalArgumentException("no metric \"" + primaryMetric + "\" in " + metrics.keySet());
        }
    }

    /** The metrics of an evaluator of this name; empty for none. {@code BaseEvaluator.prefix_name_to_metrics}. */
    static Evaluation named(String name, Map<String, Double> metrics, String primaryMetric) {
        if (name.isEmpty()) {
            return new Evaluation(metrics, primaryMetric);
        }
        Map<String, Double> prefixed = new LinkedHashMap<>();
        metrics.forEach((metric, value) -> prefixed.put(name + "_" + metric, value));
        return new Evaluation(prefixed, name + "_" + primaryMetric);
    }

    /** The value of the primary metric. */
    public double primary() {
        return metrics.get(primaryMetric);
    }
}
