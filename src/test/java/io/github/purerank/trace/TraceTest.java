package io.github.purerank.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.Golden;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.Safetensors;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    private static final TextPair PAIR =
            new TextPair("how tall is Everest", "Mount Everest — unmeasurably high? — is 8,849 m high.");

    private static CrossEncoder model;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void logitsHaveTheBitsOfPredict() throws IOException {
        List<TextPair> pairs =
                new ArrayList<>(List.of(PAIR, new TextPair("", ""), new TextPair("\uD800", "x".repeat(999))));
        for (Golden.Input input : Golden.defaultModel().inputs()) {
            pairs.add(new TextPair(
                    input.json().get("query").string(),
                    input.json().get("passage").string()));
        }
        float[] scores = model.predict(pairs);
        for (int i = 0; i < scores.length; i++) {
            assertArrayEquals(
                    new float[] {scores[i]},
                    model.trace(pairs.get(i)).logits(),
                    pairs.get(i).toString());
        }
    }

    @Test
    void tokensPointIntoTheTexts() {
        Trace trace = model.trace(PAIR);
        Encoding encoding = model.tokenize(PAIR, 0);
        assertEquals(encoding.size(), trace.tokens().size());
        for (int t = 0; t < encoding.size(); t++) {
            TracedToken token = trace.tokens().get(t);
            assertEquals(encoding.inputId(t), token.id());
            assertEquals(encoding.tokenTypeId(t), token.typeId());
            if (token.text() == Encoding.NO_TEXT) {
                assertTrue(token.piece().equals("[CLS]") || token.piece().equals("[SEP]"), token.piece());
            } else {
                String text = token.text() == 0 ? trace.query() : trace.passage();
                assertEquals(
                        token.piece().replace("##", ""),
                        text.substring(token.start(), token.end()).toLowerCase());
            }
        }
    }

    @Test
    void headsSumValuesInTheSharesOfTheirWeights() {
        Trace trace = model.trace(PAIR);
        int tokens = trace.tokens().size();
        int headSize = trace.hiddenSize() / trace.headCount();
        for (TracedLayer layer : trace.layers()) {
            for (int h = 0; h < trace.headCount(); h++) {
                float[] weights = layer.attention(h);
                for (int t = 0; t < tokens; t++) {
                    for (int s = h * headSize; s < (h + 1) * headSize; s++) {
                        double sum = 0;
                        for (int j = 0; j < tokens; j++) {
                            sum += weights[t * tokens + j] * layer.values()[j * trace.hiddenSize() + s];
                        }
                        assertEquals(sum, layer.context()[t * trace.hiddenSize() + s], 1e-5);
                    }
                }
            }
        }
    }

    @Test
    void everyStageHasATime() {
        Trace trace = model.trace(PAIR);
        List<String> stages = new ArrayList<>();
        for (StageTime time : trace.times()) {
            assertTrue(time.nanoseconds() >= 0);
            stages.add(time.stage() + " " + time.layer());
        }
        List<String> expected = new ArrayList<>(List.of("TOKENIZATION -1", "EMBEDDINGS -1"));
        for (int l = 0; l < trace.layers().size(); l++) {
            for (Stage stage : List.of(Stage.PROJECTION, Stage.ATTENTION, Stage.ATTENTION_OUTPUT, Stage.FEED_FORWARD)) {
                expected.add(stage + " " + l);
            }
        }
        expected.add("CLASSIFICATION -1");
        assertEquals(expected, stages);
    }

    @Test
    void whatIsGivenIsACopy() {
        Trace trace = model.trace(PAIR);
        trace.logits()[0] = Float.NaN;
        trace.pooled()[0] = Float.NaN;
        trace.hiddenState(0)[0] = Float.NaN;
        trace.hiddenState(1)[0] = Float.NaN;
        trace.layers().get(0).attention(0)[0] = Float.NaN;
        assertEquals(model.predict(PAIR), trace.logits()[0]);
        assertArrayEquals(model.trace(PAIR).pooled(), trace.pooled());
        assertArrayEquals(model.trace(PAIR).hiddenState(0), trace.hiddenState(0));
        assertArrayEquals(model.trace(PAIR).hiddenState(1), trace.hiddenState(1));
        assertArrayEquals(
                model.trace(PAIR).layers().get(0).attention(0),
                trace.layers().get(0).attention(0));
        assertThrows(UnsupportedOperationException.class, () -> trace.tokens().clear());
        assertThrows(UnsupportedOperationException.class, () -> trace.layers().clear());
    }

    @Test
    void jsonHasTheSameNumbers(@TempDir Path folder) throws IOException {
        Trace trace = model.trace(new TextPair("<\uDC00 \"q\" 😀", "p\u0000\n</script>"));
        Path file = folder.resolve("trace.json");
        trace.writeJson(file);
        JsonValue json = JsonValue.parse(Files.readAllBytes(file), "trace.json");
        assertEquals("<\uFFFD \"q\" 😀", json.get("query").string());
        assertEquals("p\u0000\n</script>", json.get("passage").string());
        assertEquals(trace.tokens().size(), json.get("tokens").elements().size());
        JsonValue token = json.get("tokens").elements().get(1);
        assertEquals(trace.tokens().get(1).piece(), token.get("piece").string());
        assertArrayEquals(trace.embeddings(), numbers(json.get("embeddings")));
        for (int l = 0; l < trace.layers().size(); l++) {
            TracedLayer layer = trace.layers().get(l);
            JsonValue found = json.get("layers").elements().get(l);
            assertArrayEquals(layer.queries(), numbers(found.get("queries")));
            assertArrayEquals(layer.keys(), numbers(found.get("keys")));
            assertArrayEquals(layer.values(), numbers(found.get("values")));
            for (int h = 0; h < trace.headCount(); h++) {
                assertArrayEquals(
                        layer.attention(h),
                        numbers(found.get("attention").elements().get(h)));
            }
            assertArrayEquals(layer.context(), numbers(found.get("context")));
            assertArrayEquals(layer.attentionOutput(), numbers(found.get("attention_output")));
            assertArrayEquals(layer.output(), numbers(found.get("hidden_state")));
        }
        assertEquals(
                trace.pooled()[0], (float) json.get("pooled").elements().get(0).number());
        assertEquals(
                trace.logits()[0], (float) json.get("logits").elements().get(0).number());
        assertEquals(trace.times().size(), json.get("times").elements().size());
    }

    private static float[] numbers(JsonValue rows) throws IOException {
        List<Float> numbers = new ArrayList<>();
        for (JsonValue row : rows.elements()) {
            for (JsonValue number : row.elements()) {
                numbers.add((float) number.number());
            }
        }
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i);
        }
        return floats;
    }

    @Test
    void tensorsHaveTheSameNumbers(@TempDir Path folder) throws IOException {
        Trace trace = model.trace(PAIR);
        trace.writeSafetensors(folder.resolve("trace.safetensors"));
        int tokens = trace.tokens().size();
        try (Safetensors file = Safetensors.open(folder.resolve("trace.safetensors"))) {
            for (int l = 0; l < trace.layers().size(); l++) {
                TracedLayer layer = trace.layers().get(l);
                assertArrayEquals(layer.queries(), file.readAll("queries." + l));
                assertArrayEquals(layer.keys(), file.readAll("keys." + l));
                assertArrayEquals(layer.values(), file.readAll("values." + l));
                assertArrayEquals(layer.context(), file.readAll("context." + l));
                assertArrayEquals(layer.attentionOutput(), file.readAll("attention_output." + l));
                float[] attentions = file.readAll("attentions." + l);
                assertEquals(trace.headCount() * tokens * tokens, attentions.length);
                float[] last = layer.attention(trace.headCount() - 1);
                assertEquals(last[1], attentions[attentions.length - last.length + 1]);
            }
            for (int stage = 0; stage <= trace.layers().size(); stage++) {
                assertArrayEquals(trace.hiddenState(stage), file.readAll("hidden_states." + stage));
            }
            assertArrayEquals(trace.pooled(), file.readAll("pooled"));
            assertArrayEquals(trace.logits(), file.readAll("logits"));
        }
    }
}
