package io.github.purerank.cli;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsFileWriter;
import io.github.purerank.model.PoolingMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a model folder of the Hugging Face layout from a BERT that PyTorch exported to ONNX in 32-bit floats: config.json,
 * model.safetensors, tokenizer.json, tokenizer_config.json; and what sentence-transformers puts beside them, for an encoder of
 * sentences.
 *
 * <p>Graphs that were quantised, fused or given other names are refused.
 */
public final class OnnxImport {
    /** Longest tokenizer.json. */
    private static final int MAX_TOKENIZER_BYTES = 1 << 26;

    private OnnxImport() {}

    /**
     * What the file does not say.
     *
     * @param headCount attention heads; empty to read them off the graph
     * @param seed makes up a pooler and a classifier, by {@link SeededWeights}, where the file has none: the scores then mean
     *     nothing, but take as long as any
     * @param labelCount labels of a classifier that is made up
     * @param sentences makes an encoder of sentences of it, without pooler and classifier; empty for a cross-encoder
     */
    public record Options(
            OptionalInt headCount, OptionalLong seed, int labelCount, Optional<SentenceOptions> sentences) {
        /** Checks the numbers. */
        public Options {
            if (headCount.isPresent() && headCount.getAsInt() < 1) {
                throw new IllegalArgumentException("headCount " + headCount.getAsInt());
            }
            if (labelCount < 1) {
                throw new IllegalArgumentException("labelCount " + labelCount);
            }
        }

        /** Takes everything from the file. */
        public static Options defaults() {
            return new Options(OptionalInt.empty(), OptionalLong.empty(), 1, Optional.empty());
        }

        /** The same with another seed. */
        public Options withSeed(long newSeed) {
            return new Options(headCount, OptionalLong.of(newSeed), labelCount, sentences);
        }

        /** The same with another number of heads. */
        public Options withHeadCount(int newHeadCount) {
            return new Options(OptionalInt.of(newHeadCount), seed, labelCount, sentences);
        }

        /** The same with another number of labels. */
        public Options withLabelCount(int newLabelCount) {
            return new Options(headCount, seed, newLabelCount, sentences);
        }

        /** The same for an encoder of sentences. */
        public Options withSentences(SentenceOptions options) {
            return new Options(headCount, seed, labelCount, Optional.of(options));
        }

        /** What the names of the network without its head begin with. */
        private String prefix() {
            return sentences.isPresent() ? "" : "bert.";
        }
    }

    /**
     * What makes an encoder of sentences of a network.
     *
     * @param pooling how the vectors of tokens become one
     * @param maxLength the most tokens of a text; 0 for as many as the network has positions
     * @param normalize whether vectors are made 1 long
     */
    public record SentenceOptions(PoolingMode pooling, int maxLength, boolean normalize) {
        /** Checks the length. */
        public SentenceOptions {
            Objects.requireNonNull(pooling, "pooling");
            if (maxLength < 0) {
                throw new IllegalArgumentException("maxLength " + maxLength);
            }
        }
    }

    /**
     * Converts files.
     *
     * @see #convert(InputStream, String, byte[], Path, Options)
     */
    public static void convert(Path onnx, Path tokenizerJson, Path directory, Options options) throws IOException {
        requireFile(onnx);
        requireFile(tokenizerJson);
        if (Files.size(tokenizerJson) > MAX_TOKENIZER_BYTES) {
            throw new ModelFormatException(
                    tokenizerJson.toString(),
                    "",
                    "at most " + MAX_TOKENIZER_BYTES + " bytes",
                    Long.toString(Files.size(tokenizerJson)));
        }
        try (InputStream in = Files.newInputStream(onnx)) {
            convert(in, onnx.toString(), Files.readAllBytes(tokenizerJson), directory, options);
        }
    }

