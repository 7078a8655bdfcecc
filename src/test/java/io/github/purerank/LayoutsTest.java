package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.purerank.format.DType;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.ModelConfig;
import io.github.purerank.model.Architecture;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each architecture in each layout that sentence-transformers has saved, read from its folder, against what the reference makes
 * of the same folder (tools/make_layouts.py).
 */
class LayoutsTest {
    /** What is promised: as in GoldenModelTest. */
    private static final double TOLERANCE = 2e-5;

    private static List<JsonValue> models() throws ModelFormatException {
        return Golden.json("layouts.json").get("models").elements();
    }

    private interface Check {
        void run(JsonValue golden, CrossEncoder model) throws IOException;
    }

    private static List<DynamicTest> forEachModel(Check check) throws ModelFormatException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue golden : models()) {
            tests.add(dynamicTest(name(golden), () -> {
                try (CrossEncoder model = load(golden)) {
                    check.run(golden, model);
                }
            }));
        }
        return tests;
    }

    private static String name(JsonValue golden) throws ModelFormatException {
        return golden.get("name").string();
    }

    private static CrossEncoder load(JsonValue golden) throws IOException {
        return CrossEncoder.load(
                ModelFiles.inResources(Golden.class, "/golden/layouts/" + name(golden)),
                LoadOptions.defaults().withThreads(1));
    }

    @Test
    void thereIsOneOfEachArchitectureInEachLayout() throws ModelFormatException {
        Set<String> names = new TreeSet<>();
        for (JsonValue golden : models()) {
            names.add(name(golden));
        }
        Set<String> expected = new TreeSet<>();
        for (Architecture architecture : Architecture.values()) {
            for (String layout : List.of("before-v4", "v4", "sharded-no-prefix", "newest", "f16", "bf16")) {
                expected.add(architecture.modelType() + "-" + layout);
            }
        }
        assertEquals(expected, names);
    }

    @TestFactory
    List<DynamicTest> whatTheFolderSaysIsRead() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            String name = name(golden);
            ModelConfig config = model.config();
            assertEquals(
                    golden.get("architecture").string(),
                    config.bert().architecture().className());
            assertEquals(strings(golden.get("labels")), model.labels());
            assertEquals(ScoreActivation.valueOf(golden.get("activation").string()), config.activation());
            assertEquals(golden.get("max_length").integer(1, 1000), config.maxLength());
            assertEquals(golden.get("default_prompt").string(), config.defaultPromptText());
            DType dtype = name.endsWith("-bf16") ? DType.BF16 : name.endsWith("-f16") ? DType.F16 : DType.F32;
            assertEquals(Set.of(dtype), model.info().dtypes());
        });
    }

    @TestFactory
    List<DynamicTest> tokensAndScoresAreTheReferences() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            List<JsonValue> cases = golden.get("pairs").elements();
            List<TextPair> pairs = new ArrayList<>();
            for (JsonValue pair : cases) {
                pairs.add(new TextPair(
                        pair.get("query").string(), pair.get("passage").string()));
            }
            PredictOptions options = PredictOptions.defaults();
            float[][] scores = model.predictLabels(pairs, options);
            float[][] logits = model.predictLabels(pairs, options.withActivation(ScoreActivation.IDENTITY));
            Set<Float> different = new TreeSet<>();
            for (int i = 0; i < scores.length; i++) {
                TextPair pair = pairs.get(i);
                String query = model.config().defaultPromptText() + pair.query();
                assertArrayEquals(
                        Golden.integers(cases.get(i).get("input_ids")),
                        model.tokenize(new TextPair(query, pair.passage()), 0).inputIds());
                assertClose(Golden.floats(cases.get(i).get("logits")), logits[i]);
                assertClose(Golden.floats(cases.get(i).get("scores")), scores[i]);
                different.add(scores[i][0]);
            }
            assertEquals(scores.length, different.size(), "scores that tell pairs apart");
        });
    }

    private static void assertClose(float[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        for (int l = 0; l < found.length; l++) {
            assertEquals(expected[l], found[l], TOLERANCE * Math.max(1, Math.abs(expected[l])));
        }
    }

    private static List<String> strings(JsonValue list) throws ModelFormatException {
        List<String> strings = new ArrayList<>();
        for (JsonValue element : list.elements()) {
            strings.add(element.string());
        }
        return strings;
    }
}
