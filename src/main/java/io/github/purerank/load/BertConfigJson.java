package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.Architecture;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.HiddenActivation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * config.json of a classifier of BERT's family, as {@code BertConfig}, {@code DistilBertConfig}, {@code ElectraConfig} and
 * {@code PreTrainedConfig} of transformers 5.18 read it (models/.../configuration_....py, configuration_utils.py), defaults
 * included.
 *
 * <p>An option that would change the scores and is not supported is refused by its name. Options for training, for decoding
 * and for the shape of the output are passed over, and so are those that the classifier does not look at: summary_type and
 * its like of ELECTRA, sinusoidal_pos_embds of DistilBERT, whose positions are among the weights either way.
 */
record BertConfigJson(BertConfig bert, List<String> labels) {
    // Limits: several times the largest BERT known, small enough that no product of two overflows a long.
    static final int MAX_VOCAB_SIZE = 10_000_000;
    static final int MAX_HIDDEN_SIZE = 65_536;
    static final int MAX_LAYERS = 1_024;
    static final int MAX_INTERMEDIATE_SIZE = 1_048_576;
    static final int MAX_POSITIONS = 1_048_576;
    static final int MAX_TOKEN_TYPES = 1_024;
    static final int MAX_LABELS = 65_536;

    /** Each weight matrix becomes one float array. */
    private static final long MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    static BertConfigJson read(JsonValue config) throws ModelFormatException {
        return read(config, architecture(config), labels(config));
    }

    /**
     * The network without a head, whatever head the file says it has. As in the reference the model_type alone counts; where an old
     * file has none, the beginning of what it calls its architecture does.
     */
    static BertConfig readEncoder(JsonValue config) throws ModelFormatException {
        return read(config, encoderArchitecture(config), numberedLabels(1)).bert();
    }

    private static BertConfigJson read(JsonValue config, Architecture architecture, List<String> labels)
            throws ModelFormatException {
        refuseUnsupported(config);
        BertConfig defaults = defaults(architecture);
        boolean distilbert = architecture == Architecture.DISTILBERT;

        // DistilBERT has names of its own for the sizes; the others' are understood there too, and go first.
        String hiddenKey = distilbert ? present(config, "hidden_size", "dim") : "hidden_size";
        String headsKey = distilbert ? present(config, "num_attention_heads", "n_heads") : "num_attention_heads";
        String layersKey = distilbert ? present(config, "num_hidden_layers", "n_layers") : "num_hidden_layers";
        String intermediateKey = distilbert ? "hidden_dim" : "intermediate_size";
        String embeddingKey = architecture.mayProject() ? "embedding_size" : hiddenKey;

        int vocabSize = size(config, "vocab_size", defaults.vocabSize(), MAX_VOCAB_SIZE);
        int embeddingSize = size(config, embeddingKey, defaults.embeddingSize(), MAX_HIDDEN_SIZE);
        int hiddenSize = size(config, hiddenKey, defaults.hiddenSize(), MAX_HIDDEN_SIZE);
        int headCount = size(config, headsKey, defaults.headCount(), MAX_HIDDEN_SIZE);
        int intermediateSize = size(config, intermediateKey, defaults.intermediateSize(), MAX_INTERMEDIATE_SIZE);
        int maxPositions = size(config, "max_position_embeddings", defaults.maxPositionEmbeddings(), MAX_POSITIONS);
        if (hiddenSize % headCount != 0) {
            throw new ModelFormatException(
                    config.file(),
                    "/" + headsKey,
                    "a divisor of " + hiddenKey + " " + hiddenSize,
                    Integer.toString(headCount));
        }
        // The queries', keys' and values' weights are one array, whose parts may be padded by a few dozen rows.
        if (3L * hiddenSize * (hiddenSize + 64) > MAX_ELEMENTS) {
            throw new ModelFormatException(
                    config.file(),
                    "/" + hiddenKey,
                    "a size whose queries, keys and values take at most " + MAX_ELEMENTS + " weights",
                    Integer.toString(hiddenSize));
        }
        requireArray(config, "vocab_size", vocabSize, embeddingKey, embeddingSize);
        requireArray(config, "max_position_embeddings", maxPositions, embeddingKey, embeddingSize);
        requireArray(config, embeddingKey, embeddingSize, hiddenKey, hiddenSize);
        requireArray(config, intermediateKey, intermediateSize, hiddenKey, hiddenSize);
        BertConfig bert = new BertConfig(
                architecture,
                vocabSize,
                embeddingSize,
                hiddenSize,
                size(config, layersKey, defaults.layerCount(), MAX_LAYERS),
                headCount,
                intermediateSize,
                hiddenActivation(config, distilbert ? "activation" : "hidden_act"),
                maxPositions,
                distilbert ? 0 : size(config, "type_vocab_size", defaults.typeVocabSize(), MAX_TOKEN_TYPES),
                distilbert ? defaults.layerNormEps() : layerNormEps(config, defaults.layerNormEps()),
                labels.size());
        return new BertConfigJson(bert, labels);
    }

