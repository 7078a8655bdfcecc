package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts to ids to scores, against the reference's. */
class GoldenTextTest {
    @Test
    void textsBecomeTheReferencesIdsAndScores() throws IOException {
        List<Golden.Input> inputs = Golden.defaultModel().inputs();
        assertTrue(inputs.size() > 40);
        try (CrossEncoder model = CrossEncoder.load()) {
            for (Golden.Input input : inputs) {
                TextPair pair = pair(input.json());
                int maxLength = (int) input.json().get("max_length").integer(1, 512);
                assertArrayEquals(input.ids(), model.tokenize(pair, maxLength).inputIds(), input.toString());
                assertArrayEquals(input.types(), model.tokenize(pair, maxLength).tokenTypeIds(), input.toString());
                PredictOptions options = PredictOptions.defaults().withMaxLength(maxLength);
                assertScore(input, "score", model.predict(List.of(pair), options)[0]);
                PredictOptions sigmoid = options.withActivation(ScoreActivation.SIGMOID);
                assertScore(input, "sigmoid", model.predict(List.of(pair), sigmoid)[0]);
            }
        }
    }

    private static TextPair pair(JsonValue json) throws ModelFormatException {
        return new TextPair(json.get("query").string(), json.get("passage").string());
    }

    private static void assertScore(Golden.Input input, String key, float found) throws ModelFormatException {
        double expected = input.json().get(key).number();
        assertEquals(expected, found, 2e-5 * Math.max(1, Math.abs(expected)), input + ", " + key);
    }
}
