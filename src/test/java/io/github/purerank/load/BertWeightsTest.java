package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.cli.SeededWeights;
import io.github.purerank.format.DType;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsWriter;
import io.github.purerank.kernel.TestKernels;
import io.github.purerank.model.Architecture;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.HiddenActivation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused; that the right weights come to the right places is shown by the golden models. */
class BertWeightsTest {
    private static final BertConfig BERT = new BertConfig(11, 6, 2, 3, 10, HiddenActivation.GELU, 7, 2, 1e-12f, 2);
    private static final BertConfig DISTILBERT =
            new BertConfig(Architecture.DISTILBERT, 11, 6, 6, 2, 3, 10, HiddenActivation.GELU, 7, 0, 1e-12f, 2);
    private static final BertConfig ELECTRA =
            new BertConfig(Architecture.ELECTRA, 11, 4, 6, 2, 3, 10, HiddenActivation.GELU, 7, 2, 1e-12f, 2);

    private BertConfig config;
    private final Map<String, float[]> elements = new LinkedHashMap<>();
    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    static List<BertConfig> configs() {
        return List.of(BERT, DISTILBERT, ELECTRA);
    }

    /** Weights for each tensor that the network has. */
    private void fill(BertConfig filled) {
        config = filled;
        TestModels.shapes(config).forEach((bertName, shape) -> {
            String name = BertNames.in(config.architecture(), bertName);
            shapes.put(name, shape);
            elements.put(name, SeededWeights.floats(name, 1, shape));
        });
    }

    private String wordEmbeddings() {
        return config.architecture().modelType() + ".embeddings.word_embeddings.weight";
    }

    private CrossEncoderModel read() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        elements.forEach((name, values) -> {
            int[] shape = shapes.get(name);
            writer.add(name, values, shape.length == 1 ? new long[] {shape[0]} : new long[] {shape[0], shape[1]});
        });
        // Neither an old buffer nor the head of another task is a weight.
        writer.add(config.architecture().modelType() + ".embeddings.position_ids", new long[7], 1, 7);
        writer.add("qa_outputs.bias", new float[] {Float.NaN}, 1);
        try (Safetensors tensors = open(writer)) {
            return BertWeights.read(tensors, config, TestKernels.scalar());
        }
    }

    private static Safetensors open(SafetensorsWriter writer) throws IOException {
        return Safetensors.openModel(new MemoryFiles(Map.of("model.safetensors", writer.toBytes())));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void aWholeModelIsRead(BertConfig filled) throws IOException {
        fill(filled);
        CrossEncoderModel model = read();
        assertEquals(config, model.config());
        assertEquals(config.architecture().headFunction(), model.pooler().function());
        assertEquals(
                config.projects(), model.encoder().embeddings().projection().isPresent());
    }

    @Test
    void namesThereAndBackAreTheSame() {
        for (BertConfig each : configs()) {
            TestModels.shapes(each)
                    .forEach((bertName, shape) -> assertEquals(
                            bertName,
                            BertNames.from(each.architecture(), BertNames.in(each.architecture(), bertName))));
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void eachTensorIsNeeded(BertConfig filled) throws IOException {
        fill(filled);
        for (String name : shapes.keySet()) {
            float[] taken = elements.remove(name);
            ModelFormatException e = assertThrows(ModelFormatException.class, this::read, name);
            // Without the word embeddings it cannot be told that the names begin with a prefix.
            String missing = name.equals(wordEmbeddings()) ? name.substring(name.indexOf('.') + 1) : name;
            assertEquals(missing, e.location());
            assertEquals("none", e.found());
            elements.put(name, taken);
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void eachShapeIsChecked(BertConfig filled) throws IOException {
        fill(filled);
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
        fill(BERT);
        shapes.put("bert.encoder.layer.1.output.dense.weight", new int[] {10, 6});
        ModelFormatException e = assertThrows(ModelFormatException.class, this::read);
        assertEquals("shape [6, 10] as config.json says", e.expected());
        assertEquals("shape [10, 6]", e.found());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void numbersThatAreNoneAreRefused(BertConfig filled) {
        fill(filled);
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (String name : shapes.keySet()) {
                float[] values = elements.get(name).clone();
                values[values.length - 1] = value;
                float[] taken = elements.put(name, values);
                ModelFormatException e = assertThrows(ModelFormatException.class, this::read, name);
                assertEquals(name, e.location());
                assertEquals(value + " at " + last(shapes.get(name)), e.found());
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
                    ModelFormatException.class, () -> BertWeights.read(tensors, BERT, TestKernels.scalar()));
            assertEquals("embeddings.word_embeddings.weight", e.location());
        }
    }

    /** Rows are read in blocks: the place is that in the whole tensor, and the first of several. */
    @Test
    void theFirstNumberThatIsNoneIsNamed() {
        fill(new BertConfig(400, 900, 1, 1, 1, HiddenActivation.GELU, 7, 2, 1e-12f, 2));
        String name = "bert.encoder.layer.0.attention.self.value.weight";
        elements.get(name)[900 * 898 + 5] = Float.NEGATIVE_INFINITY;
        elements.get(name)[900 * 898 + 4] = Float.NaN;
        ModelFormatException e = assertThrows(ModelFormatException.class, this::read);
        assertEquals(name, e.location());
        assertEquals("NaN at [898, 4]", e.found());
        elements.get(name)[900 * 3] = Float.NEGATIVE_INFINITY;
        e = assertThrows(ModelFormatException.class, this::read);
        assertEquals("-Infinity at [3, 0]", e.found());
    }

    @Test
    void anEncoderWithoutAHeadSaysSo() {
        fill(BERT);
        elements.keySet().removeIf(name -> !name.startsWith("bert.") || name.contains("pooler"));
        ModelFormatException e = assertThrows(ModelFormatException.class, this::read);
        assertEquals("bert.pooler.dense.weight", e.location());
        assertTrue(e.expected().contains("head"), e.getMessage());
    }

    private static String last(int[] shape) {
        return shape.length == 1 ? "[" + (shape[0] - 1) + "]" : "[" + (shape[0] - 1) + ", " + (shape[1] - 1) + "]";
    }
}
