package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each option of predict and rank against what it does in the reference (tools/make_options_reference.py). */
class OptionsTest {
    private static final JsonValue GOLDEN = Golden.json("options.json");

    @TestFactory
    List<DynamicTest> predictions() throws ModelFormatException {
        List<TextPair> pairs = new ArrayList<>();
        for (JsonValue pair : GOLDEN.get("pairs").elements()) {
            pairs.add(
                    new TextPair(pair.get("query").string(), pair.get("passage").string()));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue golden : GOLDEN.get("predictions").elements()) {
            tests.add(dynamicTest(name(golden), () -> {
                try (CrossEncoder model = load(golden)) {
                    List<JsonValue> expected = golden.get("scores").elements();
                    float[][] found = model.predictLabels(pairs, predictOptions(golden.get("options")));
                    int labelCount = model.labels().size();
                    assertEquals(expected.size(), found.length * labelCount);
                    for (int i = 0; i < expected.size(); i++) {
                        assertNear(expected.get(i).number(), found[i / labelCount][i % labelCount]);
                    }
                }
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> rankings() throws ModelFormatException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue golden : GOLDEN.get("rankings").elements()) {
            tests.add(dynamicTest(name(golden), () -> {
                List<String> documents = new ArrayList<>();
                for (JsonValue document : golden.get("documents").elements()) {
                    documents.add(document.string());
                }
                JsonValue options = golden.get("options");
                RankOptions rankOptions = RankOptions.defaults()
                        .withReturnDocuments(options.find("returnDocuments").isPresent())
                        .withPredict(predictOptions(options));
                if (options.find("topK").isPresent()) {
                    rankOptions = rankOptions.withTopK((int) options.get("topK").integer(0, 1000));
                }
                try (CrossEncoder model = load(golden)) {
                    List<RankedDocument> found = model.rank(golden.get("query").string(), documents, rankOptions);
                    List<JsonValue> expected = golden.get("ranking").elements();
                    assertEquals(expected.size(), found.size());
                    for (int i = 0; i < found.size(); i++) {
                        assertEquals(
                                expected.get(i).get("index").integer(0, 100),
                                found.get(i).index());
                        assertNear(
                                expected.get(i).get("score").number(),
                                found.get(i).score());
                        JsonValue text = expected.get(i).find("text").orElse(null);
                        assertEquals(
                                text == null ? null : text.string(),
                                found.get(i).text());
                    }
                }
            }));
        }
        return tests;
    }

    /** What raises a ValueError there. */
    @Test
    void refusedAsThere() throws IOException {
        assertEquals(3, GOLDEN.get("refused").members().size());
        PredictOptions options = PredictOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withBatchSize(0));
        try (CrossEncoder one = load("bert-newest");
                CrossEncoder several = load("electra-before-v4")) {
            List<TextPair> pairs = List.of(new TextPair("a", "b"));
            assertThrows(IllegalArgumentException.class, () -> one.predict(pairs, options.withPromptName("other")));
            assertThrows(IllegalStateException.class, () -> several.rank("a", List.of("b")));
        }
    }

    private static PredictOptions predictOptions(JsonValue json) throws ModelFormatException {
        PredictOptions options = PredictOptions.defaults();
        if (json.find("batchSize").isPresent()) {
            options = options.withBatchSize((int) json.get("batchSize").integer(1, 1000));
        }
        if (json.find("activation").isPresent()) {
            options = options.withActivation(
                    ScoreActivation.valueOf(json.get("activation").string()));
        }
        if (json.find("softmax").isPresent()) {
            options = options.withSoftmax(true);
        }
        if (json.find("maxLength").isPresent()) {
            options = options.withMaxLength((int) json.get("maxLength").integer(1, 1000));
        }
        if (json.find("prompt").isPresent()) {
            options = options.withPrompt(json.get("prompt").string());
        }
        if (json.find("promptName").isPresent()) {
            options = options.withPromptName(json.get("promptName").string());
        }
        return options;
    }

    private static CrossEncoder load(JsonValue golden) throws IOException {
        return load(golden.get("model").string());
    }

    private static CrossEncoder load(String name) throws IOException {
        return CrossEncoder.load(
                ModelFiles.inResources(Golden.class, "/golden/layouts/" + name),
                LoadOptions.defaults().withThreads(1));
    }

    private static String name(JsonValue golden) throws ModelFormatException {
        return golden.get("model").string() + " " + golden.get("options").members();
    }

    private static void assertNear(double expected, float found) {
        assertEquals(expected, found, 2e-5 * Math.max(1, Math.abs(expected)));
    }
}
