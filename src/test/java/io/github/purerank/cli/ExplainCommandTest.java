package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What "explain" and "trace" write. tools/browser-test looks at the page in a browser. */
class ExplainCommandTest {
    private static final String QUERY = "how tall is mount everest";
    private static final String PASSAGE = "Mount Everest is 8,849 m high; 東京 isn't.";

    @TempDir
    private Path folder;

    private String explain(String query, String passage) throws IOException {
        Path page = folder.resolve("page.html");
        Cli cli = Cli.run("explain", "--output", page.toString(), "--", query, passage);
        assertEquals(0, cli.status(), cli.err());
        return Files.readString(page);
    }

    private static JsonValue data(String page) throws IOException {
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = page.indexOf(begin) + begin.length();
        return JsonValue.parse(
                page.substring(from, page.indexOf("</script>", from)).getBytes(StandardCharsets.UTF_8), "data");
    }

    @Test
    void wordsHaveTheLogitsOfThePairsWithoutThem() throws IOException {
        JsonValue data = data(explain(QUERY, PASSAGE));
        List<JsonValue> words = data.get("words").elements();
        try (CrossEncoder model = CrossEncoder.load()) {
            assertEquals(model.predict(new TextPair(QUERY, PASSAGE)), (float)
                    data.get("logit").number());
            assertEquals(model.predict(new TextPair("how tall is mount ", PASSAGE)), (float)
                    words.get(4).get("without").number());
            assertEquals("8,849", words.get(8).get("word").string());
            assertEquals(model.predict(new TextPair(QUERY, "Mount Everest is  m high; 東京 isn't.")), (float)
                    words.get(8).get("without").number());
        }
    }

    @Test
    void wordsAreWhatPeopleSeeAsWords() {
        String text = "Don't — 東京は 8,849 m_x +5 😀 naïve, ½. \t\n";
        assertEquals(
                List.of("Don't", "東", "京", "は", "8,849", "m_x", "+", "5", "😀", "naïve", "½"),
                Word.of(text).stream()
                        .map(word -> text.substring(word.start(), word.end()))
                        .toList());
        assertEquals(List.of(), Word.of(""));
    }

    @Test
    void attentionIsKeptInBytes() throws IOException {
        String page = explain(QUERY, PASSAGE);
        JsonValue data = data(page);
        int tokens = data.get("tokens").elements().size();
        byte[] bytes = Base64.getDecoder().decode(data.get("attention").string());
        assertEquals(4 * 2 * tokens * tokens, bytes.length);
        for (int row = 0; row < bytes.length; row += tokens) {
            double sum = 0;
            for (int j = 0; j < tokens; j++) {
                sum += Math.pow((bytes[row + j] & 0xff) / 255.0, 2);
            }
            assertEquals(1, sum, 0.03);
        }
        assertTrue(page.length() < 200_000, page.length() + " characters");
    }

    @Test
    void textsCannotEndTheirBlock() throws IOException {
        String hostile = "</script><script>alert(1)</script><!-- {{script}} {{data}} $1";
        String page = explain(hostile, hostile);
        assertEquals(2, count(page, "</script"));
        assertEquals(2, count(page, "<script"));
        assertEquals(0, count(page, "<!--"));
        assertEquals(hostile, data(page).get("passage").string());
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void thePageAllowsItsOwnScriptAndStyleAndNothingElse() throws Exception {
        String page = explain(QUERY, PASSAGE);
        assertEquals(
                "default-src 'none'; style-src '" + hash(between(page, "<style>", "</style>")) + "'; script-src '"
                        + hash(between(page, "<script>", "</script>")) + "'",
                between(page, "Content-Security-Policy\" content=\"", "\""));
        Matcher urls = Pattern.compile("https?://[^\"' ]*").matcher(page);
        while (urls.find()) {
            assertEquals("http://www.w3.org/2000/svg", urls.group());
        }
        assertFalse(page.contains("@import") || page.contains("src=") || page.contains("url("));
    }

    private static String between(String text, String begin, String end) {
        int from = text.lastIndexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    @Test
    void textsThatAreCutHaveNoWordsBeyondTheCut() throws IOException {
        // Words of many tokens, so that there are not many words.
        JsonValue data = data(explain("q", "xqzjvkwbpfgxqzjvkwbpfgxqzjvkwbpfg ".repeat(60)));
        List<JsonValue> tokens = data.get("tokens").elements();
        assertEquals(512, tokens.size());
        int words = data.get("words").elements().size();
        assertTrue(words < 60, words + " words");
        assertEquals(words - 1, tokens.get(510).get("word").integer(-1, 100));
    }

    @Test
    void traceWritesWhatTheNameSays() throws IOException {
        for (String end : List.of("json", "safetensors")) {
            Path file = folder.resolve("trace." + end);
            assertEquals(
                    0,
                    Cli.run("trace", QUERY, PASSAGE, "--output", file.toString())
                            .status());
            byte[] bytes = Files.readAllBytes(file);
            assertEquals('{', (char) bytes[end.equals("json") ? 0 : Long.BYTES]);
        }
        Cli wrong = Cli.run("trace", QUERY, PASSAGE, "--output", "trace.txt");
        assertEquals(2, wrong.status());
        assertTrue(wrong.err().contains("found trace.txt"), wrong.err());
        assertEquals(2, Cli.run("trace", QUERY, "--output", "trace.json").status());
        assertEquals(2, Cli.run("explain", QUERY, PASSAGE).status());
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        String none = folder.resolve("none").toString();
        for (String command : List.of("explain", "trace")) {
            Cli cli = Cli.run(command, QUERY, "p", "--output", none + "/x.json");
            assertEquals(1, cli.status());
            assertTrue(cli.err().contains(none), cli.err());
        }
    }
}
