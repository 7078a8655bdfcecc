package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.Calibration;
import io.github.purerank.load.TestModels;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models with a calibration.json. The model's own activation, a sigmoid, must not come between. */
class CalibratedScoresTest {
    @TempDir
    private Path folder;

    private static final Calibration CALIBRATION = new Calibration(-2.5, 0.75, 42, 0.5, 0.25);
    private static final PredictOptions CALIBRATED = PredictOptions.defaults().withCalibration(true);
    private static final List<TextPair> PAIRS =
            List.of(new TextPair("b c", "d"), new TextPair("", "e f g h"), new TextPair("a b", "x"));

    private static MemoryFiles model(String name, String calibration) {
        MemoryFiles files =
                ManyLabelsTest.withLetters((MemoryFiles) TestModels.tiny(name).files());
        if (calibration == null) {
            return files;
        }
        Map<String, byte[]> more = new HashMap<>(files.files());
        more.put(Calibration.FILE_NAME, calibration.getBytes(StandardCharsets.UTF_8));
        return new MemoryFiles(more);
    }

    private static CrossEncoder load(String name, String calibration) throws IOException {
        return CrossEncoder.load(model(name, calibration), LoadOptions.defaults());
    }

    @Test
    void scoresAreProbabilitiesOfTheLogits() throws IOException {
        try (CrossEncoder model = load("relu-eps-1e-5", CALIBRATION.toJson())) {
            assertEquals(Optional.of(CALIBRATION), model.config().calibration());
            float[] logits = model.predict(PAIRS, PredictOptions.defaults().withActivation(ScoreActivation.IDENTITY));
            float[] expected = new float[logits.length];
            for (int i = 0; i < logits.length; i++) {
                expected[i] = (float) (1 / (1 + Math.exp(-(-2.5 * logits[i] + 0.75))));
            }
            float[] found = model.predict(PAIRS, CALIBRATED);
            assertArrayEquals(expected, found, 1e-7f);
            List<Encoding> encoded = new ArrayList<>();
            for (TextPair pair : PAIRS) {
                encoded.add(model.tokenize(pair, 0));
            }
            assertArrayEquals(found, model.predictEncoded(encoded, CALIBRATED));
            assertEquals(found[1], model.predictLabels(PAIRS, CALIBRATED)[1][0]);
            // The slope is below 0: what was last is first now.
            List<String> documents = List.of("a", "b c d", "e f");
            List<RankedDocument> plain = model.rank("q", documents);
            List<RankedDocument> calibrated = model.rank("q", documents, 3, CALIBRATED);
            for (int i = 0; i < 3; i++) {
                assertEquals(plain.get(2 - i).index(), calibrated.get(i).index());
            }
            assertArrayEquals(
                    model.predict(PAIRS), model.predict(PAIRS, CALIBRATED.withCalibration(false)), "off again");
        }
    }

