package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.Golden;
import io.github.purerank.ManyLabelsTest;
import io.github.purerank.TextPair;
import io.github.purerank.evaluate.BinaryMetrics;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.load.Calibration;
import io.github.purerank.load.TestModels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that work with labelled data: evaluate and calibrate. */
class EvaluateCommandTest {
    private static final String PAIR = "{\"query\": \"a b\", \"passage\": \"%s\", \"label\": %s}\n";
    private static final String LABELLED = PAIR.formatted("b", 1)
            + PAIR.formatted("c d e", 0)
            + PAIR.formatted("x y", 1)
            + PAIR.formatted("f", 0)
            + PAIR.formatted("a a a", 0);
    private static final String GRADED = LABELLED.replace("\"label\": 1", "\"label\": 0.75");
    private static final String SAMPLES = "{\"query\": \"a b\", \"positive\": [\"b\"], \"negative\": [\"c\", \"d\"]}\n"
            + "{\"query\": \"c\", \"positive\": \"d\", \"documents\": [\"e\", \"d\", \"f\"], \"negative\": null}\n";

    @TempDir
    Path folder;

    /** A model of one label whose own activation is a sigmoid. */
    private String oneLabel() throws IOException {
        return save((MemoryFiles) TestModels.tiny("relu-eps-1e-5").files());
    }

    private String threeLabels() throws IOException {
        return save((MemoryFiles) TestModels.tiny("hidden-100-labels-3").files());
    }

