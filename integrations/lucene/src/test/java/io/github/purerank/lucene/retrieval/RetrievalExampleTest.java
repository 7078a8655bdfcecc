package io.github.purerank.lucene.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrievalExampleTest {
    /** Small, and of random weights: it finds nothing, but is there at once. */
    private static final Path ENCODER = Path.of("..", "..", "src", "test", "resources", "golden", "sentences", "cls");

    @Test
    void comparesFourWays(@TempDir Path folder) throws IOException {
        StringBuilder packages = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            packages.append("Package: pack" + i + "\nVersion: 1\nDescription: thing with number" + i + " inside\n");
            packages.append(" Here is number" + i + " among these words")
                    .append(" and others".repeat(10))
                    .append("\n\n");
        }
        Path file = Files.writeString(folder.resolve("packages"), packages);
        ExampleOptions options = ExampleOptions.parse(
                "--packages",
                file.toString(),
                "--encoder",
                ENCODER.toString(),
                "--documents",
                "50",
                "--queries",
                "5",
                "--candidates",
                "20");
        String first = table(options);
        List<String> rows = first.lines().filter(line -> line.startsWith("|")).toList();
        assertTrue(first.startsWith("50 documents, 5 queries drawn of "), first);
        assertEquals(11, rows.size(), first);
        // The number is the one rare word that query and document share.
        assertTrue(rows.get(2).startsWith("| BM25 | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] | 1.000 "), first);
        assertTrue(rows.get(5).startsWith("| vectors, reranked | "), first);
        assertTrue(rows.get(8).startsWith("| vectors instead of BM25 | -"), first);
        assertEquals(withoutTimes(first), withoutTimes(table(options)));
    }

    @Test
    void aRankingKnowsWhatWasMissed() throws IOException {
        List<PackageSearch.Query> queries = List.of(
                new PackageSearch.Query("first", 7), new PackageSearch.Query("third", 7),
                new PackageSearch.Query("twelfth", 7), new PackageSearch.Query("never", 7));
        List<Integer> twelve = List.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 7);
        Ranking ranking = Ranking.of("way", queries, query -> switch (query) {
            case "first" -> List.of(7, 8);
            case "third" -> List.of(1, 2, 7);
            case "twelfth" -> twelve;
            default -> List.of();
        });
        assertArrayEquals(new int[] {0, 2, 11, -1}, ranking.places());
        assertArrayEquals(new double[] {1, 1 / 3.0, 0, 0}, ranking.mrr());
        // 1 / log2(4)
        assertArrayEquals(new double[] {1, 0.5, 0, 0}, ranking.ndcg(), 1e-12);
        assertArrayEquals(new double[] {1, 1, 0, 0}, ranking.recall(10));
        assertArrayEquals(new double[] {1, 1, 1, 0}, ranking.recall(100));
    }

    @Test
    void refusesWrongOptionsByName() {
        assertNamed("--sead", "--sead", "1");
        assertNamed("--seed", "--seed");
        assertNamed("--queries", "--queries", "0");
        assertNamed("--documents", "--documents", "many");
        assertNamed("--encoder", "--packages", "file");
    }

    private static void assertNamed(String name, String... arguments) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ExampleOptions.parse(arguments));
        assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }

    private static String table(ExampleOptions options) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            RetrievalExample.run(options, lines, new PrintStream(new ByteArrayOutputStream()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String withoutTimes(String table) {
        return table.replaceAll("\\| [\\d.]+ \\|\\R", "|\n").replaceAll("Indexing: .*", "");
    }
}
