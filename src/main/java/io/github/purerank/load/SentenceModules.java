package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.Pooling;
import io.github.purerank.model.PoolingMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * modules.json of a sentence encoder: a transformer, a pooling, and any number of dense layers and normalisations. A folder without
 * it is a transformer whose token vectors are averaged.
 *
 * <p>Follows {@code SentenceTransformer} of sentence_transformers 6.0.1 (sentence_transformer/model.py, base/model.py).
 *
 * @param transformerFiles where the transformer's files are
 * @param pooling how the vectors of tokens become one; empty for their mean
 * @param poolingDimension the length of a token's vector that the pooling was saved for
 * @param steps what follows it
 */
record SentenceModules(
        ModelFiles transformerFiles,
        Optional<Pooling> pooling,
        Optional<JsonValue> poolingDimension,
        List<Step> steps) {
    /** Most modules: the reference's own models have four. */
    private static final int MAX_MODULES = 100;

    private static final Pooling MEAN = new Pooling(List.of(PoolingMode.MEAN), true);

    private static final Set<String> POOLINGS = names("Pooling", "sentence_transformer.modules.pooling.Pooling");
    private static final Set<String> DENSES = names("Dense", "base.modules.dense.Dense");
    private static final Set<String> NORMALIZES = names("Normalize", "base.modules.normalize.Normalize");

    /** A module after the pooling. */
    sealed interface Step {
        /** A normalisation to length 1. */
        record Normalize() implements Step {}

        /**
         * A dense layer.
         *
         * @param config its config.json
         * @param files its folder
         */
        record Dense(JsonValue config, ModelFiles files) implements Step {}
    }

    /** The names that a class has had; the class is known, not loaded. */
    private static Set<String> names(String className, String module) {
        return Set.of(
                "sentence_transformers." + module,
                "sentence_transformers.base.modules." + className,
                "sentence_transformers.sentence_transformer.modules." + className,
                "sentence_transformers.models." + className,
                "sentence_transformers.models." + className + "." + className);
    }

    /** How the vectors of tokens become one. */
    Pooling poolingOrMean() {
        return pooling.orElse(MEAN);
    }

    static SentenceModules read(ModelFiles files) throws IOException {
        if (!files.has(SavedModules.MODULES)) {
            return new SentenceModules(files, Optional.empty(), Optional.empty(), List.of());
        }
        JsonValue list = ConfigLoader.read(files, SavedModules.MODULES);
        List<JsonValue> modules = list.elements();
        if (modules.size() < 2 || modules.size() > MAX_MODULES) {
            throw new ModelFormatException(
                    list.file(),
                    "",
                    "a transformer, a pooling and up to " + (MAX_MODULES - 2) + " other modules",
                    modules.size() + " modules");
        }
        require(modules.get(0), SavedModules.TRANSFORMERS, "a Transformer first");
        require(modules.get(1), POOLINGS, "a Pooling after the Transformer");
        List<Step> steps = new ArrayList<>();
        for (JsonValue module : modules.subList(2, modules.size())) {
            ModelFiles folder = folder(files, module);
            String type = module.get("type").string();
            if (DENSES.contains(type)) {
                steps.add(new Step.Dense(ConfigLoader.read(folder, ConfigLoader.CONFIG), folder));
            } else if (NORMALIZES.contains(type)) {
                if (folder.has(ConfigLoader.CONFIG)) {
                    requireSentences(ConfigLoader.read(folder, ConfigLoader.CONFIG));
                }
                steps.add(new Step.Normalize());
            } else {
                throw module.get("type").error("a supported module after the Pooling, which are Dense and Normalize");
            }
        }
        JsonValue pooling = ConfigLoader.read(folder(files, modules.get(1)), ConfigLoader.CONFIG);
        Optional<JsonValue> older = pooling.find("word_embedding_dimension");
        return new SentenceModules(
                folder(files, modules.get(0)),
                Optional.of(pooling(pooling)),
                pooling.find("embedding_dimension").or(() -> older),
                List.copyOf(steps));
    }

    private static void require(JsonValue module, Set<String> types, String expected) throws ModelFormatException {
        JsonValue type = module.get("type");
        if (!types.contains(type.string())) {
            throw type.error(expected);
        }
        Optional<JsonValue> arguments = module.findNonNull("kwargs");
        if (arguments.isPresent() && !arguments.get().elements().isEmpty()) {
            throw arguments.get().error("no kwargs, which are not supported");
        }
    }

    private static ModelFiles folder(ModelFiles files, JsonValue module) throws ModelFormatException {
        String path = module.get("path").string();
        return path.isEmpty() ? files : files.folder(path);
    }

    private static void requireSentences(JsonValue config) throws ModelFormatException {
        config.onlyKeys("module_input_name", "module_output_name");
        requireSentence(config, "module_input_name");
        requireSentence(config, "module_output_name");
    }

    /** Vectors of tokens cannot go through it, nor can its own be put beside the others. */
    static void requireSentence(JsonValue config, String key) throws ModelFormatException {
        Optional<JsonValue> name = config.findNonNull(key);
        if (name.isPresent() && !name.get().string().equals("sentence_embedding")) {
            throw name.get().error("the only supported " + key + ", \"sentence_embedding\"");
        }
    }

    private static Pooling pooling(JsonValue config) throws ModelFormatException {
        List<String> keys = new ArrayList<>(
                List.of("embedding_dimension", "word_embedding_dimension", "pooling_mode", "include_prompt"));
        List<PoolingMode> older = new ArrayList<>();
        for (PoolingMode mode : PoolingMode.values()) {
            keys.add(mode.olderKey());
            Optional<JsonValue> flag = config.findNonNull(mode.olderKey());
            if (flag.isPresent() && flag.get().bool()) {
                older.add(mode);
            }
        }
        config.onlyKeys(keys.toArray(new String[0]));
        Optional<JsonValue> prompt = config.find("include_prompt");
        boolean includePrompt = prompt.isEmpty() || prompt.get().bool();
        Optional<JsonValue> named = config.find("pooling_mode");
        if (named.isEmpty()) {
            return new Pooling(older.isEmpty() ? MEAN.modes() : older, includePrompt);
        }
        List<PoolingMode> modes = new ArrayList<>();
        if (named.get().isString()) {
            modes.add(mode(named.get()));
        } else {
            for (JsonValue name : named.get().elements()) {
                modes.add(mode(name));
            }
        }
        if (modes.isEmpty() || modes.size() > PoolingMode.values().length) {
            throw named.get().error("1 to " + PoolingMode.values().length + " modes");
        }
        return new Pooling(modes, includePrompt);
    }

    private static PoolingMode mode(JsonValue name) throws ModelFormatException {
        StringBuilder known = new StringBuilder();
        for (PoolingMode mode : PoolingMode.values()) {
            if (mode.id().equals(name.string())) {
                return mode;
            }
            known.append(known.isEmpty() ? "" : ", ").append(mode.id());
        }
        throw name.error("a pooling mode, which are " + known);
    }
}
