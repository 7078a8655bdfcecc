package io.github.purerank.load;

import io.github.purerank.Golden;
import io.github.purerank.cli.SeededWeights;
import io.github.purerank.format.DType;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsWriter;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.model.Architecture;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.CrossEncoderModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models that tests run: the one in the jar, and tiny ones of odd shapes whose weights come from a formula.
 *
 * @param golden what the reference computed with it
 * @param statesFile the golden file with its hidden states
 * @param files the model as it lies on disk
 */
public record TestModels(Golden golden, String statesFile, ModelFiles files) {
    @Override
    public String toString() {
        return golden.name();
    }

    /** The model in the jar, then the tiny ones. */
    public static List<TestModels> all() {
        List<TestModels> all = new ArrayList<>();
        all.add(defaultModel());
        all.addAll(tiny());
        return all;
    }

    /** The model in the jar. */
    public static TestModels defaultModel() {
        return new TestModels(
                Golden.defaultModel(),
                "default.safetensors",
                ModelFiles.inResources(Golden.class, "/io/github/purerank/default-model"));
    }

    /** The models in tiny.json. */
    public static List<TestModels> tiny() {
        try {
            List<TestModels> models = new ArrayList<>();
            for (JsonValue model : Golden.json("tiny.json").get("models").elements()) {
                Golden golden = new Golden(model.get("name").string(), Golden.inputs(model, "pairs"));
                models.add(new TestModels(golden, "tiny.safetensors", files(model)));
            }
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of the models in tiny.json. */
    public static TestModels tiny(String name) {
        return tiny().stream()
                .filter(model -> model.golden.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The network. */
    public CrossEncoderModel load(Kernels kernels) {
        return load(files, kernels);
    }

    /** The network in a model's folder. */
    public static CrossEncoderModel load(ModelFiles files, Kernels kernels) {
        try (Safetensors tensors = Safetensors.openModel(files)) {
            return BertWeights.read(tensors, ConfigLoader.load(files).bert(), kernels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All floating-point tensors under the names that transformers gives those of a BERT today. */
    public Map<String, float[]> weights() {
        Map<String, float[]> weights = new HashMap<>();
        try (Safetensors tensors = Safetensors.openModel(files)) {
            Architecture architecture = ConfigLoader.load(files).bert().architecture();
            Map<String, String> names = new HashMap<>();
            for (String bertName : shapes(ConfigLoader.load(files).bert()).keySet()) {
                String name = BertNames.in(architecture, bertName);
                names.put(name, name);
                names.put(name.substring(name.indexOf('.') + 1), name);
            }
            for (String saved : tensors.tensors().keySet()) {
                String name = saved.replace("LayerNorm.gamma", "LayerNorm.weight")
                        .replace("LayerNorm.beta", "LayerNorm.bias");
                weights.put(BertNames.from(architecture, names.get(name)), tensors.readAll(saved));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return weights;
    }

    /** A model as it lies on disk, from an entry of tiny.json: its config and the layout of its weights. */
    public static MemoryFiles files(JsonValue model) throws IOException {
        JsonValue layout = model.get("layout");
        int shards = (int) layout.get("shards").integer(1, 100);
        List<SafetensorsWriter> writers = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            writers.add(new SafetensorsWriter());
        }
        StringBuilder weightMap = new StringBuilder();
        Map<String, byte[]> files = new HashMap<>();
        byte[] config = text(model.get("config")).getBytes(StandardCharsets.UTF_8);
        files.put("config.json", config);
        BertConfig bert =
                BertConfigJson.read(JsonValue.parse(config, "config.json")).bert();
        int count = 0;
        for (Map.Entry<String, int[]> tensor : shapes(bert).entrySet()) {
            int shard = count++ % shards;
            String saved = add(
                    writers.get(shard),
                    layout,
                    bert.architecture(),
                    BertNames.in(bert.architecture(), tensor.getKey()),
                    tensor.getValue());
            weightMap.append(weightMap.isEmpty() ? "" : ",");
            weightMap
                    .append('"')
                    .append(saved)
                    .append("\":\"shard-")
                    .append(shard)
                    .append('"');
        }
        if (shards == 1) {
            files.put("model.safetensors", writers.get(0).toBytes());
        } else {
            String index = "{\"weight_map\":{" + weightMap + "}}";
            files.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < shards; i++) {
                files.put("shard-" + i, writers.get(i).toBytes());
            }
        }
        return new MemoryFiles(files);
    }

    /** Adds a tensor and gives the name that it has in the file. */
    private static String add(
            SafetensorsWriter writer, JsonValue layout, Architecture architecture, String name, int[] shape)
            throws ModelFormatException {
        String saved = name;
        String prefix = architecture.modelType() + ".";
        if (!layout.get("prefix").bool() && saved.startsWith(prefix)) {
            saved = saved.substring(prefix.length());
        }
        if (layout.get("old_names").bool()) {
            saved = saved.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        }
        long seed = layout.get("seed").integer(0, Long.MAX_VALUE);
        DType dtype = DType.valueOf(layout.get("dtype").string());
        long[] dimensions = shape.length == 1 ? new long[] {shape[0]} : new long[] {shape[0], shape[1]};
        if (dtype == DType.F64) {
            writer.add(saved, SeededWeights.doubles(name, seed, 48, shape), dimensions);
        } else {
            writer.add(saved, dtype, SeededWeights.floats(name, seed, shape), dimensions);
        }
        return saved;
    }

    /** The tensors of a classifier under their names in BERT, in the order in which make_reference.py saves them. */
    public static Map<String, int[]> shapes(BertConfig config) {
        int h = config.hiddenSize();
        int e = config.embeddingSize();
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("bert.embeddings.word_embeddings.weight", new int[] {config.vocabSize(), e});
        shapes.put("bert.embeddings.position_embeddings.weight", new int[] {config.maxPositionEmbeddings(), e});
        if (config.typeVocabSize() > 0) {
            shapes.put("bert.embeddings.token_type_embeddings.weight", new int[] {config.typeVocabSize(), e});
        }
        norm(shapes, "bert.embeddings.LayerNorm", e);
        if (e != h) {
            linear(shapes, "bert.embeddings_project", h, e);
        }
        for (int l = 0; l < config.layerCount(); l++) {
            String layer = "bert.encoder.layer." + l + ".";
            for (String part : List.of("query", "key", "value")) {
                linear(shapes, layer + "attention.self." + part, h, h);
            }
            linear(shapes, layer + "attention.output.dense", h, h);
            norm(shapes, layer + "attention.output.LayerNorm", h);
            linear(shapes, layer + "intermediate.dense", config.intermediateSize(), h);
            linear(shapes, layer + "output.dense", h, config.intermediateSize());
            norm(shapes, layer + "output.LayerNorm", h);
        }
        linear(shapes, "bert.pooler.dense", h, h);
        linear(shapes, "classifier", config.labelCount(), h);
        return shapes;
    }

    private static void linear(Map<String, int[]> shapes, String name, int outputs, int inputs) {
        shapes.put(name + ".weight", new int[] {outputs, inputs});
        shapes.put(name + ".bias", new int[] {outputs});
    }

    private static void norm(Map<String, int[]> shapes, String name, int hiddenSize) {
        shapes.put(name + ".weight", new int[] {hiddenSize});
        shapes.put(name + ".bias", new int[] {hiddenSize});
    }

    /** A JSON value as text again. */
    private static String text(JsonValue value) throws ModelFormatException {
        if (value.isObject()) {
            List<String> members = new ArrayList<>();
            for (Map.Entry<String, JsonValue> member : value.members().entrySet()) {
                members.add('"' + member.getKey() + "\":" + text(member.getValue()));
            }
            return "{" + String.join(",", members) + "}";
        }
        if (value.isList()) {
            List<String> elements = new ArrayList<>();
            for (JsonValue element : value.elements()) {
                elements.add(text(element));
            }
            return "[" + String.join(",", elements) + "]";
        }
        if (value.isString()) {
            return '"' + value.string() + '"';
        }
        double number = value.number();
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
