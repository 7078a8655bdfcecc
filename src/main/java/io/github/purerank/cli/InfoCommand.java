package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.ModelInfo;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.SentenceEncoderInfo;
import io.github.purerank.format.DType;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.load.SentenceConfig;
import io.github.purerank.load.SentenceModelLoader;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.PoolingMode;
import io.github.purerank.model.SentenceStep;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what a model is and what computes it. */
@Command(
        name = "info",
        description =
                "Shows a model's configuration, its size, and the kernels that compute it; of cross-encoders and of sentence encoders.")
final class InfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ModelFiles files = modelOption.files();
        if (SentenceModelLoader.isSentenceEncoder(files)) {
            try (SentenceEncoder model = SentenceEncoder.load(files, LoadOptions.defaults())) {
                print(out, model.info());
            }
        } else {
            try (CrossEncoder model = CrossEncoder.load(files, LoadOptions.defaults())) {
                print(out, model.info());
            }
        }
        print(out, "Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        print(out, "processors", Runtime.getRuntime().availableProcessors());
        Output.flush(out);
        return 0;
    }

    private static void print(PrintWriter out, ModelInfo info) {
        printWeights(out, info.source(), info.parameterCount(), info.dtypes(), info.weightBytes());
        print(out, "architecture", info.config().bert().architecture().className());
        printSizes(out, info.config().bert());
        print(out, "max length", info.config().maxLength() + " tokens a pair");
        print(out, "labels", String.join(", ", info.config().labels()));
        print(out, "activation", info.config().activation().name().toLowerCase(Locale.ROOT));
        info.config().calibration().ifPresent(calibration -> print(out, "calibration", calibration.inWords()));
        if (!info.config().prompts().isEmpty()) {
            print(out, "prompts", String.join(", ", info.config().prompts().keySet()));
        }
        printKernels(out, info.kernels(), info.kernelReason());
    }

    private static void print(PrintWriter out, SentenceEncoderInfo info) {
        SentenceConfig config = info.config();
        printWeights(out, info.source(), info.parameterCount(), info.dtypes(), info.weightBytes());
        print(
                out,
                "architecture",
                "sentence encoder, " + config.bert().architecture().modelType());
        printSizes(out, config.bert());
        print(out, "max length", config.maxLength() + " tokens a text");
        List<String> modules = new ArrayList<>(List.of("Transformer", "Pooling"));
        for (SentenceStep step : info.steps()) {
            modules.add(
                    step instanceof SentenceStep.Dense dense
                            ? "Dense (" + dense.activation().name().toLowerCase(Locale.ROOT) + ")"
                            : "Normalize");
        }
        print(out, "modules", String.join(", ", modules));
        String pooling = config.pooling().modes().stream().map(PoolingMode::id).collect(Collectors.joining(", "));
        print(out, "pooling", pooling + (config.pooling().includePrompt() ? "" : ", without the prompt"));
        print(out, "dimension", info.dimension());
        print(out, "similarity", config.similarity());
        List<String> prompts = new ArrayList<>();
        config.prompts().forEach((name, text) -> {
            // Two are always there, if only by name.
            if (!text.isEmpty()) {
                prompts.add(name + " \"" + text + "\"");
            }
        });
        if (!prompts.isEmpty()) {
            print(out, "prompts", String.join(", ", prompts));
        }
        config.defaultPrompt().ifPresent(name -> print(out, "default prompt", name));
        printKernels(out, info.kernels(), info.kernelReason());
    }

    private static void printWeights(PrintWriter out, String source, long count, Set<DType> dtypes, long bytes) {
        print(out, "weights", source);
        print(out, "parameters", String.format(Locale.ROOT, "%,d", count));
        print(
                out,
                "dtype",
                dtypes.stream().sorted().map(Enum::name).collect(Collectors.joining(", "))
                        + " in the file, F32 in memory");
        print(out, "memory held", String.format(Locale.ROOT, "%.1f MiB of weights", bytes / 1048576.0));
    }

    private static void printSizes(PrintWriter out, BertConfig bert) {
        print(out, "layers", bert.layerCount());
        print(out, "hidden size", bert.hiddenSize());
        if (bert.projects()) {
            print(out, "embedding size", bert.embeddingSize());
        }
        print(out, "attention heads", bert.headCount() + " of size " + bert.headSize());
        print(out, "intermediate size", bert.intermediateSize());
        print(out, "hidden activation", bert.hiddenActivation().name().toLowerCase(Locale.ROOT));
        print(out, "LayerNorm epsilon", bert.layerNormEps());
        print(out, "vocabulary", bert.vocabSize());
        print(out, "positions", bert.maxPositionEmbeddings());
    }

    private static void printKernels(PrintWriter out, String kernels, String reason) {
        print(out, "kernels", kernels);
        print(out, "because", reason);
    }

    private static void print(PrintWriter out, String what, Object value) {
        // Names of labels and prompts come from files of strangers.
        out.println(Texts.padded(what, 20) + Texts.oneLine(value.toString()));
    }
}
