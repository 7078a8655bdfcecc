package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.EncodeOptions;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.SentenceFolders;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceCommandsTest {
    private static final String MODEL =
            SentenceFolders.of("dense-tanh-normalize").toString();
    private static final String TEXTS = "Reset the password.\nThe moon is not a city.\n\nPeople have an account.\n";

    @TempDir
    private Path folder;

    private static JsonValue json(String line) throws IOException {
        return JsonValue.parse(line.getBytes(StandardCharsets.UTF_8), "output");
    }

    @Test
    void embed() throws IOException {
        Cli all = Cli.runWith(TEXTS, "embed", "--model", MODEL, "--dimensions", "3", "--prompt", "the ", "--normalize");
        assertEquals(0, all.status(), all.err());
        assertEquals(3, all.lines().size());
        try (SentenceEncoder model = SentenceEncoder.load(Path.of(MODEL))) {
            float[] expected = model.encode(
                    "The moon is not a city.",
                    EncodeOptions.defaults()
                            .withTruncateDimensions(3)
                            .withPrompt("the ")
                            .withNormalize(true));
            List<JsonValue> found = json(all.lines().get(1)).get("embedding").elements();
            assertEquals(3, found.size());
            for (int i = 0; i < 3; i++) {
                assertEquals(expected[i], (float) found.get(i).number());
            }
        }
        Cli tsv = Cli.runWith(
                "{\"text\": \"a\"}\n{\"no\": 1}\n{\"passage\": \"b\"}\n",
                "embed",
                "--model",
                MODEL,
                "--input-format",
                "jsonl",
                "--skip-bad-rows",
                "--format",
                "tsv");
        assertEquals(0, tsv.status(), tsv.err());
        assertEquals(3, tsv.lines().size());
        assertEquals(10, tsv.lines().get(0).split("\t").length);
        assertEquals("", tsv.lines().get(1));
        assertTrue(tsv.err().contains("line 2"), tsv.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "int8"})
    void indexAndSearch(String storage) throws IOException {
        String place = folder.resolve("index").toString();
        Path input = folder.resolve("documents.txt");
        Files.writeString(input, TEXTS);
        Cli index =
                Cli.run("index", "--model", MODEL, "--index", place, "--storage", storage, "--input", input.toString());
        assertEquals(0, index.status(), index.err());
        assertTrue(index.out().contains("3 documents, 10 dimensions"), index.out());

        Cli search = Cli.run(
                "search", "How do I reset the password?", "--index", place, "--top-k", "2", "--format", "jsonl");
        assertEquals(0, search.status(), search.err());
        assertEquals(2, search.lines().size());
        JsonValue best = json(search.lines().get(0));
        assertEquals("Reset the password.", best.get("text").string());
        assertEquals(0, best.get("index").integer(0, 2));

        Cli plain = Cli.run("search", "People have an account.", "--index", place, "--rerank", "0", "--prompt", "");
        assertEquals(0, plain.status(), plain.err());
        assertEquals(4, plain.lines().size());
        assertTrue(plain.lines().get(0).startsWith("rank      score  retrieval"), plain.out());
        Cli csv = Cli.run("search", "moon", "--index", place, "--format", "csv", "--top-k", "1");
        assertEquals("rank,score,retrieval_score,index,text", csv.lines().get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dense-tanh-normalize | Transformer, Pooling, Dense (tanh), Normalize | mean | 10 | cosine | tokens a text",
                "all-modes-without-prompt | Transformer, Pooling | without the prompt | 120 | cosine | prompts             ",
                "cased | Transformer, Pooling | mean | 20 | manhattan | tokens a text",
                "without-modules | Transformer, Pooling | mean | 18 | cosine | sentence encoder, distilbert",
            })
    void infoOfASentenceEncoder(
            String name, String modules, String pooling, String dimension, String similarity, String other) {
        Cli info = Cli.run("info", "--model", SentenceFolders.of(name).toString());
        assertEquals(0, info.status(), info.err());
        List<String> lines = info.lines();
        assertTrue(lines.contains("modules             " + modules), info.out());
        assertTrue(info.out().contains(pooling), info.out());
        assertTrue(lines.contains("dimension           " + dimension), info.out());
        assertTrue(lines.contains("similarity          " + similarity), info.out());
        assertTrue(info.out().contains(other), info.out());
        assertFalse(info.out().contains("labels"), info.out());
    }

    @Test
    void anIndexOfAnotherModel() throws IOException {
        String place = folder.resolve("index").toString();
        String made = SentenceFolders.of("mean-normalize").toString();
        assertEquals(
                0,
                Cli.runWith(TEXTS, "index", "--model", made, "--index", place).status());
        Cli search = Cli.run(
                "search",
                "x",
                "--index",
                place,
                "--model",
                SentenceFolders.of("weightedmean").toString());
        assertEquals(1, search.status());
        assertEquals(List.of(), search.lines());
        assertTrue(search.err().contains("another model, " + made), search.err());
    }

    @Test
    void wrongCalls() {
        assertEquals(2, Cli.run("embed").status());
        assertEquals(2, Cli.run("search", "x").status());
        Cli noIndex = Cli.run("search", "x", "--index", folder.toString());
        assertEquals(1, noIndex.status());
        assertTrue(noIndex.err().contains("documents.purerank"), noIndex.err());
        Cli none = Cli.run("search", "x", "--index", folder.toString(), "--rerank", "0", "--reranker", "y");
        assertEquals(2, none.status());
        assertEquals(
                2,
                Cli.run("search", "x", "--index", folder.toString(), "--top-k", "0")
                        .status());
        Cli pooling = Cli.run("import", "a.onnx", folder.toString(), "--pooling", "median");
        assertEquals(2, pooling.status());
        assertTrue(pooling.err().contains("weightedmean"), pooling.err());
        assertEquals(2, Cli.run("import", "a", "b", "--max-length", "3").status());
        assertEquals(
                2,
                Cli.run("import", "a", "b", "--pooling", "mean", "--seed", "3").status());
    }
}