    private String save(MemoryFiles network) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("model"));
        for (Map.Entry<String, byte[]> file :
                ManyLabelsTest.withLetters(network).files().entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        return directory.toString();
    }

    private List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static JsonValue json(Cli cli) throws IOException {
        assertEquals(0, cli.status(), cli.err());
        assertEquals("", cli.err());
        assertEquals(1, cli.lines().size(), cli.out());
        return JsonValue.parse(cli.out().strip().getBytes(StandardCharsets.UTF_8), "output");
    }

    private static List<String> keys(JsonValue metrics) throws IOException {
        return List.copyOf(metrics.members().keySet());
    }

    private static void assertFailed(int status, String expected, Cli cli) {
        assertEquals(status, cli.status(), cli.err());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().contains(expected), cli.err());
    }

    @Test
    void binaryLabelsGiveTheMetricsOfAClassification() throws IOException {
        String model = oneLabel();
        float[] scores;
        try (CrossEncoder encoder = CrossEncoder.load(Path.of(model))) {
            List<TextPair> pairs = new ArrayList<>();
            for (String passage : List.of("b", "c d e", "x y", "f", "a a a")) {
                pairs.add(new TextPair("a b", passage));
            }
            scores = encoder.predict(pairs);
        }
        Map<String, Double> expected =
                BinaryMetrics.of(scores, new int[] {1, 0, 1, 0, 0}).byName();
        JsonValue found = json(Cli.runWith(LABELLED, "evaluate", "--model", model, "--format", "jsonl"));
        assertEquals(List.copyOf(expected.keySet()), keys(found));
        for (String name : keys(found)) {
            assertEquals(expected.get(name), found.get(name).number());
        }
        Cli table = Cli.runWith("\n" + LABELLED + "\n", "evaluate", "--model", model, "--input", "-");
        assertEquals("data                  5 pairs", table.lines().get(0));
        assertEquals(
                "f1                      " + Numbers.brief(expected.get("f1")),
                table.lines().get(3));
        assertEquals(1 + expected.size(), table.lines().size());
    }

    @Test
    void gradedLabelsGiveCorrelations() throws IOException {
        String model = oneLabel();
        List<String> both = new ArrayList<>(
                BinaryMetrics.of(new double[1], new int[1]).byName().keySet());
        both.addAll(List.of("pearson", "spearman"));
        JsonValue graded = json(Cli.runWith(GRADED, "evaluate", "--model", model, "--format", "jsonl"));
        assertEquals(List.of("pearson", "spearman"), keys(graded));
        String wholeGrades = LABELLED.replace("\"label\": 1", "\"label\": 5");
        JsonValue same = json(Cli.runWith(wholeGrades, "evaluate", "--model", model, "--format", "jsonl"));
        assertEquals(graded.get("spearman").number(), same.get("spearman").number());
        // Floats that are 0 and 1 are labels of both kinds.
        String floats = LABELLED.replace("\"label\": 1", "\"label\": 1.0").replace("\"label\": 0", "\"label\": 0.0");
        assertEquals(both, keys(json(Cli.runWith(floats, "evaluate", "--model", model, "--format", "jsonl"))));
        String constant = GRADED.replace("\"label\": 0}", "\"label\": 0.75}");
        assertTrue(Cli.runWith(constant, "evaluate", "--model", model, "--format", "jsonl")
                .out()
                .startsWith("{\"pearson\": NaN, "));
    }

    @Test
    void severalLabelsGiveTheF1OfEach() throws IOException {
        String model = threeLabels();
        String rows = PAIR.formatted("b", 2) + PAIR.formatted("c", "1.0") + PAIR.formatted("d", 0);
        assertEquals(
                List.of("f1_macro", "f1_micro", "f1_weighted"),
                keys(json(Cli.runWith(rows, "evaluate", "--model", model, "--format", "jsonl"))));
        for (String label : List.of("3", "-1", "0.5")) {
            assertFailed(
                    1,
                    "standard input, line 4: /label: expected a whole number from 0 to 2, found " + label,
                    Cli.runWith(rows + PAIR.formatted("e", label), "evaluate", "--model", model));
        }
        assertFailed(1, "labels", Cli.runWith(SAMPLES, "evaluate", "--model", model));
        assertFailed(
                1,
                "--plot shows relevant and irrelevant pairs",
                Cli.runWith(rows, "evaluate", "--model", model, "--plot", folder + "/x.svg"));
    }

    /** The figures of the reference, by way of a file. */
    @Test
    void samplesGiveTheMetricsOfARanking() throws IOException {
        for (JsonValue golden : Golden.json("evaluation.json").get("whole").elements()) {
            if (!golden.get("kind").string().equals("reranking")) {
                continue;
            }
            StringBuilder rows = new StringBuilder();
            for (JsonValue sample : golden.get("samples").elements()) {
                List<String> members = new ArrayList<>();
                for (Map.Entry<String, JsonValue> member : sample.members().entrySet()) {
                    List<String> texts = new ArrayList<>();
                    if (member.getValue().isList()) {
                        for (JsonValue text : member.getValue().elements()) {
                            texts.add('"' + text.string() + '"');
                        }
                    }
                    members.add('"' + member.getKey() + "\": "
                            + (member.getValue().isList()
                                    ? texts
                                    : '"' + member.getValue().string() + '"'));
                }
                rows.append('{').append(String.join(", ", members)).append("}\n");
            }
            Path file = Files.writeString(folder.resolve("samples.jsonl"), rows);
            List<String> call = new ArrayList<>(
                    List.of("evaluate", "--model", oneLabel(), "--format", "jsonl", "--input", file.toString()));
            assertMetrics(golden.get("metrics").get("plain"), json(Cli.run(call.toArray(new String[0]))));
            if (golden.get("metrics").find("retrieved").isPresent()) {
                call.addAll(List.of("--at-k", "5", "--always-rerank-positives", "false"));
                assertMetrics(golden.get("metrics").get("retrieved"), json(Cli.run(call.toArray(new String[0]))));
            }
        }
    }

    private static void assertMetrics(JsonValue expected, JsonValue found) throws IOException {
        assertEquals(keys(expected), keys(found));
        for (String name : keys(expected)) {
            assertEquals(expected.get(name).number(), found.get(name).number(), 1e-6, name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"query\": \"a\", \"passage\": \"b\"} | expected the key \"label\" of a pair, or \"positive\" of a sample",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": \"1\"} | /label: expected a number, found \"1\"",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": true} | /label: expected a number, found true",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": null} | /label: expected a number, found null",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": NaN} | expected JSON",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": 1e999} | /label: expected a number",
                "{\"query\": \"a\", \"passage\": [\"b\"], \"label\": 1} | /passage: expected a string",
                "{\"query\": \"a\", \"label\": 1} | expected the key \"passage\"",
                "{\"passage\": \"a\", \"label\": 1} | expected the key \"query\"",
                "{\"query\": \"a\", \"positive\": [\"b\"], \"negative\": [\"c\"]} | expected a pair with a \"label\", as before",
                "[1] | expected an object",
                "no JSON | expected JSON",
                "{\"query\": | (column 10)",
            })
    void aBadPairIsNamedByItsLine(String row, String expected) {
        for (String command : List.of("evaluate", "calibrate --output " + folder + "/c.json")) {
            Cli cli = Cli.runWith(PAIR.formatted("b", 1) + "\n" + row, command.split(" "));
            assertFailed(1, "standard input, line 3: ", cli);
            assertTrue(cli.err().contains(expected), cli.err());
        }
    }

    @Test
    void columnsAreAsGoodAsJson() throws IOException {
        String rows = "{\"query\": \"a\", \"passage\": \"b, c\", \"label\": 1}\n"
                + "{\"query\": \"d\", \"passage\": \"e\", \"label\": 0}\n";
        String graded = rows.replace("1}", "0.5}");
        Cli expected = Cli.runWith(rows, "evaluate");
        assertEquals(0, expected.status(), expected.err());
        assertEquals(expected, Cli.runWith("label,query,other,passage\n1,a,x,\"b, c\"\n0,d,,e\n", "evaluate"));
        assertEquals(expected, Cli.runWith("a\tb, c\t1\nd\te\t0\n", "evaluate"));
        assertEquals(
                Cli.runWith(graded, "evaluate"),
                Cli.runWith("a,\"b, c\",0.5\nd,e,0", "evaluate", "--input-format", "csv"));
        Path zipped = folder.resolve("rows.tsv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write("a\tb, c\t1\nd\te\t0\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(expected, Cli.run("evaluate", "--input", zipped.toString()));
        Cli calibrate = Cli.run("calibrate", "--input", zipped.toString(), "--output", folder + "/c.json");
        assertTrue(calibrate.lines().contains("pairs             2"), calibrate.out());
        for (String label : List.of("NaN", "1f", "0x1", "", "1e999", "true")) {
            assertFailed(
                    1,
                    "standard input, line 2: label: expected a number, found \"" + label + "\"",
                    Cli.runWith("a\tb\t1\nc\td\t" + label + "\n", "evaluate"));
        }
        assertFailed(1, "line 1: expected 3 columns", Cli.runWith("query\tpassage\na\tb\n", "evaluate"));
    }

    @Test
    void withoutAnyRelevantDocumentThereIsNothingToDraw() throws IOException {
        String row = "{\"query\": \"a\", \"positive\": [\"z\"], \"documents\": [\"b\", \"c\"]}\n";
        assertFailed(
                1,
                "--plot: no query has relevant documents",
                Cli.runWith(row, "evaluate", "--always-rerank-positives", "false", "--plot", folder + "/p.svg"));
        assertEquals(List.of(), names(folder));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"query\": \"a\", \"positive\": [\"b\"]} | expected either negative or documents, found neither",
                "{\"query\": \"a\", \"positive\": [\"b\"], \"negative\": [], \"documents\": [\"c\"]} | found both",
                "{\"query\": \"a\", \"positive\": [\"b\"], \"documents\": []} | documents: expected at least one",
                "{\"query\": \"a\", \"positive\": [\"b\"], \"negative\": []} | nDCG needs at least two documents",
                "{\"query\": \"a\", \"positive\": [1], \"negative\": [\"c\"]} | /positive/0: expected a string, found 1",
                "{\"query\": \"a\", \"positive\": {}, \"negative\": [\"c\"]} | /positive: expected a list, found an object",
                "{\"query\": \"a\", \"positive\": [\"b\"], \"negative\": \"c\"} | /negative: expected a list, found \"c\"",
                "{\"positive\": [\"b\"], \"negative\": [\"c\"]} | expected the key \"query\"",
                "{\"query\": \"a\", \"passage\": \"b\", \"label\": 1} | expected a sample with \"positive\", as before",
            })
    void aBadSampleIsNamedByItsLine(String row, String expected) {
        Cli cli = Cli.runWith(SAMPLES + row, "evaluate");
        assertFailed(1, "standard input, line 3: ", cli);
        assertTrue(cli.err().contains(expected), cli.err());
    }

    @Test
    void dataThatHasNoMetricIsAFailure() throws IOException {
        assertFailed(1, "expected a row of labelled data, found the end of the input", Cli.runWith("\n", "evaluate"));
        assertFailed(1, "at least two scores", Cli.runWith(PAIR.formatted("b", 0.5), "evaluate"));
        assertFailed(1, "missing.jsonl: no such file", Cli.run("evaluate", "--input", "missing.jsonl"));
    }

    @Test
    void optionsOfSamplesAreNotForPairs() {
        assertFailed(2, "--at-k is for rows with \"positive\"", Cli.runWith(LABELLED, "evaluate", "--at-k", "5"));
        assertFailed(
                2,
                "--always-rerank-positives is for rows",
                Cli.runWith(LABELLED, "evaluate", "--always-rerank-positives", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate --at-k 0",
                "evaluate --format tsv",
                "evaluate --always-rerank-positives maybe",
                "evaluate --calibrated --activation sigmoid",
                "score --calibrated --activation none",
                "calibrate --output c.json --calibrated",
                "calibrate --output c.json --activation sigmoid",
                "calibrate",
            })
    void wrongCalls(String arguments) {
        Cli cli = Cli.runWith(LABELLED, arguments.split(" "));
        assertEquals(2, cli.status(), cli.err());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertFalse(Files.exists(Path.of("c.json")));
    }

    @Test
    void thePlotShowsBothClassesAndTheThreshold() throws IOException {
        String model = oneLabel();
        Path plot = folder.resolve("plot.svg");
        for (String rows : List.of(LABELLED, SAMPLES)) {
            Cli cli = Cli.runWith(rows, "evaluate", "--model", model, "--plot", plot.toString());
            assertEquals(0, cli.status(), cli.err());
            String svg = Files.readString(plot);
            assertTrue(svg.contains("relevant, 2 pairs"), svg);
            assertTrue(svg.contains(rows.equals(LABELLED) ? "irrelevant, 3 pairs" : "irrelevant, 4 pairs"), svg);
            assertTrue(svg.contains("best F1 "), svg);
        }
        String before = Files.readString(plot);
        assertFailed(
                1,
                "--plot shows relevant and irrelevant pairs: it needs the labels 0 and 1 alone",
                Cli.runWith(GRADED, "evaluate", "--model", model, "--plot", plot.toString()));
        assertEquals(before, Files.readString(plot));
        assertEquals(List.of("model", "plot.svg"), names(folder));
        assertFailed(
                1,
                "none: no such file or directory",
                Cli.runWith(LABELLED, "evaluate", "--plot", folder + "/none/plot.svg"));
        assertFailed(1, "found a directory", Cli.runWith(LABELLED, "evaluate", "--plot", folder.toString()));
    }

    @Test
    void aCalibrationIsWrittenBesideTheModelAndUsed() throws IOException {
        String model = oneLabel();
        assertFailed(1, "no calibration.json", Cli.run("rank", "a", "b", "--calibrated", "--model", model));
        Cli cli = Cli.runWith(LABELLED, "calibrate", "--model", model);
        assertEquals(0, cli.status(), cli.err());
        Path file = Path.of(model).resolve(Calibration.FILE_NAME);
        assertEquals("written to        " + file, cli.lines().get(5));
        Calibration calibration;
        try (CrossEncoder encoder = CrossEncoder.load(Path.of(model))) {
            calibration = encoder.config().calibration().orElseThrow();
        }
        assertEquals(5, calibration.pairs());
        assertTrue(calibration.logLossAfter() < calibration.logLossBefore());
        double logit = json(Cli.runWith(
                        "a\tb\n", "score", "--model", model, "--activation", "none", "--format", "jsonl"))
                .get("score")
                .number();
        double score = json(Cli.runWith("a\tb\n", "score", "--model", model, "--calibrated", "--format", "jsonl"))
                .get("score")
                .number();
        assertEquals(calibration.apply((float) logit), score);
        Cli ranked = Cli.run("rank", "a", "b", "--model", model, "--calibrated", "--format", "tsv");
        assertEquals(0, ranked.status(), ranked.err());
        assertTrue(ranked.out().startsWith("1\t" + Numbers.full((float) score) + "\t"), ranked.out());
        assertTrue(Cli.run("info", "--model", model).out().contains("from 5 pairs"));
    }

    @Test
    void aCalibrationThatFailsLeavesTheOlderOne() throws IOException {
        String model = oneLabel();
        Path file = Path.of(model).resolve(Calibration.FILE_NAME);
        String older = new Calibration(1, 2, 3, 4, 5).toJson();
        Files.writeString(file, older);
        List<String> files = names(Path.of(model));
        String oneClass = LABELLED.replace("\"label\": 0", "\"label\": 1");
        assertFailed(1, "both labels", Cli.runWith(oneClass, "calibrate", "--model", model));
        assertFailed(
                1,
                "standard input, line 1: /label: expected 0 or 1, found 0.75",
                Cli.runWith(GRADED, "calibrate", "--model", model));
        assertFailed(1, "a calibration needs rows", Cli.runWith(SAMPLES, "calibrate", "--model", model));
        assertEquals(older, Files.readString(file));
        assertEquals(files, names(Path.of(model)));
        Files.writeString(file, older.replace("platt", "other"));
        assertFailed(1, "calibration.json: /method", Cli.runWith("a\tb\n", "score", "--model", model));
        Cli again = Cli.runWith(LABELLED, "calibrate", "--model", model);
        assertEquals(0, again.status(), again.err());
        assertTrue(again.err().startsWith("purerank: not used: " + file + ": /method"), again.err());
        assertEquals(
                0,
                Cli.runWith("a\tb\n", "score", "--model", model, "--calibrated").status());
        Cli without = Cli.runWith(LABELLED, "calibrate", "--model", model, "--prompt", "p");
        assertFalse(without.err().contains("not used"), without.err());
        assertFailed(
                1,
                "--prompt: the calibration was fitted with \"p\", found \"\"",
                Cli.runWith("a\tb\n", "score", "--model", model, "--calibrated"));
        Cli same = Cli.runWith("a\tb\n", "score", "--model", model, "--calibrated", "--prompt", "p");
        assertEquals(0, same.status(), same.err());
    }

    @Test
    void theModelInTheJarIsCalibratedIntoAFile() throws IOException {
        Path file = folder.resolve("mine.json");
        Cli cli = Cli.runWith(LABELLED, "calibrate", "--output", file.toString());
        assertEquals(0, cli.status(), cli.err());
        assertTrue(Files.readString(file).contains("\"pairs\": 5"));
        Cli score = Cli.runWith("a\tb\n", "score", "--calibration", file.toString(), "--format", "jsonl");
        double logit = json(Cli.runWith("a\tb\n", "score", "--format", "jsonl"))
                .get("score")
                .number();
        assertEquals(
                Calibration.read(file).apply((float) logit),
                json(score).get("score").number());
        Cli rank = Cli.run("rank", "a", "b", "--calibration", file.toString(), "--format", "tsv");
        assertTrue(
                rank.out()
                        .startsWith(
                                "1\t" + Numbers.full(json(score).get("score").number()) + "\t"),
                rank.out());
        assertFailed(
                2, "in place of --calibrated", Cli.run("rank", "a", "b", "--calibrated", "--calibration", "" + file));
        assertFailed(
                2,
                "--calibration makes probabilities",
                Cli.run("rank", "a", "b", "--activation", "none", "--calibration", "" + file));
        assertFailed(1, "none.json: no such file", Cli.run("rank", "a", "b", "--calibration", folder + "/none.json"));
        assertFailed(2, "--output FILE is needed: the small model is in the jar", Cli.runWith(LABELLED, "calibrate"));
    }

    @Test
    void labelsTheWrongWayRoundAreWarnedOf() throws IOException {
        String rows =
                "{\"query\": \"capital of Japan\", \"passage\": \"Tokyo is the capital of Japan.\", \"label\": 0}\n"
                        + "{\"query\": \"capital of Japan\", \"passage\": \"Some spiders build a web.\", \"label\": 1}\n";
        Cli cli = Cli.runWith(rows, "calibrate", "--output", folder + "/c.json");
        assertEquals(0, cli.status());
        assertTrue(cli.err().contains("higher scores mean less relevant"), cli.err());
    }

    /** The weights begin with the embeddings of words: finite ones, but too large for the sums that are made of them. */
    @Test
    void scoresThatAreNoNumbersNameTheLine() throws IOException {
        for (boolean single : new boolean[] {true, false}) {
            Path model = Path.of(single ? oneLabel() : threeLabels());
            Path weights = model.resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(weights);
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            buffer.position(Long.BYTES + (int) buffer.getLong());
            for (int i = 0; i < 97 * 32; i++) {
                buffer.putFloat(i % 2 == 0 ? 3e38f : -3e38f);
            }
            Files.write(weights, bytes);
            String expected = "standard input, line 1: expected a finite score, the model gives NaN";
            assertFailed(1, expected, Cli.runWith(LABELLED, "evaluate", "--model", model.toString()));
            if (single) {
                assertFailed(1, expected, Cli.runWith(LABELLED, "calibrate", "--model", model.toString()));
                Cli samples = Cli.runWith(SAMPLES, "evaluate", "--model", model.toString());
                assertFailed(1, "expected a finite number, found NaN", samples);
            }
        }
    }

    @Test
    void severalLabelsCannotBeCalibrated() throws IOException {
        assertFailed(1, "labels", Cli.runWith(LABELLED, "calibrate", "--model", threeLabels()));
        assertEquals(List.of("config.json", "model.safetensors", "vocab.txt"), names(folder.resolve("model")));
    }
}
