package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.ModelInfo;
import io.github.purerank.model.BertConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what a model is and what computes it. */
@Command(name = "info", description = "Shows a model's configuration, its size, and the kernels that compute it.")
final class InfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (CrossEncoder model = modelOption.load(LoadOptions.defaults())) {
            ModelInfo info = model.info();
            BertConfig bert = info.config().bert();
            print(out, "weights", info.source());
            print(out, "parameters", String.format(Locale.ROOT, "%,d", info.parameterCount()));
            print(
                    out,
                    "dtype",
                    info.dtypes().stream().sorted().map(Enum::name).collect(Collectors.joining(", "))
                            + " in the file, F32 in memory");
            print(
                    out,
                    "memory held",
                    String.format(Locale.ROOT, "%.1f MiB of weights", info.weightBytes() / 1048576.0));
            print(out, "architecture", bert.architecture().className());
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
            print(out, "max length", info.config().maxLength() + " tokens a pair");
            print(out, "labels", String.join(", ", info.config().labels()));
            print(out, "activation", info.config().activation().name().toLowerCase(Locale.ROOT));
            info.config().calibration().ifPresent(calibration -> print(out, "calibration", calibration.inWords()));
            if (!info.config().prompts().isEmpty()) {
                print(out, "prompts", String.join(", ", info.config().prompts().keySet()));
            }
            print(out, "kernels", info.kernels());
            print(out, "because", info.kernelReason());
            print(out, "Java", System.getProperty("java.vm.name") + " " + Runtime.version());
            print(out, "processors", Runtime.getRuntime().availableProcessors());
        }
        Output.flush(out);
        return 0;
    }

    private static void print(PrintWriter out, String what, Object value) {
        // Names of labels and prompts come from files of strangers.
        out.println(Texts.padded(what, 20) + Texts.oneLine(value.toString()));
    }
}