    /**
     * Converts a model. The folder appears when it is complete, or not at all.
     *
     * @param onnx the file, read to its end
     * @param name how messages name it
     * @param tokenizerJson goes into the folder as it is
     * @param directory the folder to make; nothing may be there, or an empty folder
     * @throws ModelFormatException if the file is not ONNX, or not such a BERT
     * @throws FileAlreadyExistsException if the directory has files
     */
    public static void convert(InputStream onnx, String name, byte[] tokenizerJson, Path directory, Options options)
            throws IOException {
        requireEmpty(directory);
        JsonValue tokenizer = JsonValue.parse(tokenizerJson, "tokenizer.json");
        OnnxGraph graph = OnnxGraph.read(onnx, name);
        SafetensorsFileWriter weights = new SafetensorsFileWriter().metadata("format", "pt");
        ObjectNode config = copyModel(graph, weights, options);

        Path whole = directory.toAbsolutePath().normalize();
        if (whole.getParent() != null) {
            Files.createDirectories(whole.getParent());
        }
        Path part = whole.resolveSibling(whole.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
        Files.createDirectory(part);
        try {
            weights.writeTo(part.resolve(Safetensors.FILE_NAME));
            write(part.resolve("config.json"), config);
            Files.write(part.resolve("tokenizer.json"), tokenizerJson);
            write(
                    part.resolve("tokenizer_config.json"),
                    tokenizerConfig(
                            tokenizer, config.get("max_position_embeddings").intValue()));
            if (options.sentences().isPresent()) {
                SentenceFolder.write(
                        part,
                        options.sentences().get(),
                        config.get("hidden_size").intValue());
            }
            Files.deleteIfExists(whole);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            deleteAfter(e, part);
            throw e;
        }
    }

    /** Hands the tensors to the writer under their names in transformers; gives config.json. */
    private static ObjectNode copyModel(OnnxGraph graph, SafetensorsFileWriter weights, Options options)
            throws ModelFormatException {
        OnnxBert bert = new OnnxBert(graph);
        int hiddenSize = 0;
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        String prefix = options.prefix();
        boolean sentences = options.sentences().isPresent();
        config.putArray("architectures").add(sentences ? "BertModel" : "BertForSequenceClassification");
        config.put("model_type", "bert");
        for (String table : new String[] {"word", "position", "token_type"}) {
            OnnxTensor tensor = bert.named("embeddings." + table + "_embeddings.weight", 2);
            int rows = dimension(tensor, 0);
            hiddenSize = dimension(tensor, 1);
            weights.add(prefix + "embeddings." + table + "_embeddings.weight", tensor.floats(), rows, hiddenSize);
            config.put(
                    switch (table) {
                        case "word" -> "vocab_size";
                        case "position" -> "max_position_embeddings";
                        default -> "type_vocab_size";
                    },
                    rows);
        }
        copyVectors(bert, prefix, "embeddings.LayerNorm", weights, hiddenSize);
        int layerCount = bert.layerCount();
        int intermediateSize = dimension(bert.named("encoder.layer.0.intermediate.dense.bias", 1), 0);
        for (int l = 0; l < layerCount; l++) {
            String layer = "encoder.layer." + l + ".";
            copyLinear(bert, prefix, layer + "attention.self.query", weights, hiddenSize, hiddenSize);
            copyLinear(bert, prefix, layer + "attention.self.key", weights, hiddenSize, hiddenSize);
            copyLinear(bert, prefix, layer + "attention.self.value", weights, hiddenSize, hiddenSize);
            copyLinear(bert, prefix, layer + "attention.output.dense", weights, hiddenSize, hiddenSize);
            copyVectors(bert, prefix, layer + "attention.output.LayerNorm", weights, hiddenSize);
            copyLinear(bert, prefix, layer + "intermediate.dense", weights, intermediateSize, hiddenSize);
            copyLinear(bert, prefix, layer + "output.dense", weights, hiddenSize, intermediateSize);
            copyVectors(bert, prefix, layer + "output.LayerNorm", weights, hiddenSize);
        }
        int labelCount = sentences ? 0 : copyHead(graph, bert, weights, hiddenSize, options);

        int headCount = options.headCount().orElse(bert.headCount(hiddenSize));
        if (headCount == 0 || hiddenSize % headCount != 0) {
            throw new ModelFormatException(
                    graph.file(),
                    "",
                    "a number of heads, from the graph or given, that divides the hidden size " + hiddenSize,
                    headCount == 0 ? "none" : Integer.toString(headCount));
        }
        config.put("hidden_size", hiddenSize);
        config.put("num_hidden_layers", layerCount);
        config.put("num_attention_heads", headCount);
        config.put("intermediate_size", intermediateSize);
        config.put("hidden_act", bert.hiddenActivation(layerCount));
        // The shortest decimal form of the float, not all digits of the double nearest to it.
        config.put("layer_norm_eps", Double.parseDouble(Float.toString(bert.layerNormEps())));
        if (!sentences) {
            putLabels(config, labelCount);
        }
        return config;
    }

    private static void putLabels(ObjectNode config, int labelCount) {
        ObjectNode labels = config.putObject("id2label");
        ObjectNode numbers = config.putObject("label2id");
        for (int i = 0; i < labelCount; i++) {
            labels.put(Integer.toString(i), "LABEL_" + i);
            numbers.put("LABEL_" + i, i);
        }
    }

    /** Pooler and classifier, each from the file or made up; gives the number of labels. */
    private static int copyHead(
            OnnxGraph graph, OnnxBert bert, SafetensorsFileWriter weights, int hiddenSize, Options options)
            throws ModelFormatException {
        OnnxBert beside = bert.head();
        if (bert.has("pooler.dense.bias")) {
            copyLinear(bert, "bert.", "pooler.dense", weights, hiddenSize, hiddenSize);
        } else {
            makeUp(graph, "bert.pooler.dense", weights, hiddenSize, hiddenSize, options);
        }
        if (beside.has("classifier.bias")) {
            int labelCount = dimension(beside.named("classifier.bias", 1), 0);
            copyLinear(beside, "", "classifier", weights, labelCount, hiddenSize);
            return labelCount;
        }
        makeUp(graph, "classifier", weights, options.labelCount(), hiddenSize, options);
        return options.labelCount();
    }

    private static void makeUp(
            OnnxGraph graph,
            String name,
            SafetensorsFileWriter weights,
            int outFeatures,
            int inFeatures,
            Options options)
            throws ModelFormatException {
        if (options.seed().isEmpty()) {
            throw new ModelFormatException(
                    graph.file(), name + ".bias", "a constant of this name, or a seed to make one up", "neither");
        }
        long seed = options.seed().getAsLong();
        String weight = name + ".weight";
        String bias = name + ".bias";
        weights.add(weight, SeededWeights.floats(weight, seed, outFeatures, inFeatures), outFeatures, inFeatures);
        weights.add(bias, SeededWeights.floats(bias, seed, outFeatures), outFeatures);
    }

    private static void copyLinear(
            OnnxBert bert, String prefix, String name, SafetensorsFileWriter weights, int outFeatures, int inFeatures)
            throws ModelFormatException {
        weights.add(prefix + name + ".weight", bert.weight(name, outFeatures, inFeatures), outFeatures, inFeatures);
        copyVector(bert, prefix, name + ".bias", weights, outFeatures);
    }

    private static void copyVectors(
            OnnxBert bert, String prefix, String name, SafetensorsFileWriter weights, int length)
            throws ModelFormatException {
        copyVector(bert, prefix, name + ".weight", weights, length);
        copyVector(bert, prefix, name + ".bias", weights, length);
    }

    private static void copyVector(OnnxBert bert, String prefix, String name, SafetensorsFileWriter weights, int length)
            throws ModelFormatException {
        OnnxTensor tensor = bert.named(name, 1);
        if (dimension(tensor, 0) != length) {
            throw new ModelFormatException(tensor.file(), tensor.name(), length + " elements", "" + tensor.shape());
        }
        weights.add(prefix + name, tensor.floats(), length);
    }

    private static int dimension(OnnxTensor tensor, int axis) throws ModelFormatException {
        long dimension = tensor.shape().get(axis);
        if (dimension < 1 || dimension > Integer.MAX_VALUE) {
            throw new ModelFormatException(tensor.file(), tensor.name(), "dimensions from 1 on", "" + tensor.shape());
        }
        return (int) dimension;
    }

    /** What tokenizer.json does not say, and the flags that it does, where transformers looks for them. */
    private static ObjectNode tokenizerConfig(JsonValue tokenizer, int maxLength) throws ModelFormatException {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("tokenizer_class", "BertTokenizer");
        config.put("model_max_length", maxLength);
        config.put("unk_token", "[UNK]");
        config.put("sep_token", "[SEP]");
        config.put("pad_token", "[PAD]");
        config.put("cls_token", "[CLS]");
        config.put("mask_token", "[MASK]");
        JsonValue normalizer = tokenizer.findNonNull("normalizer").orElse(null);
        if (normalizer != null) {
            copyFlag(normalizer, "lowercase", config, "do_lower_case");
            copyFlag(normalizer, "handle_chinese_chars", config, "tokenize_chinese_chars");
            copyFlag(normalizer, "strip_accents", config, "strip_accents");
        }
        return config;
    }

    private static void copyFlag(JsonValue from, String flag, ObjectNode config, String key)
            throws ModelFormatException {
        Optional<JsonValue> value = from.findNonNull(flag);
        if (value.isPresent()) {
            config.put(key, value.get().bool());
        }
    }

    static void write(Path file, JsonNode json) throws IOException {
        Files.write(file, (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void requireFile(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": expected a file, found a directory");
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                if (files.iterator().hasNext()) {
                    throw new FileAlreadyExistsException(directory + " has files already");
                }
            }
        } else if (Files.exists(directory)) {
            throw new FileAlreadyExistsException(directory + " is a file");
        }
    }

    private static void deleteAfter(Throwable failure, Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isDirectory(file)) {
                    deleteAfter(failure, file);
                } else {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
