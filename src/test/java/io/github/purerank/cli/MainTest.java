package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.ManyLabelsTest;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String QUERY = "How do I reset a user password?";
    private static final String ANSWER = "Use the account settings page to send a password reset link.";
    private static final String OTHER = "Rotate the signing key before deploying a new release.";
    private static final String JSONL = "{\"query\": \"" + QUERY + "\", \"passage\": \"" + OTHER + "\"}\n"
            + "{\"passage\": \"" + ANSWER + "\", \"query\": \"" + QUERY + "\", \"label\": 1}\n";
    private static final String TSV = QUERY + "\t" + OTHER + "\n" + QUERY + "\t" + ANSWER + "\n";

    @TempDir
    Path folder;

    @Test
    void ranksDocumentsBestFirst() {
        Cli cli = Cli.run("rank", QUERY, OTHER, ANSWER);
        assertEquals(0, cli.status());
        assertEquals("", cli.err());
        assertEquals(3, cli.lines().size());
        assertTrue(cli.lines().get(1).endsWith(ANSWER));
        assertTrue(cli.lines().get(2).endsWith(OTHER));
        Cli best = Cli.run("rank", QUERY, OTHER, ANSWER, "--top-k", "1");
        assertEquals(cli.lines().subList(0, 2), best.lines());
    }

    @Test
    void theLanguageOfTheUserDoesNotMatter() {
        Locale before = Locale.getDefault();
        String expected = Cli.run("rank", QUERY, OTHER, ANSWER).out();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertEquals(expected, Cli.run("rank", QUERY, OTHER, ANSWER).out());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void ranksTheDocumentsOfAFile() throws IOException {
        Path lines = Files.writeString(folder.resolve("documents.txt"), OTHER + "\r\n\n" + ANSWER);
        List<String> expected =
                Cli.run("rank", QUERY, OTHER, ANSWER, "--format", "jsonl").lines();
        assertEquals(
                expected,
                Cli.run("rank", QUERY, "--documents", lines.toString(), "--format", "jsonl")
                        .lines());
        Path json = Files.writeString(
                folder.resolve("documents.jsonl"),
                "{\"text\": \"" + OTHER + "\"}\n{\"passage\": \"" + ANSWER + "\"}\n");
        assertEquals(
                expected,
                Cli.run("rank", QUERY, "--documents", json.toString(), "--format", "jsonl")
                        .lines());
        assertEquals(
                expected,
                Cli.runWith(ANSWER, "rank", QUERY, OTHER, "--documents", "-", "--format", "jsonl")
                        .lines());
        JsonValue best = JsonValue.parse(expected.get(0).getBytes(StandardCharsets.UTF_8), "line");
        assertEquals(ANSWER, best.get("text").string());
        assertEquals(1, best.get("index").integer(0, 9));
    }

    @Test
    void scoresInTheOrderOfTheInput() throws IOException {
        float[] expected;
        try (CrossEncoder model = CrossEncoder.load()) {
            expected = model.predict(List.of(new TextPair(QUERY, OTHER), new TextPair(QUERY, ANSWER)));
        }
        Path jsonl = Files.writeString(folder.resolve("pairs.jsonl"), JSONL);
        Path tsv = Files.writeString(folder.resolve("pairs.tsv"), "\uFEFF" + TSV);
        List<Cli> calls = new ArrayList<>();
        calls.add(Cli.run("score", "--input", jsonl.toString(), "--format", "jsonl"));
        calls.add(Cli.run("score", "--input", tsv.toString(), "--format", "jsonl", "--threads", "3"));
        calls.add(Cli.runWith(JSONL, "score", "--format", "jsonl", "--batch-size", "1"));
        calls.add(Cli.runWith(TSV, "score", "--input", "-", "--format", "JSONL", "--activation", "none"));
        for (Cli cli : calls) {
            assertEquals(0, cli.status(), cli.err());
            assertEquals(2, cli.lines().size());
            for (int i = 0; i < 2; i++) {
                byte[] line = cli.lines().get(i).getBytes(StandardCharsets.UTF_8);
                assertEquals(
                        (double) expected[i],
                        JsonValue.parse(line, "line").get("score").number());
            }
        }
        Cli columns = Cli.runWith(TSV, "score", "--format", "tsv");
        assertEquals(
                Numbers.full(expected[1]) + "\t" + QUERY + "\t" + ANSWER,
                columns.lines().get(1));
        Cli table = Cli.runWith(TSV, "score");
        assertEquals(3, table.lines().size());
        assertTrue(table.lines().get(2).startsWith(String.format(Locale.ROOT, "%9.4f", expected[1])));
        Cli sigmoid = Cli.runWith(TSV, "score", "--format", "tsv", "--activation", "sigmoid");
        assertTrue(sigmoid.lines().get(1).startsWith("0.99"));
    }

    @Test
    void aModelOfManyLabelsGivesLists() throws IOException {
        for (Map.Entry<String, byte[]> file : ManyLabelsTest.files().files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Cli cli = Cli.runWith("a\tb c\n", "score", "--model", folder.toString(), "--format", "jsonl");
        assertEquals(0, cli.status(), cli.err());
        byte[] line = cli.lines().get(0).getBytes(StandardCharsets.UTF_8);
        assertEquals(3, JsonValue.parse(line, "line").get("score").elements().size());
        Cli table = Cli.runWith("a\tb c\n", "score", "--model", folder.toString());
        assertTrue(table.lines().get(0).contains("LABEL_2"), table.out());
        assertEquals(1, Cli.run("rank", "a", "b", "--model", folder.toString()).status());
    }

    @Test
    void noPairsGiveNoScores() {
        assertEquals(new Cli(0, "", ""), Cli.run("score", "--format", "jsonl"));
        assertEquals(new Cli(0, "", ""), Cli.runWith("\n \n", "score", "--format", "jsonl"));
    }

    @Test
    void aTabAloneIsAPairOfEmptyTexts() {
        Cli cli = Cli.runWith("a\tb\n\t\n\r\n \nc\td\n", "score", "--format", "tsv");
        assertEquals(0, cli.status(), cli.err());
        assertEquals(3, cli.lines().size(), cli.out());
        assertTrue(cli.lines().get(1).endsWith("\t\t"), cli.out());
        assertEquals(
                2,
                Cli.runWith(JSONL.replace("\n", "\n \t\n"), "score", "--format", "jsonl")
                        .lines()
                        .size());
    }

    @Test
    void tokenizesAsTheModelDoes() throws IOException {
        Cli cli = Cli.runWith(
                "{\"query\": \"hello world\", \"passage\": \"good morning\"}\n"
                        + "{\"query\": \"hello world\", \"passage\": \"good morning\", \"max_length\": 5}\n",
                "tokenize",
                "--max-length",
                "6");
        assertEquals(
                List.of(
                        "{\"input_ids\": [101, 7592, 102, 2204, 2851, 102], \"token_type_ids\": [0, 0, 0, 1, 1, 1]}",
                        "{\"input_ids\": [101, 7592, 102, 2204, 102], \"token_type_ids\": [0, 0, 0, 1, 1]}"),
                cli.lines());
    }

    @Test
    void aRowWithTooSmallALimitIsNamedByItsLine() {
        String row = "{\"query\": \"a\", \"passage\": \"b\", \"max_length\": %d}\n";
        Cli cli = Cli.runWith(row.formatted(3) + row.formatted(2), "tokenize");
        assertEquals(1, cli.status());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().startsWith("purerank: standard input, line 2: "), cli.err());
    }

    @Test
    void verifiesTheDefaultModel() throws IOException {
        Cli cli = Cli.run("verify");
        assertEquals(0, cli.status(), cli.out());
        Path wrong = Files.writeString(
                folder.resolve("wrong.json"),
                "{\"pairs\": [{\"query\": \"a\", \"passage\": \"b\", \"score\": 99}], \"tolerance\": 0.5}");
        Cli failed = Cli.run("verify", "--reference", wrong.toString());
        assertEquals(1, failed.status());
        assertTrue(failed.out().contains("expected 99.0"));
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("elsewhere")).resolve("link.json"), wrong);
        assertEquals(
                failed.status(),
                Cli.run("verify", "--reference", link.toString()).status());
        assertTrue(Cli.run("verify", "--reference", link.toString()).out().contains("expected 99.0"));
    }

    @Test
    void scoresThatAreAllTheSameHaveNoCorrelation() throws IOException {
        Path same = Files.writeString(
                folder.resolve("same.json"),
                "{\"pairs\": [{\"query\": \"a\", \"passage\": \"b\", \"score\": 1},"
                        + " {\"query\": \"c\", \"passage\": \"d\", \"score\": 1}], \"tolerance\": 99}");
        Cli cli = Cli.run("verify", "--reference", same.toString());
        assertEquals(0, cli.status());
        assertFalse(cli.out().contains("NaN"), cli.out());
        assertEquals(
                2,
                cli.lines().stream().filter(line -> line.contains("undefined")).count(),
                cli.out());
    }

    @Test
    void verifiesModelsOfOneLabelAlone() throws IOException {
        for (Map.Entry<String, byte[]> file : ManyLabelsTest.files().files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(
                folder.resolve("reference_scores.json"),
                "{\"pairs\": [{\"query\": \"a\", \"passage\": \"b\", \"score\": 1}]}");
        Cli cli = Cli.run("verify", "--model", folder.toString());
        assertEquals(1, cli.status());
        assertEquals("", cli.out());
        assertTrue(cli.err().contains("verify needs a model of one label"), cli.err());
    }

    @Test
    void theScriptsOwnCommandsAreNamed() {
        Cli help = Cli.run("help");
        assertTrue(help.out().contains("\n  serve      "), help.out());
        assertTrue(help.out().contains("\n  shell      "), help.out());
        for (String name : List.of("serve", "shell")) {
            Cli one = Cli.run("help", name);
            assertEquals(2, one.status());
            assertTrue(one.err().contains(name + " is a command of the script tools/purerank"), one.err());
        }
    }

    @Test
    void tokenizePutsPromptsBeforeQueries() throws IOException, URISyntaxException {
        Cli expected = Cli.runWith("about: a\tb\n", "tokenize");
        assertEquals(expected, Cli.runWith("a\tb\n", "tokenize", "--prompt", "about: "));
        Cli unknown = Cli.runWith("a\tb\n", "tokenize", "--prompt-name", "q");
        assertEquals(1, unknown.status());
        assertTrue(unknown.err().startsWith("purerank: --prompt-name: expected one of [], found \"q\""), unknown.err());
        Cli tooShort = Cli.runWith("a\tb\n", "tokenize", "--skip-bad-rows", "--max-length", "2");
        assertTrue(tooShort.err().contains("--max-length: expected at least 3"), tooShort.err());

        // Its default prompt is "how is ", under the name "question".
        String model = Path.of(MainTest.class
                        .getResource("/golden/layouts/bert-newest")
                        .toURI())
                .toString();
        Cli withDefault = Cli.runWith("how is a\tb\n", "tokenize", "--model", model, "--prompt", "");
        assertEquals(0, withDefault.status(), withDefault.err());
        assertEquals(withDefault, Cli.runWith("a\tb\n", "tokenize", "--model", model));
        Cli named = Cli.runWith("a\tb\n", "tokenize", "--model", model, "--prompt-name", "none");
        assertEquals(Cli.runWith("a\tb\n", "tokenize", "--model", model, "--prompt", ""), named);
        assertNotEquals(withDefault, named);
    }

    @Test
    void infoNamesTheKernelsAndTheSizes() {
        Cli cli = Cli.run("info");
        assertEquals(0, cli.status());
        assertTrue(cli.out().contains("4,782,593"));
        assertTrue(cli.out().contains("kernels"));
        assertTrue(cli.lines().contains("architecture        BertForSequenceClassification"), cli.out());
    }

    @Test
    void infoNamesTheArchitecture() throws URISyntaxException {
        for (String model : new String[] {"electra-newest", "distilbert-v4"}) {
            Path saved = Path.of(
                    MainTest.class.getResource("/golden/layouts/" + model).toURI());
            Cli cli = Cli.run("info", "--model", saved.toString());
            assertEquals(0, cli.status(), cli.err());
            boolean electra = model.startsWith("electra");
            assertTrue(
                    cli.lines()
                            .contains("architecture        " + (electra ? "Electra" : "DistilBert")
                                    + "ForSequenceClassification"),
                    cli.out());
            assertEquals(electra, cli.lines().contains("embedding size      8"), cli.out());
        }
    }

    @Test
    void aModelCannotWriteToTheTerminal() throws IOException {
        for (Map.Entry<String, byte[]> file : ManyLabelsTest.files().files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Path config = folder.resolve("config.json");
        String labels = "{\"id2label\": {\"0\": \"\\u001b[2J\", \"1\": \"b\\nc\", \"2\": \"d\"}, ";
        String json = Files.readString(config).replaceAll("\"num_labels\": *\\d+,|\"id2label\": *\\{[^}]*\\},", "");
        Files.writeString(config, labels + json.strip().substring(1));
        Cli info = Cli.run("info", "--model", folder.toString());
        assertEquals(0, info.status(), info.err());
        assertTrue(info.lines().contains("labels               [2J, b c, d"), info.out());
        Cli rank = Cli.run("rank", "a", "b", "--model", folder.toString());
        assertEquals(1, rank.err().lines().count());
        assertFalse(rank.err().contains("\u001b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "score --input missing.jsonl | missing.jsonl: no such file",
                "score --model missing-model | missing-model",
                "rank q --documents missing.txt | missing.txt: no such file",
                "verify --reference missing.json | missing.json: no such file",
                "verify --reference / | /: expected a file, found a directory",
                "verify --reference= | expected the name of a file, found an empty one",
                "score --input= | expected the name of a file, found an empty one",
                "tokenize --input missing.jsonl | missing.jsonl: no such file",
                "fetch no-such-model | no-such-model",
                "fetch / | /: expected the name of a model, as \"purerank fetch --list\" shows them, found a path",
            })
    void failuresAreOneLineThatNamesTheThing(String arguments, String expected) {
        Cli cli = Cli.run(arguments.strip().split(" "));
        assertEquals(1, cli.status(), cli.err());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().contains(expected), cli.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "score --nonsense",
                "score --format xml",
                "score --threads 0",
                "score --batch-size -1",
                "score --max-length 0",
                "score --threads many",
                "rank",
                "rank query",
                "rank query document --top-k 0",
                "score --input",
                "score --input-format xml",
                "fetch",
            })
    void wrongCallsAreOneLineAndStatusTwo(String arguments) {
        Cli cli = Cli.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals(2, cli.status(), cli.err());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }

    @Test
    void anEmptyNameIsAWrongCall() {
        for (String[] names :
                new String[][] {{"m.onnx", ""}, {"", "folder"}, {"m.onnx", "folder", "--tokenizer", ""}}) {
            List<String> arguments = new ArrayList<>(List.of(names));
            arguments.add(0, "import");
            Cli cli = Cli.run(arguments.toArray(new String[0]));
            assertEquals(2, cli.status(), cli.err());
            assertTrue(cli.err().contains(": expected a name, found an empty one"), cli.err());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"query\": \"a\"} | /: expected the key \"passage\"",
                "{\"query\": \"a\", \"passage\": null} | /passage: expected a string, found null",
                "{\"query\": 1, \"passage\": \"b\"} | /query: expected a string, found 1",
                "{\"query\": \"a\", \"passage\": | expected JSON",
                "one column | expected 2 columns with a tab between, found 1",
            })
    void aBadRowIsNamedByItsLine(String row, String expected) {
        String first = row.startsWith("{") ? "{\"query\": \"a\", \"passage\": \"b\"}\n" : "a\tb\n";
        Cli cli = Cli.runWith(first + row + "\n", "score", "--format", "jsonl");
        assertEquals(1, cli.status());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().contains("line 2"), cli.err());
        assertTrue(cli.err().contains(expected.replace("/:", "")), cli.err());
    }

    @Test
    void debugShowsTheStackTrace() {
        Cli cli = Cli.run("score", "--debug", "--input", "missing.jsonl");
        assertEquals(1, cli.status());
        assertTrue(cli.err().contains("\tat "), cli.err());
        assertFalse(Cli.run("score", "--input", "missing.jsonl").err().contains("\tat "));
    }

    @Test
    void aTextMayBeginWithAnAtSign() throws IOException {
        String text = "@" + Files.writeString(folder.resolve("words.txt"), "other words");
        Cli cli = Cli.run("rank", text, text, "@@twice", "--format", "tsv");
        assertEquals(0, cli.status(), cli.err());
        assertEquals(2, cli.lines().size());
        assertTrue(cli.out().contains("\t" + text + "\n"), cli.out());
        assertTrue(cli.out().contains("\t@@twice\n"), cli.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help rank", "--version", "fetch --list", "rank a b"})
    void outputThatCannotBeWrittenIsAFailure(String arguments) {
        StringWriter err = new StringWriter();
        PrintWriter full = new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        assertEquals(1, Main.run(arguments.split(" "), InputStream.nullInputStream(), full, new PrintWriter(err)));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("standard output cannot be written to"), err.toString());
    }

    @Test
    void tooLittleMemoryIsAFailureLikeOthers() {
        InputStream input = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        Cli cli = Cli.runWith(input, "tokenize");
        assertEquals(1, cli.status());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().startsWith("purerank: out of memory: Java heap space"), cli.err());
    }

    @Test
    void argumentsOutsideTheLocalesEncodingAreNoticed() {
        String[] garbled = {"rank", "caf\uFFFD\uFFFD", "tea"};
        assertTrue(Main.areGarbled(garbled, "ANSI_X3.4-1968"));
        assertFalse(Main.areGarbled(garbled, "UTF-8"));
        assertFalse(Main.areGarbled(new String[] {"rank", "coffee", "tea"}, "ANSI_X3.4-1968"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help", "score --help", "help rank", "--version"})
    void helpGoesToStandardOutput(String arguments) {
        Cli cli = Cli.run(arguments.split(" "));
        assertEquals(0, cli.status());
        assertEquals("", cli.err());
        assertFalse(cli.out().isEmpty());
    }
}