    /** What transformers assumes of sizes that are not there. */
    private static BertConfig defaults(Architecture architecture) {
        HiddenActivation gelu = HiddenActivation.GELU;
        return switch (architecture) {
            case BERT -> new BertConfig(30_522, 768, 12, 12, 3_072, gelu, 512, 2, 1e-12f, 2);
            case DISTILBERT -> new BertConfig(architecture, 30_522, 768, 768, 6, 12, 3_072, gelu, 512, 0, 1e-12f, 2);
            case ELECTRA -> new BertConfig(architecture, 30_522, 128, 256, 12, 4, 1_024, gelu, 512, 2, 1e-12f, 2);
        };
    }

    /**
     * By model_type, which is what the reference goes by, and architectures, which must agree. Either may be absent: then the
     * other is enough.
     */
    private static Architecture architecture(JsonValue config) throws ModelFormatException {
        JsonValue type = config.findNonNull("model_type").orElse(null);
        JsonValue list = config.findNonNull("architectures").orElse(null);
        if (type == null && list == null) {
            throw new ModelFormatException(
                    config.file(), "", "a model_type, or architectures with one of " + supported(), "neither");
        }
        List<Architecture> listed = list == null ? List.of() : supportedIn(list);
        if (type == null) {
            return listed.get(0);
        }
        for (Architecture architecture : Architecture.values()) {
            if (architecture.modelType().equals(type.string())) {
                if (list != null && !listed.contains(architecture)) {
                    throw list.elements()
                            .get(0)
                            .error(architecture.className() + ", as the model_type is " + type.string());
                }
                return architecture;
            }
        }
        throw type.error("a supported model_type, which are bert, distilbert and electra (" + supported() + ")");
    }

    private static Architecture encoderArchitecture(JsonValue config) throws ModelFormatException {
        JsonValue type = config.findNonNull("model_type").orElse(null);
        JsonValue list = config.findNonNull("architectures").orElse(null);
        if (type == null && (list == null || list.elements().isEmpty())) {
            throw new ModelFormatException(config.file(), "", "a model_type, or architectures", "neither");
        }
        JsonValue name = type == null ? list.elements().get(0) : type;
        for (Architecture architecture : Architecture.values()) {
            String className = architecture.className();
            String family = className.substring(0, className.indexOf("For"));
            boolean same = type == null
                    ? name.string().startsWith(family + "For") || name.string().equals(family + "Model")
                    : name.string().equals(architecture.modelType());
            if (same) {
                return architecture;
            }
        }
        throw name.error("a supported model_type, which are bert, distilbert and electra");
    }

    /** At least one. */
    private static List<Architecture> supportedIn(JsonValue list) throws ModelFormatException {
        List<Architecture> supported = new ArrayList<>();
        for (JsonValue name : list.elements()) {
            for (Architecture architecture : Architecture.values()) {
                if (architecture.className().equals(name.string())) {
                    supported.add(architecture);
                }
            }
        }
        if (supported.isEmpty()) {
            JsonValue place = list.elements().isEmpty() ? list : list.elements().get(0);
            throw place.error("a supported architecture, which are " + supported());
        }
        return supported;
    }

    private static String supported() {
        return Architecture.BERT.className() + ", " + Architecture.DISTILBERT.className() + " and "
                + Architecture.ELECTRA.className();
    }

    private static boolean hasArchitecture(JsonValue config) throws ModelFormatException {
        return config.findNonNull("architectures").isPresent();
    }

