package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a saved cross-encoder says about itself, in each of the layouts that sentence-transformers has written.
 *
 * <table>
 * <caption>Layouts</caption>
 * <tr><th>version</th><th>activation in</th></tr>
 * <tr><td>before 4</td><td>config.json, {@code sbert_ce_default_activation_function}</td></tr>
 * <tr><td>4 to 5.3</td><td>config.json, {@code sentence_transformers.activation_fn}</td></tr>
 * <tr><td>5.4 and later</td><td>config_sentence_transformers.json, {@code activation_fn}, with modules.json</td></tr>
 * </table>
 *
 * <p>Follows {@code CrossEncoder} and {@code BaseModel._load_modules} of sentence_transformers 6.0.1
 * (cross_encoder/model.py, base/model.py): config_sentence_transformers.json counts only beside a modules.json and with the
 * model_type CrossEncoder.
 */
public final class ConfigLoader {
    static final String CONFIG = "config.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    /** Longest of these files: a config.json has about a kilobyte, and 50 bytes more for each label with a name of its own. */
    static final int MAX_BYTES = 4 << 20;

    private ConfigLoader() {}

    /**
     * Reads a model's configuration.
     *
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws java.io.FileNotFoundException if the model has no config.json
     */
    public static ModelConfig load(ModelFiles files) throws IOException {
        return read(files).config();
    }

    /** A model's configuration, with the files that its tokenizer has to be asked about too. */
    static SavedConfig read(ModelFiles files) throws IOException {
        SavedModules modules = SavedModules.read(files);
        ModelFiles transformerFiles = modules.transformerFiles();
        refuseAdapter(transformerFiles);
        JsonValue config = read(transformerFiles, CONFIG);
        BertConfigJson bert = BertConfigJson.read(config);

        Optional<ScoreActivation> activation = Optional.empty();
        if (modules.activation().isPresent()) {
            activation = named(modules.activation().get());
        }
        if (activation.isEmpty()) {
            activation = activationInConfig(config);
        }
        Optional<JsonValue> tokenizerConfig = tokenizerConfig(transformerFiles);
        ModelConfig all = new ModelConfig(
                bert.bert(),
                activation.orElse(bert.labels().size() == 1 ? ScoreActivation.SIGMOID : ScoreActivation.IDENTITY),
                bert.labels(),
                maxLength(modules.maxLength(), tokenizerConfig, bert.bert().maxPositionEmbeddings()),
                modules.prompts(),
                modules.defaultPrompt(),
                transformerFiles,
                Calibration.read(files, bert.labels().size()));
        return new SavedConfig(all, config, tokenizerConfig);
    }

    static void refuseAdapter(ModelFiles transformerFiles) throws IOException {
        if (transformerFiles.has("adapter_config.json")) {
            throw new ModelFormatException(
                    transformerFiles.describe("adapter_config.json"),
                    "",
                    "a whole model",
                    "an adapter, which must be merged into its model first");
        }
    }

    static Optional<JsonValue> tokenizerConfig(ModelFiles transformerFiles) throws IOException {
        return transformerFiles.has(TOKENIZER_CONFIG)
                ? Optional.of(read(transformerFiles, TOKENIZER_CONFIG, TokenizerLimits.MAX_BYTES))
                : Optional.empty();
    }

    static JsonValue read(ModelFiles files, String name) throws IOException {
        return read(files, name, MAX_BYTES);
    }

    static JsonValue read(ModelFiles files, String name, int maxBytes) throws IOException {
        return JsonValue.parse(files.read(name, maxBytes), files.describe(name));
    }

    /** {@code CrossEncoder.get_default_activation_fn}: a newer key hides the older one, even with null as its value. */
    private static Optional<ScoreActivation> activationInConfig(JsonValue config) throws ModelFormatException {
        JsonValue newer = config.findNonNull("sentence_transformers").orElse(null);
        Optional<JsonValue> name = newer == null ? Optional.empty() : newer.find("activation_fn");
        if (name.isEmpty()) {
            name = config.find("sbert_ce_default_activation_function");
        }
        name = name.filter(value -> !value.isNull());
        return name.isPresent() ? named(name.get()) : Optional.empty();
    }

    /**
     * An activation by its name in PyTorch. As in the reference, a name from elsewhere gives a warning and the default. The
     * reference would load any other class of PyTorch; here it is refused, since the scores would be others.
     */
    private static Optional<ScoreActivation> named(JsonValue name) throws ModelFormatException {
        String path = name.string();
        switch (path) {
            case "torch.nn.modules.linear.Identity", "torch.nn.modules.Identity", "torch.nn.Identity" -> {
                return Optional.of(ScoreActivation.IDENTITY);
            }
            case "torch.nn.modules.activation.Sigmoid", "torch.nn.modules.Sigmoid", "torch.nn.Sigmoid" -> {
                return Optional.of(ScoreActivation.SIGMOID);
            }
            default -> {
                if (path.startsWith("torch.")) {
                    throw name.error("a supported activation, which are torch.nn.modules.linear.Identity and"
                            + " torch.nn.modules.activation.Sigmoid");
                }
                // The exception words it, escapes included; it is not thrown. Loggers take long to set up: only now.
                System.getLogger(ConfigLoader.class.getName())
                        .log(
                                Level.WARNING,
                                "The default activation is used instead: "
                                        + name.error("an activation of PyTorch").getMessage());
                return Optional.empty();
            }
        }
    }

    /**
     * The limit on a pair's tokens: the tokenizer's, unless sentence_bert_config.json has one, and never more than the model
     * has positions. A tokenizer without a limit has 10<sup>30</sup> or none at all (transformers 5.18,
     * tokenization_utils_base.py, {@code VERY_LARGE_INTEGER}); max_len is what model_max_length was called before.
     */
    static int maxLength(Optional<JsonValue> saved, Optional<JsonValue> tokenizerConfig, int positions)
            throws ModelFormatException {
        JsonValue limit = saved.orElse(null);
        if (limit == null && tokenizerConfig.isPresent()) {
            Optional<JsonValue> found = tokenizerConfig.get().find("model_max_length");
            limit = (found.isPresent() ? found : tokenizerConfig.get().find("max_len"))
                    .filter(value -> !value.isNull())
                    .orElse(null);
        }
        if (limit == null) {
            return positions;
        }
        double value = limit.number();
        if (value < 1 || value != Math.rint(value)) {
            throw limit.error("a whole number of at least 1");
        }
        return (int) Math.min(value, positions);
    }

    /** Null values are empty texts, as in {@code BaseModel._validate_prompts}. */
    static Map<String, String> prompts(JsonValue prompts) throws ModelFormatException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonValue> prompt : prompts.members().entrySet()) {
            texts.put(
                    prompt.getKey(),
                    prompt.getValue().isNull() ? "" : prompt.getValue().string());
        }
        return texts;
    }
}
