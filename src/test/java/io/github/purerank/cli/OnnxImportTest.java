package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.Golden;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.TestKernels;
import io.github.purerank.load.ConfigLoader;
import io.github.purerank.load.TestModels;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.HiddenActivation;
import io.github.purerank.model.TestForward;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImportTest {
    private static final BertConfig CONFIG = new BertConfig(11, 6, 2, 3, 10, HiddenActivation.GELU, 7, 2, 1e-12f, 2);
    private static final long SEED = 5;
    private static final byte[] TOKENIZER =
            "{\"normalizer\":{\"lowercase\":false,\"strip_accents\":null}}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path temporary;

    /** Real weights: hidden states within the tolerance of the reference, which were compared with the ONNX graph's own. */
    @Test
    void allMiniLm() throws IOException {
        Path directory = temporary.resolve("minilm");
        try (InputStream onnx = OnnxImportTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx");
                InputStream tokenizer = OnnxImportTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            OnnxImport.convert(
                    onnx,
                    "all-minilm-l6-v2.onnx",
                    tokenizer.readAllBytes(),
                    directory,
                    OnnxImport.Options.defaults().withSeed(1));
        }
        ModelFiles files = ModelFiles.inDirectory(directory);
        assertEquals(512, ConfigLoader.load(files).maxLength());
        Golden golden = new Golden("minilm", Golden.inputs(Golden.json("minilm.json"), "texts"));
        for (Kernels kernels : TestKernels.all()) {
            CrossEncoderModel model = TestModels.load(files, kernels);
            double worst = 0;
            for (Golden.Input input : golden.inputs()) {
                List<float[]> states = TestForward.hiddenStates(model, input);
                float[] expected =
                        golden.hiddenState("minilm.safetensors", input, 6).orElseThrow();
                float[] found = states.get(6);
                assertEquals(expected.length, found.length);
                for (int i = 0; i < found.length; i++) {
                    worst = Math.max(worst, Math.abs(expected[i] - found[i]));
                }
                float[] logits = TestForward.logits(model, List.of(input))[0];
                assertEquals(input.logits()[0], logits[0], 2e-5f, kernels.name() + ", " + input);
            }
            System.out.println(kernels.name() + ": largest difference of a hidden state: " + worst);
            assertTrue(worst < 2e-5, kernels.name() + ": " + worst);
        }
    }

    /** As PyTorch writes it: weights transposed and without a name, no head. */
    @Test
    void weightsAreFoundByTheirBiases() throws IOException {
        OnnxBuilder builder = new OnnxBuilder();
        embeddings(builder, "");
        for (Map.Entry<String, int[]> shape : shapes().entrySet()) {
            String name = shape.getKey();
            if (!name.startsWith("bert.encoder")) {
                continue;
            }
            String inOnnx = name.substring("bert.".length());
            float[] elements = SeededWeights.floats(name, SEED, shape.getValue());
            if (shape.getValue().length == 1) {
                builder.floats(inOnnx, elements, shape.getValue());
            } else {
                // Names that say nothing, and the same for no two.
                String anonymous = "onnx::MatMul_" + (1000 - builder.toBytes().length % 997) + name.hashCode();
                builder.floats(
                        anonymous, transposed(elements, shape.getValue()), shape.getValue()[1], shape.getValue()[0]);
                String layer = inOnnx.substring(0, inOnnx.length() - ".weight".length());
                builder.node("MatMul", List.of("x", anonymous), layer + "/MatMul");
                builder.node("Add", List.of(layer + ".bias", layer + "/MatMul"), layer + "/Add");
            }
        }
        builder.constant("three", OnnxBuilder.longTensor("", 3));
        builder.constant("two", OnnxBuilder.longTensor("", 2));
        builder.node("Concat", List.of("a", "b", "three", "two"), "shape");
        builder.node("Reshape", List.of("encoder.layer.0.attention.self.query/Add", "shape"), "heads");
        builder.constant("eps", OnnxBuilder.floatTensor("", new float[] {1e-12f}));
        builder.node("Add", List.of("variance", "eps"), "sum").node("Sqrt", List.of("sum"), "root");
        builder.node("Erf", List.of("y"), "z");

        Path directory = temporary.resolve("model");
        OnnxImport.Options options =
                OnnxImport.Options.defaults().withSeed(SEED).withLabelCount(2);
        convert(builder.toBytes(), directory, options);
        assertIsTheModel(directory, CONFIG);
        String tokenizer = Files.readString(directory.resolve("tokenizer_config.json"));
        assertTrue(tokenizer.contains("\"do_lower_case\" : false"), tokenizer);
        assertFalse(tokenizer.contains("strip_accents"), tokenizer);
        assertArrayEquals(TOKENIZER, Files.readAllBytes(directory.resolve("tokenizer.json")));
    }

    /** A whole classifier: names begin with "bert.", layers are Gemm or have their names, and there is nothing to make up. */
    @Test
    void namedWeightsAndGemm() throws IOException {
        Path directory = temporary.resolve("model");
        convert(classifier("Relu").toBytes(), directory, OnnxImport.Options.defaults());
        assertIsTheModel(directory, new BertConfig(11, 6, 2, 3, 10, HiddenActivation.RELU, 7, 2, 1e-5f, 2));
    }

    @Test
    void headsCanBeGiven() throws IOException {
        Path directory = temporary.resolve("model");
        convert(
                classifier("Relu").toBytes(),
                directory,
                OnnxImport.Options.defaults().withHeadCount(2));
        assertEquals(
                2, ConfigLoader.load(ModelFiles.inDirectory(directory)).bert().headCount());
        Path other = temporary.resolve("other");
        refused(
                "found 4",
                classifier("Relu").toBytes(),
                other,
                OnnxImport.Options.defaults().withHeadCount(4));
    }

    @Test
    void whatIsMissingIsNamed() {
        Path directory = temporary.resolve("model");
        OnnxImport.Options options = OnnxImport.Options.defaults();
        refused("a graph", new byte[0], directory, options);
        refused("a BERT", new OnnxBuilder().toBytes(), directory, options);
        OnnxBuilder builder = new OnnxBuilder();
        embeddings(builder, "");
        refused("encoder.layer.0.attention.self.query.bias", builder.toBytes(), directory, options);
        refused("an activation by Erf, Relu or Tanh", classifier("Sigmoid").toBytes(), directory, options);
        refused(
                "two of this name",
                classifier("Relu")
                        .floats("model.classifier.bias", new float[2], 2)
                        .toBytes(),
                directory,
                options);
        refused(
                "several",
                classifier("Relu")
                        .node("LayerNormalization", List.of("x"), "y", OnnxBuilder.number("epsilon", 1e-6f))
                        .toBytes(),
                directory,
                options);
    }

    @Test
    void aHeadIsMadeUpOnlyWithASeed() {
        OnnxBuilder builder = new OnnxBuilder();
        layers(builder);
        builder.node("Relu", List.of("x"), "y");
        refused(
                "a seed",
                builder.toBytes(),
                temporary.resolve("model"),
                OnnxImport.Options.defaults().withHeadCount(1));
    }

    @Test
    void shapesAndTypesAreChecked() {
        Path directory = temporary.resolve("model");
        OnnxImport.Options options = OnnxImport.Options.defaults();
        String word = "embeddings.word_embeddings.weight";
        refused("12 bytes", initializer(OnnxBuilder.tensor(word, 1, new byte[11], 3, 1)), directory, options);
        refused("32-bit floats", initializer(OnnxBuilder.tensor(word, 10, new byte[6], 3, 1)), directory, options);
        refused(
                "dimensions from 1 on",
                initializer(OnnxBuilder.tensor(word, 1, new byte[0], 3, 0)),
                directory,
                options);
        refused(
                "dimensions from 1 on",
                initializer(OnnxBuilder.tensor(word, 1, new byte[0], 3, -1)),
                directory,
                options);
        refused(
                "a few billion",
                initializer(OnnxBuilder.tensor(word, 1, new byte[0], Integer.MAX_VALUE, Integer.MAX_VALUE)),
                directory,
                options);
        refused("2 dimensions", initializer(OnnxBuilder.tensor(word, 1, new byte[4], 1)), directory, options);
    }

    private static byte[] initializer(byte[] tensor) {
        return new OnnxBuilder().initializer(tensor).toBytes();
    }

    @Test
    void cutAndGarbledFilesAreRefusedOrRead() throws IOException {
        byte[] whole = classifier("Relu").toBytes();
        for (int length = 0; length < whole.length; length += 31) {
            refused("", Arrays.copyOf(whole, length), temporary.resolve("cut"), OnnxImport.Options.defaults());
        }
        Random random = new Random(9);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] garbled = whole.clone();
            for (int i = 0; i < 3; i++) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            }
            Path directory = temporary.resolve("garbled" + round);
            try {
                convert(garbled, directory, OnnxImport.Options.defaults());
            } catch (ModelFormatException e) {
                refused++;
                assertFalse(Files.exists(directory));
            }
        }
        assertTrue(refused > 50, refused + " refused");
    }

    /** Two gigabytes are claimed and not there: what is read is what is there. */
    @Test
    void claimedLengthsAreNotAllocated() {
        byte[] claims = {
            7 << 3 | 2, -1, -1, -1, -1, 7, 5 << 3 | 2, -16, -1, -1, -1, 7, 9 << 3 | 2, -32, -1, -1, -1, 7, 0
        };
        refused("an ONNX model", claims, temporary.resolve("model"), OnnxImport.Options.defaults());
    }

    @Test
    void filesThatAreThereAreKept() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("model"));
        Path file = Files.writeString(directory.resolve("notes.txt"), "mine");
        byte[] onnx = classifier("Relu").toBytes();
        assertThrows(FileAlreadyExistsException.class, () -> convert(onnx, directory, OnnxImport.Options.defaults()));
        assertThrows(FileAlreadyExistsException.class, () -> convert(onnx, file, OnnxImport.Options.defaults()));
        assertEquals("mine", Files.readString(file));
        Files.delete(file);
        convert(onnx, directory, OnnxImport.Options.defaults());
        assertTrue(Files.exists(directory.resolve("model.safetensors")));
    }

    @Test
    void convertsFiles() throws IOException {
        Path onnx =
                Files.write(temporary.resolve("model.onnx"), classifier("Relu").toBytes());
        Path tokenizer = Files.write(temporary.resolve("tokenizer.json"), TOKENIZER);
        Path directory = temporary.resolve("new").resolve("model");
        OnnxImport.convert(onnx, tokenizer, directory, OnnxImport.Options.defaults());
        assertTrue(Files.exists(directory.resolve("config.json")));
        Path dotted = Files.createDirectory(temporary.resolve("dotted"));
        OnnxImport.convert(onnx, tokenizer, dotted.resolve("."), OnnxImport.Options.defaults());
        assertTrue(Files.exists(dotted.resolve("config.json")));
    }

    @Test
    void theNetworkIsMissedBeforeItsTokenizer() {
        Path onnx = temporary.resolve("missing.onnx");
        Cli cli = Cli.run("import", onnx.toString(), temporary.resolve("model").toString());
        assertEquals(1, cli.status());
        assertEquals("purerank: " + onnx + ": no such file or directory\n", cli.err());
        cli = Cli.run("import", temporary.toString(), temporary.resolve("model").toString());
        assertEquals("purerank: " + temporary + ": expected a file, found a directory\n", cli.err());
    }

    private static void convert(byte[] onnx, Path directory, OnnxImport.Options options) throws IOException {
        OnnxImport.convert(new ByteArrayInputStream(onnx), "test.onnx", TOKENIZER, directory, options);
    }

    /** Refused with a message that has these words, and nothing is left. */
    private static void refused(String words, byte[] onnx, Path directory, OnnxImport.Options options) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> convert(onnx, directory, options));
        assertTrue(e.getMessage().startsWith("test.onnx: "), e.getMessage());
        assertTrue(e.getMessage().contains(words), e.getMessage());
        try (Stream<Path> left = Files.list(directory.getParent())) {
            String name = directory.getFileName().toString();
            assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith(name)), "files are left");
        } catch (IOException io) {
            throw new AssertionError(io);
        }
    }

    private static void embeddings(OnnxBuilder builder, String prefix) {
        shapes().forEach((name, shape) -> {
            if (name.startsWith("bert.embeddings")) {
                String inOnnx = prefix + name.substring("bert.".length());
                builder.packedFloats(inOnnx, SeededWeights.floats(name, SEED, shape), shape);
            }
        });
    }

    private static void layers(OnnxBuilder builder) {
        embeddings(builder, "model.bert.");
        shapes().forEach((name, shape) -> {
            if (name.startsWith("bert.encoder")) {
                builder.floats("model." + name, SeededWeights.floats(name, SEED, shape), shape);
            }
        });
    }

    /** With every part; the pooler and the classifier as Gemm, once with its weight transposed. */
    private static OnnxBuilder classifier(String activation) {
        OnnxBuilder builder = new OnnxBuilder();
        layers(builder);
        Map<String, int[]> shapes = shapes();
        for (String layer : List.of("bert.pooler.dense", "classifier")) {
            int[] shape = shapes.get(layer + ".weight");
            float[] weight = SeededWeights.floats(layer + ".weight", SEED, shape);
            float[] bias = SeededWeights.floats(layer + ".bias", SEED, shape[0]);
            builder.floats("model." + layer + ".bias", bias, shape[0]);
            List<String> inputs = List.of("x", "w" + layer, "model." + layer + ".bias");
            if (layer.equals("classifier")) {
                builder.floats("w" + layer, weight, shape);
                builder.node("Gemm", inputs, "y" + layer, OnnxBuilder.integer("transB", 1));
            } else {
                builder.floats("w" + layer, transposed(weight, shape), shape[1], shape[0]);
                builder.node("Gemm", inputs, "y" + layer);
            }
        }
        builder.node("Add", List.of("q", "model.bert.encoder.layer.0.attention.self.query.bias"), "query");
        builder.longs("shape", 0, 0, 3, 2).node("Reshape", List.of("query", "shape"), "heads");
        builder.node("LayerNormalization", List.of("x"), "n", OnnxBuilder.number("epsilon", 1e-5f));
        return builder.node(activation, List.of("x"), "a").node("Tanh", List.of("p"), "pooled");
    }

    private static Map<String, int[]> shapes() {
        return TestModels.shapes(CONFIG);
    }

    private static float[] transposed(float[] elements, int[] shape) {
        float[] transposed = new float[elements.length];
        for (int i = 0; i < elements.length; i++) {
            transposed[i % shape[1] * shape[0] + i / shape[1]] = elements[i];
        }
        return transposed;
    }

    private static void assertIsTheModel(Path directory, BertConfig config) throws IOException {
        ModelFiles files = ModelFiles.inDirectory(directory);
        assertEquals(config, ConfigLoader.load(files).bert());
        try (Safetensors tensors = Safetensors.openModel(files)) {
            assertEquals(shapes().keySet(), tensors.tensors().keySet());
            for (Map.Entry<String, int[]> shape : shapes().entrySet()) {
                float[] expected = SeededWeights.floats(shape.getKey(), SEED, shape.getValue());
                assertArrayEquals(expected, tensors.readAll(shape.getKey()), shape.getKey());
            }
        }
    }
}
