package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimilarityTest {
    private static final float[] A = {3, 4, 0};
    private static final float[] B = {0, 4, 3};

    @Test
    void functions() {
        assertEquals(16f / 25, Similarity.COSINE.of(A, B), 1e-7f);
        assertEquals(16f, Similarity.DOT.of(A, B));
        assertEquals((float) -Math.sqrt(18), Similarity.EUCLIDEAN.of(A, B));
        assertEquals(-6f, Similarity.MANHATTAN.of(A, B));
        assertEquals(0f, Similarity.COSINE.of(A, new float[3]));
        assertEquals(3f, A[0]);
        assertEquals(Similarity.MANHATTAN, Similarity.ofName("manhattan"));
        assertThrows(IllegalArgumentException.class, () -> Similarity.ofName("maxsim"));
        assertThrows(IllegalArgumentException.class, () -> Similarity.DOT.of(A, new float[2]));
        assertThrows(
                IllegalArgumentException.class,
                () -> Similarity.DOT.matrix(new float[][] {A}, new float[][] {B, new float[4]}));
    }

    /** More rows than a block has, of a length that is no multiple of a vector's. */
    @Test
    void productsOfLargeMatricesAreNearThoseInDoublePrecision() {
        Random random = new Random(5);
        float[][] a = random(random, 3, 391);
        float[][] b = random(random, 400, 391);
        float[][] matrix = Similarity.DOT.matrix(a, b);
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                double sum = 0;
                for (int k = 0; k < a[i].length; k++) {
                    sum += (double) a[i][k] * b[j][k];
                }
                assertEquals(sum, matrix[i][j], 1e-5 * Math.max(1, Math.abs(sum)));
                assertEquals(matrix[i][j], Similarity.DOT.of(a[i], b[j]), "the same bits alone");
            }
        }
        try (SemanticIndex index = indexOf(b)) {
            for (SearchHit hit : index.search(a[0], b.length)) {
                assertEquals(matrix[0][hit.index()], hit.score(), "the same bits as in an index");
            }
        }
    }

    @Test
    void emptyMatrices() {
        assertEquals(0, Similarity.COSINE.matrix(new float[0][], new float[][] {A}).length);
        assertEquals(0, Similarity.COSINE.matrix(new float[][] {A}, new float[0][])[0].length);
        assertEquals(0f, Similarity.DOT.of(new float[0], new float[0]));
    }

    private static SemanticIndex indexOf(float[][] vectors) {
        SemanticIndex.Builder builder =
                SemanticIndex.builder(vectors[0].length, SemanticIndex.Storage.FLOAT, Similarity.DOT);
        for (float[] vector : vectors) {
            builder.add(vector);
        }
        return builder.build();
    }

    private static float[][] random(Random random, int count, int length) {
        float[][] vectors = new float[count][length];
        for (float[] vector : vectors) {
            for (int k = 0; k < length; k++) {
                vector[k] = (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    /** On the reference's own vectors. */
    @Test
    void matricesAreTheReferences() throws IOException {
        int compared = 0;
        for (JsonValue model : Golden.json("sentences.json").get("models").elements()) {
            if (!model.find("default_prompt").isEmpty()
                    || model.get("name").string().startsWith("dense-tanh")) {
                continue;
            }
            float[][] vectors = new float[4][];
            List<JsonValue> texts = model.get("texts").elements();
            for (int i = 0; i < 4; i++) {
                vectors[i] = Golden.floats(texts.get(i).get("embedding"));
            }
            JsonValue expected = model.get("similarities");
            for (Similarity similarity : Similarity.values()) {
                String key = similarity == Similarity.COSINE
                        ? "cos_sim"
                        : similarity == Similarity.DOT ? "dot_score" : similarity.id() + "_sim";
                float[][] matrix = similarity.matrix(vectors, vectors);
                for (int i = 0; i < 4; i++) {
                    float[] row = Golden.floats(expected.get(key).elements().get(i));
                    for (int j = 0; j < 4; j++) {
                        // The reference's distances are made of products, which leaves some of their error.
                        double allowed =
                                (similarity == Similarity.EUCLIDEAN ? 1e-3 : 2e-6) * Math.max(1, Math.abs(row[j]));
                        assertTrue(
                                Math.abs(row[j] - matrix[i][j]) <= allowed,
                                model.get("name").string() + ", " + key + ": " + row[j] + ", " + matrix[i][j]);
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 500);
    }
}
