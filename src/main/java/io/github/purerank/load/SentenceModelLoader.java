package io.github.purerank.load;

import io.github.purerank.format.DType;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.TensorSource;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.BertEncoder;
import io.github.purerank.model.Linear;
import io.github.purerank.model.SentenceModel;
import io.github.purerank.model.SentenceStep;
import io.github.purerank.text.PairEncoder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Reads a whole sentence encoder, as {@link ModelLoader} does a cross-encoder. No file is kept open or mapped.
 *
 * <p>Follows {@code SentenceTransformer} and {@code BaseModel} of sentence_transformers 6.0.1.
 */
public final class SentenceModelLoader {
    private static final String SENTENCE_TRANSFORMER = "SentenceTransformer";
    private static final Set<String> SIMILARITIES = Set.of("cosine", "dot", "euclidean", "manhattan");

    /** Longest vector: each weight matrix becomes one float array. */
    private static final int MAX_DIMENSION = BertConfigJson.MAX_HIDDEN_SIZE;

    private SentenceModelLoader() {}

    /**
     * Whether a folder is a sentence encoder's rather than a cross-encoder's, by what it says itself: its modules.json, or where it has
     * none, a network without a head for labels.
     */
    public static boolean isSentenceEncoder(ModelFiles files) throws IOException {
        if (files.has(SavedModules.MODULES)) {
            return !SavedModules.isCrossEncoder(files);
        }
        Optional<JsonValue> architectures =
                ConfigLoader.read(files, ConfigLoader.CONFIG).findNonNull("architectures");
        if (architectures.isEmpty()) {
            return false;
        }
        List<JsonValue> names = architectures.get().elements();
        for (JsonValue name : names) {
            if (!name.string().endsWith("Model")) {
                return false;
            }
        }
        return !names.isEmpty();
    }

    /**
     * Reads a model.
     *
     * @param kernels what is to compute with it; the weights are laid out for them
     * @param executor where the tokenizer is read while the caller reads the weights; it may run it at once, later or never,
     *     but does not throw
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws java.io.FileNotFoundException if a file is missing
     */
    public static LoadedSentenceModel load(ModelFiles files, Kernels kernels, Executor executor) throws IOException {
        SentenceModules modules = SentenceModules.read(files);
        ModelFiles transformerFiles = modules.transformerFiles();
        ConfigLoader.refuseAdapter(transformerFiles);
        JsonValue configJson = ConfigLoader.read(transformerFiles, ConfigLoader.CONFIG);
        BertConfig bert = BertConfigJson.readEncoder(configJson);
        Optional<JsonValue> tokenizerConfig = ConfigLoader.tokenizerConfig(transformerFiles);
        TransformerOptions options = TransformerOptions.ofEncoder(transformerFiles);
        SentenceConfig config = config(
                files,
                bert,
                modules,
                ConfigLoader.maxLength(options.maxLength(), tokenizerConfig, bert.maxPositionEmbeddings()));
        requireDimension(modules.poolingDimension(), bert.hiddenSize());

        FutureTask<PairEncoder> tokenizer = new FutureTask<>(
                () -> TokenizerLoader.load(transformerFiles, tokenizerConfig, configJson, bert.vocabSize(), options));
        executor.execute(tokenizer);
        try (TensorSource source = Safetensors.openModel(transformerFiles)) {
            Set<DType> dtypes = EnumSet.noneOf(DType.class);
            BertEncoder network = BertWeights.readEncoder(source, bert, kernels);
            long parameterCount = ModelLoader.count(source, dtypes);
            List<SentenceStep> steps = new ArrayList<>();
            int size = config.pooling().outputSize(bert.hiddenSize());
            for (SentenceModules.Step step : modules.steps()) {
                if (step instanceof SentenceModules.Step.Dense dense) {
                    try (TensorSource weights = Safetensors.openModel(dense.files())) {
                        steps.add(dense(dense.config(), size, new WeightReader(weights, kernels)));
                        parameterCount += ModelLoader.count(weights, dtypes);
                    }
                } else {
                    steps.add(new SentenceStep.Normalize());
                }
                size = steps.get(steps.size() - 1).outputSize(size);
            }
            tokenizer.run();
            PairEncoder encoder = ModelLoader.result(tokenizer);
            ModelLoader.requireTokenTypes(bert, transformerFiles, encoder);
            return new LoadedSentenceModel(
                    source.describe(),
                    config,
                    encoder,
                    new SentenceModel(network, config.pooling(), steps),
                    parameterCount,
                    dtypes);
        } finally {
            tokenizer.cancel(false);
        }
    }

