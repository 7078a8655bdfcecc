package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows in all formats, good and bad, through score, rank and tokenize. */
class RowsTest {
    private static final List<TextPair> PAIRS = List.of(
            new TextPair("how tall, is \"it\"", "it is\n8,849 m"),
            new TextPair("", " x\ty"),
            new TextPair("größe", "\\t is C:\\temp"));

    @TempDir
    Path folder;

    @Test
    void allFormatsGiveTheSameScores() throws IOException {
        List<String> expected = scores(PAIRS, PredictOptions.defaults());
        String jsonl = "";
        String csv = "\uFEFFid,Passage,\"QUERY\"\r\n";
        String bare = "";
        for (TextPair pair : PAIRS) {
            jsonl += "{\"query\": " + Texts.json(pair.query()) + ", \"passage\": " + Texts.json(pair.passage()) + "}\n";
            csv += Texts.csv(List.of("7", pair.passage(), pair.query())) + "\r\n";
            bare += Texts.csv(List.of(pair.query(), pair.passage())) + "\n";
        }
        List<Cli> calls = new ArrayList<>();
        calls.add(Cli.runWith(jsonl, "score", "--format", "jsonl"));
        calls.add(Cli.runWith(csv, "score", "--format", "jsonl"));
        calls.add(Cli.runWith(csv, "score", "--format", "jsonl", "--input-format", "CSV"));
        calls.add(Cli.runWith(bare, "score", "--format", "jsonl", "--input-format", "csv"));
        for (String name : List.of("pairs.csv", "pairs.CSV.gz", "pairs", "csv.gz")) {
            Path file = folder.resolve(name);
            Files.write(file, name.endsWith("gz") ? gzip(csv) : csv.getBytes(StandardCharsets.UTF_8));
            calls.add(Cli.run("score", "--format", "jsonl", "--input", file.toString()));
        }
        Path jsonlFile = Files.write(folder.resolve("pairs.jsonl.gz"), gzip(jsonl));
        calls.add(Cli.run("score", "--format", "jsonl", "--input", jsonlFile.toString()));
        calls.add(Cli.runWith(
                Files.newInputStream(folder.resolve("pairs.jsonl.gz")), "score", "--format", "jsonl", "--input", "-"));
        for (Cli cli : calls) {
            assertEquals(0, cli.status(), cli.err());
            assertEquals(
                    expected, cli.lines().stream().map(RowsTest::scoreOfJson).toList());
        }
    }

    /** What is written as CSV can be read again, header and all. */
    @Test
    void csvGoesRound() throws IOException {
        String input = "query,passage\n";
        for (TextPair pair : PAIRS) {
            input += Texts.csv(List.of(pair.query(), pair.passage())) + "\n";
        }
        Cli once = Cli.runWith(input, "score", "--format", "csv");
        assertTrue(once.out().startsWith("score,query,passage\n"), once.out());
        assertEquals(once, Cli.runWith(once.out(), "score", "--format", "csv"));
        assertEquals(
                new Cli(0, "score,query,passage\n", ""), Cli.runWith("query,passage\n", "score", "--format", "csv"));
    }

    /** A backslash in TSV is one, in and out; what TSV cannot hold becomes a space. */
    @Test
    void tsvGoesRound() {
        Cli once = Cli.runWith("a\\tb\\n\tC:\\temp\\\\x \"y\"\n", "score", "--format", "tsv");
        assertEquals(0, once.status(), once.err());
        String columns = once.out().substring(once.out().indexOf('\t') + 1);
        assertEquals("a\\tb\\n\tC:\\temp\\\\x \"y\"\n", columns);
        assertEquals(once, Cli.runWith(columns, "score", "--format", "tsv"));
        Cli json = Cli.runWith("{\"query\": \"a\\tb\", \"passage\": \"c\\r\\nd\"}", "score", "--format", "tsv");
        assertTrue(json.out().endsWith("\ta b\tc  d\n"), json.out());
    }

