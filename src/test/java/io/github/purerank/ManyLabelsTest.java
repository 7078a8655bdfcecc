package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.load.TestModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model of three labels. */
public class ManyLabelsTest {
    private static final List<TextPair> PAIRS =
            List.of(new TextPair("b c", "d"), new TextPair("", "e f g h"), new TextPair("a b", "x"));

    private static CrossEncoder model;

    /** A network of the golden files with a vocabulary of letters. */
    public static MemoryFiles files() {
        return withLetters((MemoryFiles) TestModels.tiny("hidden-100-labels-3").files());
    }

    /** A network with a vocabulary of letters. */
    public static MemoryFiles withLetters(MemoryFiles network) {
        Map<String, byte[]> files = new HashMap<>(network.files());
        StringBuilder vocabulary = new StringBuilder("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        for (char letter = 'a'; letter <= 'z'; letter++) {
            vocabulary.append(letter).append('\n');
        }
        files.put("vocab.txt", vocabulary.toString().getBytes(StandardCharsets.UTF_8));
        return new MemoryFiles(files);
    }

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load(files(), LoadOptions.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void eachPairHasAScoreForEachLabel() {
        assertEquals(3, model.labels().size());
        float[][] scores = model.predictLabels(PAIRS, PredictOptions.defaults());
        assertEquals(3, scores.length);
        for (int i = 0; i < 3; i++) {
            assertEquals(3, scores[i].length);
            float[][] alone = model.predictLabels(List.of(PAIRS.get(i)), PredictOptions.defaults());
            assertArrayEquals(alone[0], scores[i]);
        }
    }

    @Test
    void theSoftmaxOfAPairSumsToOne() {
        float[][] logits = model.predictLabels(PAIRS, PredictOptions.defaults());
        float[][] shares = model.predictLabels(PAIRS, PredictOptions.defaults().withSoftmax(true));
        for (int i = 0; i < 3; i++) {
            double total = 0;
            for (float logit : logits[i]) {
                total += Math.exp(logit);
            }
            for (int l = 0; l < 3; l++) {
                assertEquals(Math.exp(logits[i][l]) / total, shares[i][l], 1e-6);
            }
        }
    }

    @Test
    void whatNeedsOneScoreIsRefused() {
        assertThrows(IllegalStateException.class, () -> model.predict(PAIRS));
        assertThrows(IllegalStateException.class, () -> model.rank("a", List.of("b")));
    }
}
