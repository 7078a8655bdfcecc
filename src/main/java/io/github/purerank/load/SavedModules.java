package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files that sentence-transformers 5.4 and later put round a model: modules.json, config_sentence_transformers.json and
 * sentence_bert_config.json. A model without them is a transformer alone, in the model's folder.
 *
 * <p>Follows {@code BaseModel._load_modules} and {@code Transformer.load} of sentence_transformers 6.0.1 (base/model.py,
 * base/modules/transformer.py).
 *
 * @param transformerFiles where the transformer's files are
 * @param activation the value of activation_fn, unless null
 * @param maxLength the limit on tokens that replaces the tokenizer's, unless null
 * @param prompts texts to put before a pair's first text, by name
 * @param defaultPrompt the name of the one that is used by default
 */
record SavedModules(
        ModelFiles transformerFiles,
        Optional<JsonValue> activation,
        Optional<JsonValue> maxLength,
        Map<String, String> prompts,
        Optional<String> defaultPrompt) {
    static final String MODULES = "modules.json";
    static final String CONFIG = "config_sentence_transformers.json";
    private static final String CROSS_ENCODER = "CrossEncoder";

    /** The names that the class {@code Transformer} has had; the class is known, not loaded. */
    static final Set<String> TRANSFORMERS = Set.of(
            "sentence_transformers.base.modules.transformer.Transformer",
            "sentence_transformers.base.modules.Transformer",
            "sentence_transformers.cross_encoder.modules.Transformer",
            "sentence_transformers.models.Transformer",
            "sentence_transformers.models.Transformer.Transformer");

    static SavedModules read(ModelFiles files) throws IOException {
        SavedModules bare = new SavedModules(files, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        if (!files.has(MODULES) || !isCrossEncoder(files)) {
            // With modules it is an embedding model: the reference takes its transformer alone and leaves the rest, and
            // so do we.
            return bare;
        }
        JsonValue config = ConfigLoader.read(files, CONFIG);
        Map<String, String> prompts = new LinkedHashMap<>();
        Optional<JsonValue> savedPrompts = config.findNonNull("prompts");
        if (savedPrompts.isPresent()) {
            prompts = ConfigLoader.prompts(savedPrompts.get());
        }
        Optional<JsonValue> name = config.findNonNull("default_prompt_name");
        if (name.isPresent() && !prompts.containsKey(name.get().string())) {
            throw name.get().error("the name of a prompt, which are " + prompts.keySet());
        }
        ModelFiles transformerFiles = transformerFiles(files);
        return new SavedModules(
                transformerFiles,
                config.findNonNull("activation_fn"),
                TransformerOptions.ofClassifier(transformerFiles).maxLength(),
                prompts,
                name.isPresent() ? Optional.of(name.get().string()) : Optional.empty());
    }

    /** Whether {@value #CONFIG} says that the modules are a cross-encoder's. */
    static boolean isCrossEncoder(ModelFiles files) throws IOException {
        if (!files.has(CONFIG)) {
            return false;
        }
        Optional<JsonValue> type = ConfigLoader.read(files, CONFIG).findNonNull("model_type");
        return type.isPresent() && type.get().string().equals(CROSS_ENCODER);
    }

    /** One module, a transformer: a list with others, such as a Dense after it, is refused. */
    private static ModelFiles transformerFiles(ModelFiles files) throws IOException {
        JsonValue list = ConfigLoader.read(files, MODULES);
        List<JsonValue> modules = list.elements();
        if (modules.isEmpty()) {
            throw new ModelFormatException(list.file(), "", "one module", "none");
        }
        for (JsonValue module : modules) {
            JsonValue type = module.get("type");
            if (!TRANSFORMERS.contains(type.string())) {
                throw type.error(
                        "the only supported module, sentence_transformers.base.modules.transformer.Transformer");
            }
        }
        if (modules.size() > 1) {
            throw new ModelFormatException(list.file(), "", "one module", Integer.toString(modules.size()));
        }
        String path = modules.get(0).get("path").string();
        return path.isEmpty() ? files : files.folder(path);
    }
}