    @Test
    void aHeaderNamesTheColumnsOfTsv() throws IOException {
        String expected = scores(List.of(new TextPair("q", "p")), PredictOptions.defaults())
                .get(0);
        Cli cli = Cli.runWith("label\tpassage\tquery\n1\tp\tq\n", "score", "--format", "tsv");
        assertEquals(expected + "\tq\tp\n", cli.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query,passage,query | each column once",
                "query,passage\na,b,c | line 2: expected 2 columns with a comma between, found 3",
                "query,passage\n\"a\nb\",\"c\nd | line 2: expected a quote at the end of the column, found none in the rest",
                "query,passage\n\"a\nb\",c\n\"d\"e,f | line 4: expected CSV, found Unexpected character ('e'",
                "query,passage,max_length\na,b,0 | line 2: max_length: expected a whole number from 1 to 2147483647",
                "query,passage\na\rb,c | line 2: expected line breaks in quotes, found a carriage return",
            })
    void badCsvIsNamedByItsLine(String test) {
        int bar = test.lastIndexOf(" | ");
        Cli cli = Cli.runWith(test.substring(0, bar) + "\n", "score", "--format", "jsonl");
        assertEquals(1, cli.status());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().contains(test.substring(bar + 3)), cli.err());
    }

    @Test
    void goodRowsBeforeABadOneAreWritten() {
        for (String format : List.of("table", "tsv", "csv", "jsonl")) {
            String all =
                    Cli.runWith("a\tb\nc\td\n", "score", "--format", format).out();
            Cli cli = Cli.runWith("a\tb\nc\td\nbad\ne\tf\n", "score", "--format", format);
            assertEquals(1, cli.status());
            assertEquals(all, cli.out());
            assertTrue(cli.err().contains("line 3"), cli.err());
            // No header without a row.
            Cli first = Cli.runWith("bad\n", "score", "--format", format);
            assertEquals("", first.out());
            assertEquals(1, first.status());
        }
        Cli tokens = Cli.runWith("a\tb\nbad\n", "tokenize");
        assertEquals(Cli.runWith("a\tb\n", "tokenize").out(), tokens.out());
        assertEquals(1, tokens.status());
    }

    @Test
    void skippedRowsKeepTheirPlace() throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (String row : List.of(
                "{\"query\": \"a\", \"passage\": \"b\"}",
                "",
                "{\"query\": \"a\"",
                "{\"query\": \"a\"}",
                "{\"query\": \"a\", \"passage\": 1}",
                "{\"query\": \"a\", \"passage\": \"b\", \"max_length\": \"x\"}",
                "{\"query\": \"a\", \"passage\": \"b\", \"max_length\": 2}",
                "[]")) {
            rows.writeBytes((row + "\n").getBytes(StandardCharsets.UTF_8));
        }
        rows.writeBytes(new byte[] {'{', (byte) 0xff, '\n'});
        rows.writeBytes(new byte[LineReader.MAX_LINE_BYTES + 5]);
        rows.writeBytes("\n{\"query\": \"c\", \"passage\": \"d\"}".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("rows.jsonl"), rows.toByteArray());
        List<String> good = scores(List.of(new TextPair("a", "b"), new TextPair("c", "d")), PredictOptions.defaults());
        Cli cli = Cli.run("score", "--input", file.toString(), "--format", "jsonl", "--skip-bad-rows");
        assertEquals(0, cli.status(), cli.err());
        List<String> lines = cli.lines();
        assertEquals(10, lines.size());
        assertEquals(good, List.of(scoreOfJson(lines.get(0)), scoreOfJson(lines.get(9))));
        for (String line : lines.subList(1, 9)) {
            assertEquals("{\"score\": null}", line);
        }
        List<String> messages = cli.err().lines().toList();
        assertEquals(9, messages.size(), cli.err());
        for (int line : new int[] {3, 4, 5, 6, 7, 8, 9, 10}) {
            String start = "purerank: skipped: " + file + ", line " + line + ": ";
            assertTrue(messages.stream().anyMatch(message -> message.startsWith(start)), line + " in " + cli.err());
        }
        assertEquals("purerank: rows skipped: 8", messages.get(8));
        Cli tokens = Cli.run("tokenize", "--input", file.toString(), "--skip-bad-rows");
        assertEquals(10, tokens.lines().size());
        assertEquals(
                "{\"input_ids\": null, \"token_type_ids\": null}",
                tokens.lines().get(1));
        assertEquals(messages.get(8), tokens.err().lines().toList().get(8));
    }

    @Test
    void manySkippedRowsAreCountedRatherThanNamed() {
        String input = "a\tb\n" + "bad\n".repeat(25) + "c\td\n";
        Cli cli = Cli.runWith(input, "score", "--format", "csv", "--skip-bad-rows");
        assertEquals(0, cli.status());
        assertEquals(28, cli.lines().size());
        assertEquals(",,", cli.lines().get(2));
        assertEquals(21, cli.err().lines().count());
        assertTrue(cli.err().endsWith("rows skipped: 25, of which the first 20 are named above\n"), cli.err());
        Cli tsv = Cli.runWith(input, "score", "--format", "tsv", "--skip-bad-rows");
        assertEquals("\t\t", tsv.lines().get(1));
    }

    /** A stray quote costs one row, not the rest of the file. */
    @Test
    void aQuoteThatIsNeverClosedCostsOneRow() {
        String input = "query,passage\na,b\n\"c,d\ne,f\ng,h\n";
        Cli cli = Cli.runWith(input, "score", "--format", "csv", "--skip-bad-rows");
        assertEquals(0, cli.status());
        List<String> texts = cli.lines().stream()
                .map(line -> line.substring(line.indexOf(',')))
                .toList();
        assertEquals(List.of(",query,passage", ",a,b", ",,", ",e,f", ",g,h"), texts);
        assertTrue(cli.err().contains("line 3: expected a quote"), cli.err());
    }

    @Test
    void aRowsMaxLengthCountsInScoreToo() throws IOException {
        String words = "it is so many words long and goes on and on and on";
        TextPair pair = new TextPair("how long is it", words);
        String rows = "";
        List<String> expected = new ArrayList<>();
        for (int maxLength : new int[] {0, 8, 12, 0, 8}) {
            rows += "{\"query\": \"how long is it\", \"passage\": \"" + words + "\""
                    + (maxLength == 0 ? "" : ", \"max_length\": " + maxLength) + "}\n";
            PredictOptions options = PredictOptions.defaults();
            expected.addAll(scores(List.of(pair), options.withMaxLength(maxLength == 0 ? 10 : maxLength)));
        }
        Cli cli = Cli.runWith(rows, "score", "--format", "jsonl", "--max-length", "10");
        assertEquals(expected, cli.lines().stream().map(RowsTest::scoreOfJson).toList());
        assertEquals(3, expected.stream().distinct().count());
        String csv = "query,passage,max_length\nhow long is it," + words + ",8\nhow long is it," + words + ",\n";
        assertEquals(
                expected.subList(1, 2),
                Cli.runWith(csv, "score", "--format", "jsonl").lines().stream()
                        .map(RowsTest::scoreOfJson)
                        .limit(1)
                        .toList());
    }

    @Test
    void aRowThatTheModelRefusesIsNamedByItsLine() {
        String good = "{\"query\": \"a\", \"passage\": \"b\", \"max_length\": 600}\n";
        String tooLong = "{\"query\": \"a\", \"passage\": \"" + "b ".repeat(700) + "\", \"max_length\": 600}\n";
        Cli cli = Cli.runWith(good + good + tooLong + good, "score", "--format", "jsonl");
        assertEquals(1, cli.status());
        assertEquals(2, cli.lines().size());
        assertTrue(cli.err().startsWith("purerank: standard input, line 3: "), cli.err());
        assertTrue(cli.err().contains("600 tokens where the model has 512 positions"), cli.err());
        Cli skipping = Cli.runWith(good + tooLong + good, "score", "--format", "jsonl", "--skip-bad-rows");
        assertEquals(0, skipping.status());
        assertEquals("{\"score\": null}", skipping.lines().get(1));
        assertEquals(skipping.lines().get(0), skipping.lines().get(2));
    }

    @Test
    void tokensInAllFormats() {
        String row = "hello world\tgood morning\n";
        assertEquals(
                "101 7592 2088 102 2204 2851 102\t0 0 0 0 1 1 1\n",
                Cli.runWith(row, "tokenize", "--format", "tsv").out());
        assertEquals(
                "input_ids,token_type_ids\n101 7592 2088 102 2204 2851 102,0 0 0 0 1 1 1\n",
                Cli.runWith(row, "tokenize", "--format", "csv").out());
        assertEquals(
                "tokens\n     7  [CLS] hello world [SEP] good morning [SEP]\n",
                Cli.runWith(row, "tokenize", "--format", "table").out());
        assertEquals(
                "tokens\n     -\n",
                Cli.runWith("x", "tokenize", "--format", "table", "--skip-bad-rows")
                        .out());
    }

    @Test
    void gzipThatIsBrokenNamesTheFile() throws IOException {
        byte[] whole = gzip("a\tb\n".repeat(500));
        Path cut = Files.write(folder.resolve("cut.tsv.gz"), Arrays.copyOf(whole, whole.length - 3));
        Cli cli = Cli.run("score", "--input", cut.toString(), "--format", "jsonl", "--max-length", "5");
        assertEquals(1, cli.status());
        assertEquals("purerank: " + cut + ": the gzip data end too early\n", cli.err());
        assertEquals(500, cli.lines().size());
        whole[whole.length / 2] ^= 0x55;
        Cli corrupt = Cli.runWith(new ByteArrayInputStream(whole), "tokenize", "--skip-bad-rows");
        assertEquals(1, corrupt.status());
        assertTrue(corrupt.err().contains("purerank: standard input: expected gzip data, found "), corrupt.err());
    }

    /** 64 MiB of one line, from 64 kilobytes. */
    @Test
    void aGzipBombEndsAtTheLimitOfALine() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        Path file = Files.write(folder.resolve("bomb.jsonl.gz"), bomb.toByteArray());
        for (String format : List.of("jsonl", "csv")) {
            Cli cli = Cli.run("score", "--input", file.toString(), "--input-format", format);
            assertEquals(1, cli.status());
            assertTrue(cli.err().contains("line 1: expected at most 16777216 bytes"), cli.err());
        }
    }

    @Test
    void resultsComeWhileTheInputPauses() throws Exception {
        for (String command : List.of("score", "tokenize")) {
            BlockingQueue<String> written = new ArrayBlockingQueue<>(100);
            PipedOutputStream feed = new PipedOutputStream();
            InputStream input = new PipedInputStream(feed);
            Thread thread = new Thread(() -> {
                PrintWriter out = new PrintWriter(new QueueWriter(written), true);
                Main.run(new String[] {command, "--format", "jsonl"}, input, out, new PrintWriter(new StringWriter()));
            });
            thread.start();
            for (int i = 0; i < 3; i++) {
                feed.write(gzip("a\tb\n"));
                feed.flush();
                assertTrue(String.valueOf(written.poll(30, TimeUnit.SECONDS)).startsWith("{"), command);
            }
            feed.close();
            thread.join();
        }
    }

    /** As a shell's {@code <(...)} is. */
    @Test
    void inputMayBeANamedPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Thread writer = new Thread(() -> {
            try {
                Files.writeString(pipe, "a\tb\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        Cli cli = Cli.run("tokenize", "--input", pipe.toString());
        writer.join();
        assertEquals(Cli.runWith("a\tb\n", "tokenize"), cli);
    }

    @Test
    void documentsInAllFormats() throws IOException {
        String first = "Use the account settings page, \"now\".";
        String second = "Rotate the signing key.";
        List<String> expected = Cli.run("rank", "reset a password", first, second, "--format", "jsonl")
                .lines();
        assertEquals(2, expected.size());
        String csv = "id,text\n1," + Texts.csv(List.of(first)) + "\n\n2," + second + "\n";
        List<Cli> calls = new ArrayList<>();
        for (String name : List.of("a.csv", "a.csv.gz")) {
            Path file = folder.resolve(name);
            Files.write(file, name.endsWith("gz") ? gzip(csv) : csv.getBytes(StandardCharsets.UTF_8));
            calls.add(Cli.run("rank", "reset a password", "--documents", file.toString(), "--format", "jsonl"));
        }
        for (String[] input : new String[][] {
            {csv.replace("text", "PASSAGE"), "csv"},
            {Texts.csv(List.of(first)) + "\n" + second, "csv"},
            {first + "\n" + second, "tsv"},
            {"id\tpassage\n1\t" + first + "\n2\t" + second, "tsv"},
            {"{\"text\": " + Texts.json(first) + "}\n{\"passage\": \"" + second + "\"}", "jsonl"}
        }) {
            calls.add(Cli.runWith(
                    input[0],
                    "rank",
                    "reset a password",
                    "--documents",
                    "-",
                    "--input-format",
                    input[1],
                    "--format",
                    "jsonl"));
        }
        for (Cli cli : calls) {
            assertEquals(0, cli.status(), cli.err());
            assertEquals(expected, cli.lines());
        }
    }

    @Test
    void aRankingMayBeCutByScoreAndLeaveTheTextsOut() {
        String[] rank = {"rank", "How do I reset a user password?", "Rotate the signing key.", "A password reset link."
        };
        List<String> all = Cli.run(with(rank, "--format", "tsv")).lines();
        assertEquals(2, all.size());
        String best = all.get(0).split("\t")[1];
        assertEquals(
                all.subList(0, 1),
                Cli.run(with(rank, "--format", "tsv", "--min-score", best)).lines());
        assertEquals(
                2,
                Cli.run(with(rank, "--format", "tsv", "--min-score", "-99"))
                        .lines()
                        .size());
        assertEquals(
                "",
                Cli.run(with(rank, "--format", "jsonl", "--min-score", "1e9")).out());
        assertEquals(
                "rank,score,index\n1," + best + ",1\n",
                Cli.run(with(rank, "--format", "csv", "--no-documents", "--top-k", "1"))
                        .out());
        assertEquals(
                "{\"index\": 1, \"score\": " + best + "}",
                Cli.run(with(rank, "--format", "jsonl", "--no-documents"))
                        .lines()
                        .get(0));
        assertTrue(Cli.run(with(rank, "--no-documents")).lines().get(1).endsWith("  1"));
        assertEquals(2, Cli.run(with(rank, "--min-score", "NaN")).status());
        assertEquals(2, Cli.run(with(rank, "--min-score", "high")).status());
    }

    @Test
    void skippedDocumentsKeepTheirIndex() {
        String rows = "{\"text\": \"a\"}\n\n{\"text\": 1}\n{\"passage\": \"b\"}\n";
        String[] rank = {"rank", "q", "first", "--documents", "-", "--input-format", "jsonl", "--format", "tsv"};
        Cli cli = Cli.runWith(rows, with(rank, "--skip-bad-rows"));
        assertEquals(0, cli.status(), cli.err());
        List<String> indexes =
                cli.lines().stream().map(line -> line.split("\t")[2]).sorted().toList();
        assertEquals(List.of("0", "1", "3"), indexes);
        assertTrue(cli.err().endsWith("rows skipped: 1\n"), cli.err());
        Cli strict = Cli.runWith(rows, rank);
        assertEquals(1, strict.status());
        assertEquals("", strict.out());
        assertTrue(strict.err().contains("line 3"), strict.err());
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private static List<String> scores(List<TextPair> pairs, PredictOptions options) throws IOException {
        List<String> scores = new ArrayList<>();
        try (CrossEncoder model = CrossEncoder.load()) {
            for (float score : model.predict(pairs, options)) {
                scores.add(Numbers.full(score));
            }
        }
        return scores;
    }

    private static String scoreOfJson(String line) {
        return line.replace("{\"score\": ", "").replace("}", "");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return compressed.toByteArray();
    }

    /** Hands on each piece that is written. */
    private static final class QueueWriter extends Writer {
        private final BlockingQueue<String> written;
        private final StringBuilder line = new StringBuilder();

        QueueWriter(BlockingQueue<String> written) {
            this.written = written;
        }

        @Override
        public void write(char[] text, int from, int length) {
            line.append(text, from, length);
        }

        @Override
        public void flush() {
            if (line.length() > 0) {
                written.add(line.toString());
                line.setLength(0);
            }
        }

        @Override
        public void close() {}
    }
}