    private static SentenceConfig config(ModelFiles files, BertConfig bert, SentenceModules modules, int maxLength)
            throws IOException {
        Map<String, String> prompts = new LinkedHashMap<>();
        prompts.put("query", "");
        prompts.put("document", "");
        Optional<JsonValue> defaultPrompt = Optional.empty();
        String similarity = "cosine";
        int truncateDimensions = 0;
        // As in the reference it counts beside a modules.json alone.
        if (files.has(SavedModules.MODULES) && files.has(SavedModules.CONFIG)) {
            JsonValue saved = ConfigLoader.read(files, SavedModules.CONFIG);
            Optional<JsonValue> type = saved.findNonNull("model_type");
            if (type.isPresent() && !type.get().string().equals(SENTENCE_TRANSFORMER)) {
                throw type.get().error("the model_type of a sentence encoder, \"" + SENTENCE_TRANSFORMER + "\"");
            }
            Optional<JsonValue> savedPrompts = saved.findNonNull("prompts");
            if (savedPrompts.isPresent()) {
                prompts.putAll(ConfigLoader.prompts(savedPrompts.get()));
            }
            defaultPrompt = saved.findNonNull("default_prompt_name");
            if (defaultPrompt.isPresent()
                    && !prompts.containsKey(defaultPrompt.get().string())) {
                throw defaultPrompt.get().error("the name of a prompt, which are " + prompts.keySet());
            }
            Optional<JsonValue> function = saved.findNonNull("similarity_fn_name");
            // Another name leaves the default, as in the reference.
            if (function.isPresent() && SIMILARITIES.contains(function.get().string())) {
                similarity = function.get().string();
            }
            Optional<JsonValue> dimensions = saved.findNonNull("truncate_dim");
            if (dimensions.isPresent()) {
                truncateDimensions = (int) dimensions.get().integer(1, Integer.MAX_VALUE);
            }
        }
        return new SentenceConfig(
                bert,
                modules.poolingOrMean(),
                maxLength,
                prompts,
                defaultPrompt.isPresent() ? Optional.of(defaultPrompt.get().string()) : Optional.empty(),
                similarity,
                truncateDimensions,
                modules.transformerFiles());
    }

    private static void requireDimension(Optional<JsonValue> saved, int expected) throws ModelFormatException {
        if (saved.isPresent() && saved.get().integer(1, MAX_DIMENSION) != expected) {
            throw saved.get().error(expected + ", which is what comes in");
        }
    }

    private static SentenceStep dense(JsonValue config, int inputSize, WeightReader weights) throws IOException {
        config.onlyKeys(
                "in_features",
                "out_features",
                "bias",
                "activation_function",
                "module_input_name",
                "module_output_name",
                "use_residual");
        SentenceModules.requireSentence(config, "module_input_name");
        SentenceModules.requireSentence(config, "module_output_name");
        requireDimension(Optional.of(config.get("in_features")), inputSize);
        int outputSize = (int) config.get("out_features").integer(1, MAX_DIMENSION);
        if ((long) inputSize * (outputSize + 64) > Integer.MAX_VALUE - 8) {
            throw config.get("out_features").error("a size whose weights fit into an array");
        }
        boolean hasResidual = flag(config, "use_residual", false);
        Linear linear = weights.linear("linear", inputSize, outputSize, flag(config, "bias", true));
        Optional<Linear> residual = hasResidual && inputSize != outputSize
                ? Optional.of(weights.linear("residual", inputSize, outputSize, false))
                : Optional.empty();
        return new SentenceStep.Dense(linear, activation(config), hasResidual, residual);
    }

    private static boolean flag(JsonValue config, String key, boolean otherwise) throws ModelFormatException {
        Optional<JsonValue> value = config.find(key);
        return value.isPresent() ? value.get().bool() : otherwise;
    }

    /** As in the reference, a function from elsewhere than PyTorch gives a warning and the default, the tangent. */
    private static SentenceStep.Activation activation(JsonValue config) throws ModelFormatException {
        Optional<JsonValue> name = config.find("activation_function");
        if (name.isEmpty()) {
            return SentenceStep.Activation.TANH;
        }
        String path = name.get().string();
        return switch (path) {
            case "torch.nn.modules.linear.Identity", "torch.nn.Identity" -> SentenceStep.Activation.IDENTITY;
            case "torch.nn.modules.activation.Tanh", "torch.nn.Tanh" -> SentenceStep.Activation.TANH;
            case "torch.nn.modules.activation.ReLU", "torch.nn.ReLU" -> SentenceStep.Activation.RELU;
            case "torch.nn.modules.activation.GELU", "torch.nn.GELU" -> SentenceStep.Activation.GELU;
            case "torch.nn.modules.activation.Sigmoid", "torch.nn.Sigmoid" -> SentenceStep.Activation.SIGMOID;
            default -> {
                ModelFormatException unknown =
                        name.get().error("a supported activation_function: Identity, Tanh, ReLU, GELU or Sigmoid");
                if (path.startsWith("torch.")) {
                    throw unknown;
                }
                System.getLogger(SentenceModelLoader.class.getName())
                        .log(Level.WARNING, "Tanh is used instead: " + unknown.getMessage());
                yield SentenceStep.Activation.TANH;
            }
        };
    }
}
