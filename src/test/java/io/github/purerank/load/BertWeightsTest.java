package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.purerank.cli.SeededWeights;
import io.github.purerank.format.DType;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsWriter;
import io.github.purerank.kernel.TestKernels;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.HiddenActivation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refused; that the right weights come to the right places is shown by the golden models. */
class BertWeightsTest {
    private static final BertConfig CONFIG = new BertConfig(11, 6, 2, 3, 10, HiddenActivation.GELU, 7, 2, 1e-12f, 2);

    private final Map<String, float[]> elements = new LinkedHashMap<>();
    private final Map<String, int[]> shapes = TestModels.shapes(CONFIG);

    @BeforeEach
    void fill() {
        shapes.forEach((name, shape) -> elements.put(name, SeededWeights.floats(name, 1, shape)));
    }

    private CrossEncoderModel read() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        elements.forEach((name, values) -> {
            int[] shape = shapes.get(name);
            writer.add(name, values, shape.length == 1 ? new long[] {shape[0]} : new long[] {shape[0], shape[1]});
        });
        // An old buffer that is no weight.
        writer.add("bert.embeddings.position_ids", new long[7], 1, 7);
        try (Safetensors tensors = open(writer)) {
            return BertWeights.read(tensors, CONFIG, TestKernels.scalar());
        }
    }

    private static Safetensors open(SafetensorsWriter writer) throws IOException {
        return Safetensors.openModel(new MemoryFiles(Map.of("model.safetensors", writer.toBytes())));
    }

    @Test
    void aWholeModelIsRead() throws IOException {
        assertEquals(CONFIG, read().config());
    }

    @Test
    void eachTensorIsNeeded() throws IOException {
        for (String name : shapes.keySet()) {
            float[] taken = elements.remove(name);
            ModelFormatException e = assertThrows(ModelFormatException.class, this::read, name);
            // Without the word embeddings it cannot be told that the names begin with "bert.".
            String missing = name.equals("bert.embeddings.word_embeddings.weight") ? name.substring(5) : name;
            assertEquals(missing, e.location());
            assertEquals("none", e.found());
            elements.put(name, taken);
        }
    }

    @Test
    void eachShapeIsChecked() throws IOException {
        for (String name : shapes.keySet()) {
            int[] shape = shapes.get(name);
            int[] other = shape.clone();
            other[0]++;
            shapes.put(name, other);
            float[] values = elements.put(name, SeededWeights.floats(name, 1, other));
            ModelFormatException e = assertThrows(ModelFormatException.class, this::read, name);
            assertEquals(name, e.location());
            shapes.put(name, shape);
            elements.put(name, values);
        }
    }

    /** A configuration may claim a size that the embeddings bear out and the matrices do not. */
    @Test
    void nothingIsAllocatedForAMatrixOfAnotherShape() throws IOException {
        int hidden = 20_000;
        BertConfig claim = new BertConfig(1, hidden, 2, 1, hidden, HiddenActivation.GELU, 1, 1, 1e-12f, 1);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String table : new String[] {"word", "position", "token_type"}) {
            writer.add("embeddings." + table + "_embeddings.weight", new float[hidden], 1, hidden);
        }
        writer.add("embeddings.LayerNorm.weight", new float[hidden], hidden);
        writer.add("embeddings.LayerNorm.bias", new float[hidden], hidden);
        for (String part : new String[] {"query", "key", "value"}) {
            writer.add("encoder.layer.0.attention.self." + part + ".weight", new float[1], 1, 1);
        }
        try (Safetensors tensors = open(writer)) {
            ModelFormatException e = assertThrows(
                    ModelFormatException.class, () -> BertWeights.read(tensors, claim, TestKernels.scalar()));
            assertEquals("encoder.layer.0.attention.self.query.weight", e.location());
        }
    }

    /** The same number of elements is not enough. */
    @Test
    void aMatrixTheOtherWayRoundIsRefused() {
        shapes.put("bert.encoder.layer.1.output.dense.weight", new int[] {10, 6});
        ModelFormatException e = assertThrows(ModelFormatException.class, this::read);
        assertEquals("shape [6, 10] as config.json says", e.expected());
        assertEquals("shape [10, 6]", e.found());
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (String name : shapes.keySet()) {
                float[] values = elements.get(name).clone();
                values[values.length - 1] = value;
                float[] taken = elements.put(name, values);
                ModelFormatException e = assertThrows(ModelFormatException.class, this::read, name);
                assertEquals(name, e.location());
                assertEquals("NaN or an infinity", e.found());
                elements.put(name, taken);
            }
        }
    }

    @Test
    void integersAreNoWeights() throws IOException {
        SafetensorsWriter writer =
                new SafetensorsWriter().add("embeddings.word_embeddings.weight", DType.I64, new float[11 * 6], 11, 6);
        try (Safetensors tensors = open(writer)) {
            ModelFormatException e = assertThrows(
                    ModelFormatException.class, () -> BertWeights.read(tensors, CONFIG, TestKernels.scalar()));
            assertEquals("embeddings.word_embeddings.weight", e.location());
        }
    }
}