    private static void assertRefused(Class<? extends Exception> type, String expected, Executable call) {
        String message = assertThrows(type, call).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void whatCannotBeCalibratedIsRefused() throws IOException {
        try (CrossEncoder model = load("relu-eps-1e-5", null)) {
            Class<IllegalStateException> refused = IllegalStateException.class;
            assertRefused(refused, "no calibration.json", () -> model.predict(PAIRS, CALIBRATED));
            assertRefused(refused, "no calibration.json", () -> model.rank("q", List.of("a"), 1, CALIBRATED));
            List<Encoding> encoded = List.of(model.tokenize(PAIRS.get(0), 0));
            assertRefused(refused, "no calibration.json", () -> model.predictEncoded(encoded, CALIBRATED));
        }
        try (CrossEncoder model = load("hidden-100-labels-3", null)) {
            assertRefused(
                    IllegalStateException.class, "models of one label", () -> model.predictLabels(PAIRS, CALIBRATED));
        }
        Class<IllegalArgumentException> refused = IllegalArgumentException.class;
        assertRefused(refused, "activation SIGMOID", () -> CALIBRATED.withActivation(ScoreActivation.SIGMOID));
        assertRefused(
                refused,
                "activation IDENTITY",
                () -> PredictOptions.defaults()
                        .withActivation(ScoreActivation.IDENTITY)
                        .withCalibration(true));
        assertRefused(refused, "softmax", () -> CALIBRATED.withSoftmax(true));
    }

    @Test
    void theOtherOptionsKeepTheCalibration() {
        PredictOptions all = CALIBRATED
                .withBatchSize(2)
                .withMaxLength(9)
                .withPrompt("p")
                .withPromptName("n")
                .withProgress((done, total) -> {});
        assertTrue(all.calibrated());
        assertEquals("p", all.withCalibration(false).prompt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"slope\": 1} | the key \"method\"",
                "{\"method\": \"isotonic\"} | /method: expected the only supported method, \"platt\", found \"isotonic\"",
                "{\"method\": \"platt\", \"intercept\": 0} | the key \"slope\"",
                "SLOPE \"1\" | /slope: expected a number, found \"1\"",
                "SLOPE 1e999 | /slope: expected a number",
                "SLOPE NaN | expected JSON",
                "SLOPE null | /slope: expected a number, found null",
                "SLOPE 1, \"temperature\": 2 | \"temperature\"",
                "SLOPE 1, \"slope\": 2 | \"slope\" twice",
                "PAIRS 0 | /pairs: expected a whole number",
                "PAIRS 1.5 | /pairs: expected a whole number",
                "LOSS -1 | /log_loss_after: expected a number of at least 0, found -1",
                "INPUTS {} | /inputs: expected the key \"prompt\"",
                "INPUTS {\"prompt\": \"\", \"max_length\": 0, \"long_text\": \"truncate\"} | /inputs/max_length: expected a whole number",
                "INPUTS {\"prompt\": \"\", \"max_length\": 9, \"long_text\": \"\", \"x\": 1} | \"x\"",
                "[1] | expected an object",
                "nothing | expected JSON",
            })
    void aWrongFileIsRefused(String text, String expected) {
        String json = CALIBRATION.toJson();
        if (text.startsWith("SLOPE ")) {
            json = json.replace("-2.5", text.substring(6));
        } else if (text.startsWith("PAIRS ")) {
            json = json.replace("42", text.substring(6));
        } else if (text.startsWith("LOSS ")) {
            json = json.replace("0.25", text.substring(5));
        } else if (text.startsWith("INPUTS ")) {
            json = json.replace("\n}", ", \"inputs\": " + text.substring(7) + "}");
        } else {
            json = text;
        }
        String wrong = json;
        ModelFormatException refused = assertThrows(
                ModelFormatException.class, () -> load("relu-eps-1e-5", wrong).close());
        assertEquals("memory/calibration.json", refused.file());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @Test
    void aCalibrationIsForPairsThatAreReadAsThoseItWasFittedTo() throws IOException {
        try (CrossEncoder model = load("relu-eps-1e-5", null)) {
            PredictOptions fitted = PredictOptions.defaults().withMaxLength(9).withPrompt("p \"x\": ");
            Calibration calibration = CALIBRATION.withInputs(model.inputs(fitted));
            Path file = Files.writeString(folder.resolve("mine.json"), calibration.toJson());
            Calibration read = Calibration.read(file);
            assertEquals(calibration, read);
            PredictOptions options = fitted.withCalibration(read);
            float[] logits = model.predict(PAIRS, fitted.withActivation(ScoreActivation.IDENTITY));
            assertArrayEquals(read.apply(logits), model.predict(PAIRS, options));
            Class<OptionException> refused = OptionException.class;
            assertRefused(
                    refused,
                    "prompt: the calibration was fitted with \"p \"x\": \", found \"\"",
                    () -> model.predict(PAIRS, options.withPrompt("")));
            assertRefused(
                    refused,
                    "maxLength: the calibration was fitted with 9 tokens, found 10 tokens",
                    () -> model.predict(PAIRS.stream(), options.withMaxLength(10)));
            assertRefused(
                    refused,
                    "longText: the calibration was fitted with truncate, found mean:2, stride 3",
                    () -> model.rank(
                            "q",
                            List.of("a"),
                            RankOptions.defaults()
                                    .withPredict(options.withLongText(
                                            LongText.meanOfTopWindows(2).withStride(3)))));
            assertRefused(
                    IllegalStateException.class,
                    "no calibration.json",
                    () -> model.predict(PAIRS, options.withCalibration(true)));
            assertArrayEquals(model.predict(PAIRS, fitted), model.predict(PAIRS, options.withCalibration(false)));
            Calibration ofDefaults = CALIBRATION.withInputs(model.inputs(PredictOptions.defaults()));
            model.predict(PAIRS, PredictOptions.defaults().withCalibration(ofDefaults));
        }
        try (CrossEncoder model = load("hidden-100-labels-3", null)) {
            assertRefused(
                    IllegalStateException.class,
                    "models of one label",
                    () -> model.predictLabels(PAIRS, PredictOptions.defaults().withCalibration(CALIBRATION)));
        }
    }

    @Test
    void aModelOfSeveralLabelsHasNone() {
        ModelFormatException refused = assertThrows(
                ModelFormatException.class,
                () -> load("hidden-100-labels-3", CALIBRATION.toJson()).close());
        assertTrue(
                refused.getMessage().contains("a model of one label beside it, found 3 labels"), refused.getMessage());
    }

    @Test
    void anyCalibrationIsReadAsItWasWritten() throws IOException {
        for (double slope : new double[] {1.0 / 3, -1e-300, 4.9e-324, 1.7e308, 0, 123456789.123456789}) {
            Calibration calibration = new Calibration(slope, -slope, Long.MAX_VALUE, 1.0 / 7, 0);
            try (CrossEncoder model = load("relu-eps-1e-5", calibration.toJson())) {
                assertEquals(calibration, model.config().calibration().orElseThrow());
            }
            assertEquals(calibration, Calibration.parse(calibration.toJson()));
        }
        assertThrows(ModelFormatException.class, () -> Calibration.parse("{}"));
        assertThrows(IllegalArgumentException.class, () -> new Calibration(Double.NaN, 0, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Calibration(1, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Calibration(1, 0, 1, -1, 0));
    }
}
