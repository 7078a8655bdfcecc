package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * sentence_bert_config.json: how sentence-transformers calls the transformer of a model.
 *
 * <p>Follows {@code Transformer.load} of sentence_transformers 6.0.1 (base/modules/transformer.py).
 *
 * @param maxLength the limit on tokens that replaces the tokenizer's, unless null
 * @param lowercasesFirst whether texts are lower-cased before the tokenizer sees them
 */
record TransformerOptions(Optional<JsonValue> maxLength, boolean lowercasesFirst) {
    /** The names that the file has had; the first that is there counts. */
    private static final List<String> NAMES = List.of(
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_distilbert_config.json",
            "sentence_camembert_config.json",
            "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json",
            "sentence_xlnet_config.json");

    /** What only says how PyTorch should hold the weights or run the network. */
    private static final Set<String> HARMLESS_MODEL_ARGUMENTS = Set.of(
            "attn_implementation", "device_map", "dtype", "low_cpu_mem_usage", "torch_dtype", "trust_remote_code");

    /**
     * The options of a classifier.
     *
     * @throws ModelFormatException if the file asks for something that is not supported
     */
    static TransformerOptions ofClassifier(ModelFiles files) throws IOException {
        JsonValue config = ConfigLoader.read(files, NAMES.get(0));
        requireOnlyValue(config.get("transformer_task"), "transformer_task", "sequence-classification");
        requireOnlyValue(config, "module_output_name", "scores");
        Optional<JsonValue> lowerCase = config.findNonNull("do_lower_case");
        if (lowerCase.isPresent() && lowerCase.get().bool()) {
            throw lowerCase.get().error("false, as lower-casing is left to the tokenizer's own configuration");
        }
        return new TransformerOptions(maxLength(config), false);
    }

    /** The same of an encoder of sentences; a model without such a file has no options. */
    static TransformerOptions ofEncoder(ModelFiles files) throws IOException {
        for (String name : NAMES) {
            if (files.has(name)) {
                JsonValue config = ConfigLoader.read(files, name);
                requireOnlyValue(config, "transformer_task", "feature-extraction");
                requireOnlyValue(config, "module_output_name", "token_embeddings");
                requireTextAlone(config.findNonNull("modality_config"));
                Optional<JsonValue> lowerCase = config.findNonNull("do_lower_case");
                return new TransformerOptions(
                        maxLength(config),
                        lowerCase.isPresent() && lowerCase.get().bool());
            }
        }
        return new TransformerOptions(Optional.empty(), false);
    }

    /** What is taken from the network must be its last layer, of texts. */
    private static void requireTextAlone(Optional<JsonValue> modalities) throws ModelFormatException {
        if (modalities.isPresent()) {
            modalities.get().onlyKeys("text");
            JsonValue text = modalities.get().get("text");
            requireOnlyValue(text.get("method"), "method", "forward");
            requireOnlyValue(text.get("method_output_name"), "method_output_name", "last_hidden_state");
        }
    }

    private static void requireOnlyValue(JsonValue holder, String key, String supported) throws ModelFormatException {
        Optional<JsonValue> value = holder.isObject() ? holder.findNonNull(key) : Optional.of(holder);
        if (value.isPresent() && !value.get().string().equals(supported)) {
            throw value.get().error("the only supported " + key + ", \"" + supported + "\"");
        }
    }

    private static Optional<JsonValue> maxLength(JsonValue config) throws ModelFormatException {
        for (String key : List.of("query_length", "document_length", "query_expansion", "tokenizer_name_or_path")) {
            Optional<JsonValue> value = config.findNonNull(key);
            if (value.isPresent()) {
                throw value.get().error("no " + key + ", which is not supported");
            }
        }
        requireOnly(config, "processing_kwargs", Set.of());
        for (String key : List.of("config_kwargs", "config_args")) {
            requireOnly(config, key, Set.of("trust_remote_code"));
        }
        for (String key : List.of("model_kwargs", "model_args")) {
            requireOnly(config, key, HARMLESS_MODEL_ARGUMENTS);
        }
        Optional<JsonValue> maxLength = config.findNonNull("max_seq_length");
        for (String key : List.of("processor_kwargs", "tokenizer_args")) {
            requireOnly(config, key, Set.of("model_max_length", "trust_remote_code"));
            Optional<JsonValue> arguments = config.findNonNull(key);
            if (arguments.isPresent()
                    && arguments.get().findNonNull("model_max_length").isPresent()) {
                maxLength = arguments.get().findNonNull("model_max_length");
            }
        }
        return maxLength;
    }

    private static void requireOnly(JsonValue config, String key, Set<String> known) throws ModelFormatException {
        Optional<JsonValue> arguments = config.findNonNull(key);
        if (arguments.isPresent()) {
            arguments.get().onlyKeys(known.toArray(String[]::new));
        }
    }
}
