package io.github.purerank.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.Golden;
import io.github.purerank.LoadOptions;
import io.github.purerank.ManyLabelsTest;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.Calibration;
import io.github.purerank.load.TestModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures of sentence-transformers, scikit-learn and scipy (tools/make_evaluation_reference.py). */
class EvaluationReferenceTest {
    private static final double TOLERANCE = 1e-6;

    private static List<JsonValue> cases(String kind) throws ModelFormatException {
        List<JsonValue> cases = Golden.json("evaluation.json").get(kind).elements();
        assertTrue(cases.size() > 4, kind);
        return cases;
    }

    private static double[] doubles(JsonValue list) throws ModelFormatException {
        List<JsonValue> elements = list.elements();
        double[] doubles = new double[elements.size()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = elements.get(i).number();
        }
        return doubles;
    }

    private static float[] floats(JsonValue list) throws ModelFormatException {
        double[] doubles = doubles(list);
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    private static int[] integers(JsonValue list) throws ModelFormatException {
        double[] doubles = doubles(list);
        int[] integers = new int[doubles.length];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (int) doubles[i];
        }
        return integers;
    }

    private static List<String> strings(JsonValue list) throws ModelFormatException {
        List<String> strings = new ArrayList<>();
        for (JsonValue element : list.elements()) {
            strings.add(element.string());
        }
        return strings;
    }

    private static void assertMetrics(JsonValue expected, Map<String, Double> found) throws ModelFormatException {
        Map<String, JsonValue> metrics = expected.members();
        assertEquals(List.copyOf(metrics.keySet()), List.copyOf(found.keySet()), expected.pointer());
        for (Map.Entry<String, JsonValue> metric : metrics.entrySet()) {
            double value =
                    metric.getValue().isNull() ? Double.NaN : metric.getValue().number();
            assertEquals(
                    value,
                    found.get(metric.getKey()),
                    TOLERANCE,
                    metric.getValue().pointer());
        }
    }

    @ParameterizedTest
    @MethodSource
    void binaryMetrics(JsonValue golden) throws ModelFormatException {
        BinaryMetrics found = BinaryMetrics.of(doubles(golden.get("scores")), integers(golden.get("labels")));
        assertMetrics(golden.get("metrics"), found.byName());
    }

    static List<JsonValue> binaryMetrics() throws ModelFormatException {
        return cases("binary");
    }