    private static void refuseUnsupported(JsonValue config) throws ModelFormatException {
        for (String flag : List.of("is_decoder", "add_cross_attention", "is_encoder_decoder", "tie_encoder_decoder")) {
            JsonValue value = config.findNonNull(flag).orElse(null);
            if (value != null && value.bool()) {
                throw value.error("false, as decoders are not supported");
            }
        }
        JsonValue position = config.findNonNull("position_embedding_type").orElse(null);
        if (position != null && !position.string().equals("absolute")) {
            throw position.error("a supported position_embedding_type, which is \"absolute\"");
        }
        JsonValue quantization = config.findNonNull("quantization_config").orElse(null);
        if (quantization != null) {
            throw quantization.error("no quantization_config, as quantised weights are not supported");
        }
        JsonValue pruned = config.findNonNull("pruned_heads").orElse(null);
        if (pruned != null && !pruned.members().isEmpty()) {
            throw pruned.error("no pruned_heads, as layers must all have the same heads");
        }
        JsonValue code = config.findNonNull("auto_map").orElse(null);
        if (code != null) {
            throw code.error("no auto_map, as models with code of their own are not supported");
        }
    }

    /**
     * The labels' names. As in the reference num_labels is what counts, then id2label, then two labels; a model saved without
     * architectures has one (sentence_transformers 6.0.1, base/modules/transformer.py).
     */
    private static List<String> labels(JsonValue config) throws ModelFormatException {
        JsonValue names = config.findNonNull("id2label").orElse(null);
        JsonValue number = config.findNonNull("num_labels").orElse(null);
        int named = names == null ? -1 : names.members().size();
        if (!hasArchitecture(config)) {
            return named == 1 ? namedLabels(names) : numberedLabels(1);
        }
        int count = named;
        if (number != null) {
            count = (int) number.integer(1, MAX_LABELS);
        } else if (names == null) {
            count = 2;
        } else if (named < 1 || named > MAX_LABELS) {
            throw new ModelFormatException(
                    names.file(), names.pointer(), "1 to " + MAX_LABELS + " labels", Integer.toString(named));
        }
        return count == named ? namedLabels(names) : numberedLabels(count);
    }

    private static List<String> numberedLabels(int count) {
        List<String> labels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            labels.add("LABEL_" + i);
        }
        return labels;
    }

    /** Keys are the labels' numbers as strings, in any order. */
    private static List<String> namedLabels(JsonValue id2label) throws ModelFormatException {
        Map<String, String> byNumber = new LinkedHashMap<>();
        for (Map.Entry<String, JsonValue> entry : id2label.members().entrySet()) {
            byNumber.put(entry.getKey(), entry.getValue().string());
        }
        List<String> labels = new ArrayList<>(byNumber.size());
        for (int i = 0; i < byNumber.size(); i++) {
            String label = byNumber.get(Integer.toString(i));
            if (label == null) {
                throw new ModelFormatException(
                        id2label.file(),
                        id2label.pointer(),
                        "the keys \"0\" to \"" + (byNumber.size() - 1) + "\"",
                        "no \"" + i + "\"");
            }
            labels.add(label);
        }
        return labels;
    }

    private static HiddenActivation hiddenActivation(JsonValue config, String key) throws ModelFormatException {
        JsonValue name = config.find(key).orElse(null);
        if (name == null) {
            return HiddenActivation.GELU;
        }
        return switch (name.string()) {
            case "gelu" -> HiddenActivation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> HiddenActivation.GELU_TANH;
            case "relu" -> HiddenActivation.RELU;
            default ->
                throw name.error("a supported " + key + ", which are gelu, gelu_new, gelu_pytorch_tanh and relu");
        };
    }

    private static float layerNormEps(JsonValue config, float otherwise) throws ModelFormatException {
        JsonValue eps = config.find("layer_norm_eps").orElse(null);
        if (eps == null) {
            return otherwise;
        }
        float value = (float) eps.number();
        if (!(value >= Float.MIN_NORMAL && value <= 0.1f)) {
            throw eps.error("a number from " + Float.MIN_NORMAL + " to 0.1");
        }
        return value;
    }

    /** The first key if the configuration has it, else the second. */
    private static String present(JsonValue config, String first, String second) throws ModelFormatException {
        return config.find(first).isPresent() ? first : second;
    }

    private static int size(JsonValue config, String key, int otherwise, int max) throws ModelFormatException {
        JsonValue value = config.find(key).orElse(null);
        return value == null ? otherwise : (int) value.integer(1, max);
    }

    private static void requireArray(JsonValue config, String rowsKey, long rows, String columnsKey, long columns)
            throws ModelFormatException {
        if (rows * columns > MAX_ELEMENTS) {
            throw new ModelFormatException(
                    config.file(),
                    "/" + rowsKey,
                    "at most " + MAX_ELEMENTS / columns + " with a " + columnsKey + " of " + columns,
                    Long.toString(rows));
        }
    }
}
