package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.cli.OnnxImport;
import io.github.purerank.format.JsonValue;
import io.github.purerank.model.PoolingMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real weights, those of all-MiniLM-L6-v2, against the reference (tools/make_sentence_reference.py minilm). */
class MiniLmSentencesTest {
    /** What is promised of an element, and of a cosine. */
    private static final double TOLERANCE = 2e-6;

    private static final double COSINE_TOLERANCE = 1e-6;

    @TempDir
    private Path temporary;

    /** all-MiniLM-L6-v2 as a folder of sentence-transformers. */
    static void convert(Path folder) throws IOException {
        try (InputStream onnx = MiniLmSentencesTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx");
                InputStream tokenizer =
                        MiniLmSentencesTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            OnnxImport.convert(
                    onnx,
                    "all-minilm-l6-v2.onnx",
                    tokenizer.readAllBytes(),
                    folder,
                    OnnxImport.Options.defaults()
                            .withSentences(new OnnxImport.SentenceOptions(PoolingMode.MEAN, 256, true)));
        }
    }

    @Test
    void vectorsAndCosinesAreTheReferences() throws IOException {
        Path folder = temporary.resolve("minilm");
        convert(folder);
        JsonValue golden = Golden.json("sentences-minilm.json");
        List<String> texts = SentenceReferenceTest.texts(golden);
        List<JsonValue> entries = golden.get("texts").elements();
        try (SentenceEncoder model = SentenceEncoder.load(folder)) {
            assertEquals(256, model.config().maxLength());
            assertEquals(384, model.embeddingDimension());
            float[][] vectors = model.encode(texts);
            float[][] cosines = Similarity.COSINE.matrix(vectors, vectors);
            double worst = 0;
            double worstCosine = 0;
            for (int t = 0; t < vectors.length; t++) {
                JsonValue entry = entries.get(t);
                assertEquals(
                        entry.get("tokens").integer(1, 256),
                        model.tokenize(texts.get(t), 0).size());
                float[] expected = Golden.floats(entry.get("every_eighth"));
                assertEquals(48, expected.length);
                for (int i = 0; i < expected.length; i++) {
                    worst = Math.max(worst, Math.abs(expected[i] - vectors[t][8 * i]));
                }
                float[] row = Golden.floats(entry.get("cosines"));
                for (int j = 0; j < row.length; j++) {
                    worstCosine = Math.max(worstCosine, Math.abs(row[j] - cosines[t][j]));
                }
            }
            System.out.println("largest difference of an element: " + worst + ", of a cosine: " + worstCosine);
            assertTrue(worst < TOLERANCE, "element: " + worst);
            assertTrue(worstCosine < COSINE_TOLERANCE, "cosine: " + worstCosine);
            for (int t = 0; t < 6; t++) {
                assertArrayEquals(vectors[t], model.encode(texts.get(t)), "alone: " + texts.get(t));
            }
        }
    }
}
