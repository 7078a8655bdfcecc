package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Small sentence encoders of each kind, against what the reference makes of the same folders (tools/make_sentence_reference.py). */
class SentenceReferenceTest {
    /** Relative above 1: sums and untrained weights give numbers of up to some tens. */
    private static final double TOLERANCE = 2e-6;

    private interface Check {
        void run(JsonValue golden, SentenceEncoder model) throws IOException;
    }

    private static List<DynamicTest> forEachModel(Check check) throws ModelFormatException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue golden : Golden.json("sentences.json").get("models").elements()) {
            String name = golden.get("name").string();
            tests.add(dynamicTest(name, () -> {
                try (SentenceEncoder model = load(name, 1)) {
                    check.run(golden, model);
                }
            }));
        }
        return tests;
    }

    static SentenceEncoder load(String name, int threads) throws IOException {
        return SentenceEncoder.load(
                ModelFiles.inResources(Golden.class, "/golden/sentences/" + name),
                LoadOptions.defaults().withThreads(threads));
    }

    static List<String> texts(JsonValue golden) throws ModelFormatException {
        List<String> texts = new ArrayList<>();
        for (JsonValue text : golden.get("texts").elements()) {
            texts.add(text.get("text").string());
        }
        return texts;
    }

    @TestFactory
    List<DynamicTest> configurationsAreTheReferences() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            assertEquals(golden.get("dimension").integer(1, 1000), model.embeddingDimension());
            assertEquals(
                    golden.get("max_length").integer(1, 1000), model.config().maxLength());
            assertEquals(golden.get("similarity").string(), model.config().similarity());
            Map<String, String> prompts = new LinkedHashMap<>();
            for (Map.Entry<String, JsonValue> prompt :
                    golden.get("prompts").members().entrySet()) {
                prompts.put(prompt.getKey(), prompt.getValue().string());
            }
            assertEquals(prompts, model.config().prompts());
        });
    }

    @TestFactory
    List<DynamicTest> tokensAreTheReferences() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            String prompt = model.config().defaultPromptText();
            for (JsonValue text : golden.get("texts").elements()) {
                assertArrayEquals(
                        Golden.integers(text.get("input_ids")),
                        model.tokenize(text.get("text").string(), 0).inputIds(),
                        prompt + text.get("text").string());
            }
        });
    }

    @TestFactory
    List<DynamicTest> vectorsAreTheReferences() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            List<String> texts = texts(golden);
            compare(golden, "embedding", model.encode(texts));
            compare(
                    golden,
                    "query",
                    model.encode(texts, EncodeOptions.defaults().withPromptName("query")));
            compare(golden, "document", model.encodeDocuments(texts));
            compare(
                    golden,
                    "changed",
                    model.encode(
                            texts,
                            EncodeOptions.defaults()
                                    .withPrompt("the moon ")
                                    .withTruncateDimensions(6)
                                    .withNormalize(true)));
            float[] query = model.encodeQuery(texts.get(2));
            assertArrayEquals(
                    model.encode(texts.get(2), EncodeOptions.defaults().withPromptName("query")), query);
        });
    }

    private static void compare(JsonValue golden, String key, float[][] found) throws ModelFormatException {
        List<JsonValue> texts = golden.get("texts").elements();
        assertEquals(texts.size(), found.length);
        for (int t = 0; t < found.length; t++) {
            float[] expected = Golden.floats(texts.get(t).get(key));
            assertEquals(expected.length, found[t].length);
            for (int i = 0; i < expected.length; i++) {
                double allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
                double difference = Math.abs(expected[i] - found[t][i]);
                assertTrue(
                        difference <= allowed,
                        key + " of text " + t + ", element " + i + ": expected " + expected[i] + ", found "
                                + found[t][i]);
            }
        }
    }

    @TestFactory
    List<DynamicTest> batchesAndThreadsDoNotMatter() throws ModelFormatException {
        return forEachModel((golden, model) -> {
            List<String> texts = new ArrayList<>(texts(golden));
            Map<String, float[]> alone = new LinkedHashMap<>();
            for (String text : texts) {
                alone.put(text, model.encode(text));
            }
            Random random = new Random(7);
            try (SentenceEncoder other = load(golden.get("name").string(), 3)) {
                for (int batchSize : new int[] {0, 1, 3}) {
                    Collections.shuffle(texts, random);
                    EncodeOptions options = batchSize == 0
                            ? EncodeOptions.defaults()
                            : EncodeOptions.defaults().withBatchSize(batchSize);
                    for (SentenceEncoder encoder : List.of(model, other)) {
                        float[][] vectors = encoder.encode(texts, options);
                        for (int i = 0; i < vectors.length; i++) {
                            assertArrayEquals(alone.get(texts.get(i)), vectors[i], texts.get(i));
                        }
                    }
                }
            }
        });
    }
}
