package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SemanticIndexTest {
    @TempDir
    private Path folder;

    private static float[] random(int dimension, Random random) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static float[][] random(int count, int dimension, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = random(dimension, random);
        }
        return vectors;
    }

    private static SemanticIndex index(
            float[][] vectors, SemanticIndex.Storage storage, Similarity similarity, int threads) {
        SemanticIndex.Builder builder = SemanticIndex.builder(vectors[0].length, storage, similarity);
        for (float[] vector : vectors) {
            builder.add(vector);
        }
        return builder.build(LoadOptions.defaults().withThreads(threads));
    }

    /** Against a sort of all scores; arrays of vectors are begun several times over. */
    @ParameterizedTest
    @EnumSource(
            value = Similarity.class,
            names = {"COSINE", "DOT"})
    void findsWhatASortFinds(Similarity similarity) {
        int dimension = 700;
        float[][] vectors = random(4000, dimension, 1);
        float[][] queries = random(3, dimension, 2);
        try (SemanticIndex one = index(vectors, SemanticIndex.Storage.FLOAT, similarity, 1);
                SemanticIndex four = index(vectors, SemanticIndex.Storage.FLOAT, similarity, 4)) {
            List<List<SearchHit>> all = one.searchAll(queries, 17);
            assertEquals(all, four.searchAll(queries, 17));
            for (int q = 0; q < queries.length; q++) {
                assertEquals(all.get(q), one.search(queries[q], 17));
                assertEquals(all.get(q), four.search(queries[q], 17));
                List<SearchHit> sorted = new ArrayList<>();
                for (int i = 0; i < vectors.length; i++) {
                    sorted.add(new SearchHit(i, similarity.of(queries[q], vectors[i])));
                }
                sorted.sort((a, b) -> Float.compare(b.score(), a.score()));
                for (int i = 0; i < 17; i++) {
                    assertEquals(sorted.get(i).index(), all.get(q).get(i).index());
                    assertEquals(sorted.get(i).score(), all.get(q).get(i).score(), 1e-3);
                }
            }
        }
    }

    @Test
    void equalScoresRankInOrder() {
        float[][] vectors = new float[50][];
        for (int i = 0; i < 50; i++) {
            vectors[i] = new float[] {i % 3 == 0 ? 1 : -0f, 0};
        }
        try (SemanticIndex index = index(vectors, SemanticIndex.Storage.FLOAT, Similarity.DOT, 2)) {
            List<SearchHit> hits = index.search(new float[] {1, 1}, 100);
            assertEquals(50, hits.size());
            for (int i = 0; i < 50; i++) {
                int expected = i < 17 ? 3 * i : (i - 17) / 2 * 3 + 1 + (i - 17) % 2;
                assertEquals(expected, hits.get(i).index());
            }
            assertEquals(List.of(0, 3), List.of(hits.get(0).index(), hits.get(1).index()));
        }
    }

    /** Vectors in clusters, as those of texts are: neighbours of a query are close to each other. */
    @Test
    void eightBitsFindNearlyTheSame() {
        Random random = new Random(3);
        int dimension = 384;
        float[][] centres = random(200, dimension, 4);
        float[][] vectors = new float[20_000][];
        for (int i = 0; i < vectors.length; i++) {
            float[] centre = centres[random.nextInt(centres.length)];
            vectors[i] = random(dimension, random);
            for (int k = 0; k < dimension; k++) {
                vectors[i][k] = centre[k] + 0.7f * vectors[i][k];
            }
        }
        int found = 0;
        int queries = 50;
        try (SemanticIndex exact = index(vectors, SemanticIndex.Storage.FLOAT, Similarity.COSINE, 2);
                SemanticIndex rounded = index(vectors, SemanticIndex.Storage.INT8, Similarity.COSINE, 2)) {
            for (int q = 0; q < queries; q++) {
                float[] query = random(dimension, random);
                float[] centre = centres[random.nextInt(centres.length)];
                for (int k = 0; k < dimension; k++) {
                    query[k] = centre[k] + 0.7f * query[k];
                }
                Set<Integer> best = new HashSet<>();
                exact.search(query, 10).forEach(hit -> best.add(hit.index()));
                for (SearchHit hit : rounded.search(query, 10)) {
                    found += best.contains(hit.index()) ? 1 : 0;
                }
            }
            assertTrue(rounded.bytes() * 3 < exact.bytes());
        }
        double recall = found / (10.0 * queries);
        System.out.println("recall@10 of 8 bits against floats: " + recall);
        assertTrue(recall >= 0.98, "recall " + recall);
    }

    @ParameterizedTest
    @EnumSource(SemanticIndex.Storage.class)
    void isSavedAndLoaded(SemanticIndex.Storage storage) throws IOException {
        float[][] vectors = random(3000, 401, 5);
        float[] query = random(401, new Random(6));
        Path file = folder.resolve("index");
        Files.writeString(file, "what was there before");
        try (SemanticIndex index = index(vectors, storage, Similarity.COSINE, 1)) {
            index.save(file);
            try (SemanticIndex loaded = SemanticIndex.load(file)) {
                assertEquals(storage, loaded.storage());
                assertEquals(Similarity.COSINE, loaded.similarity());
                assertEquals(401, loaded.dimension());
                assertEquals(3000, loaded.size());
                assertArrayEquals(index.vector(2999), loaded.vector(2999));
                assertEquals(index.search(query, 20), loaded.search(query, 20));
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        Path file = folder.resolve("index");
        try (SemanticIndex index = index(random(5, 3, 7), SemanticIndex.Storage.FLOAT, Similarity.DOT, 1)) {
            index.save(file);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x40;
            Files.write(file, damaged);
            ModelFormatException e =
                    assertThrows(ModelFormatException.class, () -> SemanticIndex.load(file), "byte " + i);
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        }
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertThrows(ModelFormatException.class, () -> SemanticIndex.load(file), "length " + length);
        }
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertThrows(ModelFormatException.class, () -> SemanticIndex.load(file));
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> SemanticIndex.builder(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> SemanticIndex.builder(3, SemanticIndex.Storage.FLOAT, Similarity.MANHATTAN));
        SemanticIndex.Builder builder = SemanticIndex.builder(2);
        assertThrows(IllegalArgumentException.class, () -> builder.add(new float[3]));
        assertThrows(IllegalArgumentException.class, () -> builder.add(new float[] {1, Float.NaN}));
        SemanticIndex index = builder.build();
        assertThrows(IllegalStateException.class, () -> builder.add(new float[2]));
        assertEquals(List.of(), index.search(new float[2], 3));
        assertThrows(IllegalArgumentException.class, () -> index.search(new float[2], 0));
        assertThrows(IllegalArgumentException.class, () -> index.search(new float[] {1, Float.POSITIVE_INFINITY}, 1));
        index.close();
        assertThrows(IllegalStateException.class, () -> index.search(new float[2], 3));
    }
}
