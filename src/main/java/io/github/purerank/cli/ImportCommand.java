package io.github.purerank.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts a BERT in ONNX to a directory that can be loaded. */
@Command(
        name = "import",
        description = "Converts a BERT in ONNX to a directory that can be loaded.",
        footer = {
            "",
            "A BERT without pooler and classifier, as sentence encoders are, gets made-up ones with --seed: it then has the shape",
            "and the speed of a cross-encoder, and its scores mean nothing."
        })
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "The network.")
    private Path onnx;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "Where to put the result: a directory that is empty or not there.")
    private Path directory;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "Its tokenizer.json. Default: the one beside the network.")
    private Path tokenizer;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Attention heads. Default: what the network's graph says.")
    private Integer heads;

    @Option(names = "--seed", paramLabel = "N", description = "Make up the parts that are missing, from this number.")
    private Long seed;

    @Option(names = "--labels", paramLabel = "N", description = "Labels of a made-up classifier. Default: 1.")
    private Integer labels;

    @Override
    public Integer call() throws IOException {
        requireName(onnx, "MODEL.onnx");
        requireName(directory, "DIR");
        if (tokenizer != null) {
            requireName(tokenizer, "--tokenizer");
        }
        OnnxImport.Options options = OnnxImport.Options.defaults();
        if (heads != null) {
            options = options.withHeadCount(ScoringOptions.positive(heads, "--heads", spec));
        }
        if (seed != null) {
            options = options.withSeed(seed);
        }
        if (labels != null) {
            options = options.withLabelCount(ScoringOptions.positive(labels, "--labels", spec));
        }
        OnnxImport.convert(
                onnx, tokenizer == null ? onnx.resolveSibling("tokenizer.json") : tokenizer, directory, options);
        spec.commandLine().getOut().println(directory);
        Output.flush(spec.commandLine().getOut());
        return 0;
    }

    private void requireName(Path path, String parameter) {
        if (path.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), parameter + ": expected a name, found an empty one");
        }
    }
}
