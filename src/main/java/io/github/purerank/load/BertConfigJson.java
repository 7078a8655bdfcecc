package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.HiddenActivation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * config.json of a BERT with a classifier, as {@code BertConfig} and {@code PreTrainedConfig} of transformers 5.18 read it
 * (models/bert/configuration_bert.py, configuration_utils.py), defaults included.
 *
 * <p>An option that would change the scores and is not supported is refused by its name. Options for training, for decoding
 * and for the shape of the output are passed over.
 */
record BertConfigJson(BertConfig bert, List<String> labels) {
    private static final String ARCHITECTURE = "BertForSequenceClassification";

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
        requireBert(config);
        refuseUnsupported(config);
        List<String> labels = labels(config);

        int vocabSize = size(config, "vocab_size", 30_522, MAX_VOCAB_SIZE);
        int hiddenSize = size(config, "hidden_size", 768, MAX_HIDDEN_SIZE);
        int headCount = size(config, "num_attention_heads", 12, MAX_HIDDEN_SIZE);
        int intermediateSize = size(config, "intermediate_size", 3_072, MAX_INTERMEDIATE_SIZE);
        int maxPositions = size(config, "max_position_embeddings", 512, MAX_POSITIONS);
        if (hiddenSize % headCount != 0) {
            throw new ModelFormatException(
                    config.file(),
                    "/num_attention_heads",
                    "a divisor of hidden_size " + hiddenSize,
                    Integer.toString(headCount));
        }
        // The queries', keys' and values' weights are one array, whose parts may be padded by a few dozen rows.
        if (3L * hiddenSize * (hiddenSize + 64) > MAX_ELEMENTS) {
            throw new ModelFormatException(
                    config.file(),
                    "/hidden_size",
                    "a size whose queries, keys and values take at most " + MAX_ELEMENTS + " weights",
                    Integer.toString(hiddenSize));
        }
        requireArray(config, "/vocab_size", vocabSize, hiddenSize);
        requireArray(config, "/intermediate_size", intermediateSize, hiddenSize);
        requireArray(config, "/max_position_embeddings", maxPositions, hiddenSize);
        BertConfig bert = new BertConfig(
                vocabSize,
                hiddenSize,
                size(config, "num_hidden_layers", 12, MAX_LAYERS),
                headCount,
                intermediateSize,
                hiddenActivation(config),
                maxPositions,
                size(config, "type_vocab_size", 2, MAX_TOKEN_TYPES),
                layerNormEps(config),
                labels.size());
        return new BertConfigJson(bert, labels);
    }

    private static void requireBert(JsonValue config) throws ModelFormatException {
        JsonValue type = config.findNonNull("model_type").orElse(null);
        if (type != null && !type.string().equals("bert")) {
            throw type.error("a supported model_type, which is \"bert\"");
        }
        if (hasArchitecture(config)) {
            JsonValue architectures = config.get("architectures");
            for (JsonValue architecture : architectures.elements()) {
                if (architecture.string().equals(ARCHITECTURE)) {
                    return;
                }
            }
            List<JsonValue> names = architectures.elements();
            throw (names.isEmpty() ? architectures : names.get(0))
                    .error("a supported architecture, which is \"" + ARCHITECTURE + "\"");
        }
        if (type == null) {
            throw new ModelFormatException(
                    config.file(), "", "model_type \"bert\" or the architecture \"" + ARCHITECTURE + "\"", "neither");
        }
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

    private static HiddenActivation hiddenActivation(JsonValue config) throws ModelFormatException {
        JsonValue name = config.find("hidden_act").orElse(null);
        if (name == null) {
            return HiddenActivation.GELU;
        }
        return switch (name.string()) {
            case "gelu" -> HiddenActivation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> HiddenActivation.GELU_TANH;
            case "relu" -> HiddenActivation.RELU;
            default -> throw name.error("a supported hidden_act, which are gelu, gelu_new, gelu_pytorch_tanh and relu");
        };
    }

    private static float layerNormEps(JsonValue config) throws ModelFormatException {
        JsonValue eps = config.find("layer_norm_eps").orElse(null);
        if (eps == null) {
            return 1e-12f;
        }
        float value = (float) eps.number();
        if (!(value >= Float.MIN_NORMAL && value <= 0.1f)) {
            throw eps.error("a number from " + Float.MIN_NORMAL + " to 0.1");
        }
        return value;
    }

    private static int size(JsonValue config, String key, int otherwise, int max) throws ModelFormatException {
        JsonValue value = config.find(key).orElse(null);
        return value == null ? otherwise : (int) value.integer(1, max);
    }

    private static void requireArray(JsonValue config, String pointer, long rows, long columns)
            throws ModelFormatException {
        if (rows * columns > MAX_ELEMENTS) {
            throw new ModelFormatException(
                    config.file(),
                    pointer,
                    "at most " + MAX_ELEMENTS / columns + " with a hidden_size of " + columns,
                    Long.toString(rows));
        }
    }
}
