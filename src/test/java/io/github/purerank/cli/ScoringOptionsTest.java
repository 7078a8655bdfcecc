package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.ManyLabelsTest;
import io.github.purerank.PredictOptions;
import io.github.purerank.RankOptions;
import io.github.purerank.RankedDocument;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoringOptionsTest {
    private static final String QUERY = "How do I reset a user password?";
    private static final String LONG =
            "The boats went out early. ".repeat(20) + "Use the account settings page to send a password reset link.";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "max, MAX_OF_WINDOWS, 0",
        "mean:2, MEAN_OF_TOP_WINDOWS, 2",
        "ends, FIRST_AND_LAST, 0",
        "truncate, TRUNCATE, 0"
    })
    void longTextsAreReadAsAskedFor(String value, LongText.Method method, int windowCount) throws IOException {
        PredictOptions options =
                PredictOptions.defaults().withMaxLength(40).withLongText(new LongText(method, windowCount, 0));
        try (CrossEncoder model = CrossEncoder.load()) {
            RankedDocument expected = model.rank(
                            QUERY, List.of(LONG), RankOptions.defaults().withPredict(options))
                    .get(0);
            Cli rank = Cli.run("rank", "--max-length", "40", "--long-text", value, "--format", "jsonl", QUERY, LONG);
            assertEquals(0, rank.status(), rank.err());
            JsonValue row = JsonValue.parse(rank.out().getBytes(StandardCharsets.UTF_8), "output");
            assertEquals(expected.score(), (float) row.get("score").number());
            if (method == LongText.Method.TRUNCATE) {
                assertFalse(row.find("window").isPresent());
            } else {
                List<JsonValue> window = row.get("window").elements();
                assertEquals(expected.window().start(), window.get(0).integer(0, LONG.length()));
                assertEquals(expected.window().end(), window.get(1).integer(0, LONG.length()));
            }
            Cli score = Cli.runWith(
                    QUERY + "\t" + LONG + "\n",
                    "score",
                    "--max-length",
                    "40",
                    "--long-text",
                    value,
                    "--format",
                    "jsonl");
            assertEquals(
                    "{\"score\": " + Numbers.full(expected.score()) + "}",
                    score.lines().get(0));
        }
    }

    @Test
    void aStrideIsGivenInTokens() throws IOException {
        PredictOptions options =
                PredictOptions.defaults().withMaxLength(40).withLongText(LongText.MAX_OF_WINDOWS.withStride(1));
        try (CrossEncoder model = CrossEncoder.load()) {
            Cli score = Cli.runWith(
                    QUERY + "\t" + LONG + "\n",
                    "score",
                    "--max-length",
                    "40",
                    "--long-text",
                    "max",
                    "--stride",
                    "1",
                    "--format",
                    "jsonl");
            assertEquals(
                    "{\"score\": " + Numbers.full(model.predict(new TextPair(QUERY, LONG), options)) + "}",
                    score.lines().get(0));
        }
    }

    @Test
    void aPromptGoesBeforeTheQuery() throws IOException {
        try (CrossEncoder model = CrossEncoder.load()) {
            Cli score = Cli.runWith("a\tb\n", "score", "--prompt", "about: ", "--format", "jsonl");
            assertEquals(
                    "{\"score\": " + Numbers.full(model.predict(new TextPair("about: a", "b"))) + "}",
                    score.lines().get(0));
        }
    }

    @Test
    void softmaxMakesSharesOfManyLabels() throws IOException {
        for (Map.Entry<String, byte[]> file : ManyLabelsTest.files().files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Cli score = Cli.runWith("a\tb\n", "score", "--model", folder.toString(), "--softmax", "--format", "jsonl");
        try (CrossEncoder model = CrossEncoder.load(folder)) {
            float[] expected = model.predictLabels(
                            List.of(new TextPair("a", "b")),
                            PredictOptions.defaults().withSoftmax(true))[0];
            assertEquals(
                    "{\"score\": " + Texts.json(expected) + "}", score.lines().get(0), score.err());
        }
    }

    /** An option that does not suit the model is no bad row: nothing is skipped, and no line is blamed. */
    @ParameterizedTest
    @CsvSource({
        "--softmax, --softmax: over the one label",
        "--prompt-name=query, '--prompt-name: expected one of [], found \"query\"'",
        "--max-length=2, '--max-length: expected at least 3, the special tokens of a pair, found 2'",
        "--calibrated, the model has no calibration.json"
    })
    void anOptionThatDoesNotSuitTheModelIsAFailure(String option, String expected) {
        Cli score = Cli.runWith("a\tb\n", "score", "--skip-bad-rows", option);
        assertEquals(1, score.status());
        assertTrue(score.err().startsWith("purerank: " + expected), score.err());
        assertEquals("", score.out());
    }

    @Test
    void windowsNeedAModelOfOneLabel() throws IOException {
        for (Map.Entry<String, byte[]> file : ManyLabelsTest.files().files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Cli score = Cli.runWith("a\tb\n", "score", "--model", folder.toString(), "--long-text", "max");
        assertEquals(1, score.status());
        assertTrue(score.err().startsWith("purerank: --long-text: windows are chosen by the score"), score.err());
    }

    @Test
    void aRowThatTheModelRefusesIsNamedByItsLineAlone() {
        Cli tooLong = Cli.runWith("a\tb\na\t" + "b ".repeat(600) + "\n", "score", "--max-length", "600");
        assertEquals(1, tooLong.status());
        assertTrue(
                tooLong.err()
                        .contains("purerank: standard input, line 2: 600 tokens where the model has 512 positions"),
                tooLong.err());
        Cli tooShort = Cli.runWith("{\"query\": \"a\", \"passage\": \"b\", \"max_length\": 2}\n", "score");
        assertTrue(tooShort.err().contains("line 1: expected at least 3"), tooShort.err());
        Cli wrongJson = Cli.runWith("{\"query\": \"a\", \"passage\": \"b\"}\n{\"query\": ?}\n", "score");
        assertTrue(wrongJson.err().contains("standard input, line 2: "), wrongJson.err());
        assertTrue(wrongJson.err().contains("(column 11)"), wrongJson.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--long-text, mean:0",
        "--long-text, mean:",
        "--long-text, mean:x",
        "--long-text, most",
        "--stride, 5",
        "--min-score, NaN"
    })
    void wrongValuesAreWrongCalls(String option, String value) {
        Cli rank = Cli.run("rank", option, value, "q", "d");
        assertEquals(2, rank.status());
        assertTrue(rank.err().contains(option), rank.err());
        assertEquals(1, rank.err().lines().count(), rank.err());
    }
}