    @ParameterizedTest
    @MethodSource
    void multiClassMetrics(JsonValue golden) throws ModelFormatException {
        List<JsonValue> rows = golden.get("scores").elements();
        float[][] scores = new float[rows.size()][];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = floats(rows.get(i));
        }
        assertMetrics(
                golden.get("metrics"),
                MultiClassMetrics.of(scores, integers(golden.get("labels"))).byName());
    }

    static List<JsonValue> multiClassMetrics() throws ModelFormatException {
        return cases("multi_class");
    }

    @ParameterizedTest
    @MethodSource
    void correlationMetrics(JsonValue golden) throws ModelFormatException {
        CorrelationMetrics found = CorrelationMetrics.of(doubles(golden.get("scores")), doubles(golden.get("labels")));
        assertMetrics(golden.get("metrics"), found.byName());
    }

    static List<JsonValue> correlationMetrics() throws ModelFormatException {
        return cases("correlation");
    }

    @ParameterizedTest
    @MethodSource
    void rankingMetrics(JsonValue golden) throws ModelFormatException {
        int[] labels = integers(golden.get("relevant"));
        boolean[] relevant = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            relevant[i] = labels[i] == 1;
        }
        int k = (int) golden.get("k").integer(1, 1000);
        RankingMetrics found = RankingMetrics.of(doubles(golden.get("scores")), relevant, k);
        assertEquals(golden.get("map").number(), found.map(), TOLERANCE);
        assertEquals(golden.get("ndcg").number(), found.ndcg(), TOLERANCE);
        assertEquals(golden.get("mrr_of_stable_sort").number(), found.mrr(), TOLERANCE);
    }

    static List<JsonValue> rankingMetrics() throws ModelFormatException {
        return cases("ranking");
    }

    /** scikit-learn's own fit ends when its optimiser is content, the other oracle only when nothing is left to gain. */
    @ParameterizedTest
    @MethodSource
    void calibrations(JsonValue golden) throws ModelFormatException {
        double[] logits = doubles(golden.get("logits"));
        Calibration found = PlattScaling.fit(logits, integers(golden.get("labels")));
        double[] exact = doubles(golden.get("logistic_regression"));
        assertEquals(exact[0], found.slope(), TOLERANCE * Math.max(1, Math.abs(exact[0])));
        assertEquals(exact[1], found.intercept(), TOLERANCE * Math.max(1, Math.abs(exact[1])));
        double[] other = doubles(golden.get("sigmoid_calibration"));
        for (double logit : logits) {
            double probability = 1 / (1 + Math.exp(-(other[0] * logit + other[1])));
            assertEquals(probability, found.apply((float) logit), 2e-4);
        }
        assertEquals(logits.length, found.pairs());
    }

    static List<JsonValue> calibrations() throws ModelFormatException {
        return cases("calibration");
    }

    @ParameterizedTest
    @MethodSource
    void wholeEvaluations(JsonValue golden) throws IOException {
        JsonValue metrics = golden.get("metrics");
        MemoryFiles files = ManyLabelsTest.withLetters(
                (MemoryFiles) TestModels.tiny(golden.get("model").string()).files());
        String kind = golden.get("kind").string();
        try (CrossEncoder model = CrossEncoder.load(files, LoadOptions.defaults())) {
            for (String name : metrics.members().keySet()) {
                Evaluation found = evaluator(golden, kind, name).evaluate(model);
                assertMetrics(metrics.get(name), found.metrics());
                assertEquals(found.metrics().get(found.primaryMetric()), found.primary());
                assertEquals(name.equals("named"), found.primaryMetric().startsWith("dev_"));
            }
        }
    }

    static List<JsonValue> wholeEvaluations() throws ModelFormatException {
        return cases("whole");
    }

    private static Evaluator evaluator(JsonValue golden, String kind, String variant) throws ModelFormatException {
        String name = variant.equals("named") ? "dev" : "";
        PredictOptions predict = PredictOptions.defaults();
        if (kind.equals("reranking")) {
            CrossEncoderRerankingEvaluator.Options options = switch (variant) {
                case "plain" -> CrossEncoderRerankingEvaluator.Options.defaults();
                case "named" -> new CrossEncoderRerankingEvaluator.Options(3, true, name, predict);
                default -> new CrossEncoderRerankingEvaluator.Options(5, false, name, predict);
            };
            return new CrossEncoderRerankingEvaluator(samples(golden), options);
        }
        List<TextPair> pairs = new ArrayList<>();
        for (JsonValue pair : golden.get("pairs").elements()) {
            pairs.add(new TextPair(strings(pair).get(0), strings(pair).get(1)));
        }
        JsonValue labels = golden.get("labels");
        return kind.equals("correlation")
                ? new CrossEncoderCorrelationEvaluator(pairs, doubles(labels), name, predict)
                : new CrossEncoderClassificationEvaluator(pairs, integers(labels), name, predict);
    }

    private static List<RerankingSample> samples(JsonValue golden) throws ModelFormatException {
        List<RerankingSample> samples = new ArrayList<>();
        for (JsonValue sample : golden.get("samples").elements()) {
            String query = sample.get("query").string();
            List<String> positive = strings(sample.get("positive"));
            Optional<JsonValue> negative = sample.find("negative");
            samples.add(
                    negative.isPresent()
                            ? RerankingSample.withNegative(query, positive, strings(negative.get()))
                            : RerankingSample.withDocuments(query, positive, strings(sample.get("documents"))));
        }
        return samples;
    }

    @Test
    void theLabelsOfTheRankedPairsAreTheirRelevance() {
        CrossEncoderRerankingEvaluator evaluator = new CrossEncoderRerankingEvaluator(List.of(
                RerankingSample.withDocuments("q", List.of("a", "b"), List.of("c", "a", "d")),
                RerankingSample.withNegative("nothing", List.of(), List.of("x", "y")),
                RerankingSample.withNegative("r", List.of("e"), List.of("f"))));
        assertEquals(
                List.of(
                        new TextPair("q", "a"),
                        new TextPair("q", "b"),
                        new TextPair("q", "c"),
                        new TextPair("q", "d"),
                        new TextPair("r", "e"),
                        new TextPair("r", "f")),
                evaluator.pairs());
        assertEquals("[1, 1, 0, 0, 1, 0]", java.util.Arrays.toString(evaluator.labels()));
        // By hand: the first query is ranked rightly, the second has nothing to find, the third is wrong.
        Evaluation found = evaluator.evaluate(new float[] {4, 3, 2, 1, 0, 1});
        assertEquals((1 + 0 + 0.5) / 3, found.metrics().get("map"), 1e-12);
        // In the order of the search: c a d, and b, which it missed, at the end.
        assertEquals((1 / 2.0 + 2 / 4.0) / 2, found.metrics().get("base_map"), 1e-12);
    }
}
