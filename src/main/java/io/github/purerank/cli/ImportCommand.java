package io.github.purerank.cli;

import io.github.purerank.model.PoolingMode;
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
            "and the speed of a cross-encoder, and its scores mean nothing. With --pooling it becomes what",
            "it is: an encoder of sentences, for embed, index and search."
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

    @Option(
            names = "--pooling",
            paramLabel = "MODE",
            description =
                    "Make an encoder of sentences: cls, max, mean, mean_sqrt_len_tokens, weightedmean or lasttoken.")
    private String pooling;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most tokens of a text, for an encoder of sentences. Default: the network's positions.")
    private Integer maxLength;

    @Option(
            names = "--no-normalize",
            description = "An encoder of sentences gives vectors as they come, not of length 1.")
    private boolean withoutNormalize;

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
        if (pooling != null) {
            int limit = maxLength == null ? 0 : ScoringOptions.positive(maxLength, "--max-length", spec);
            options = options.withSentences(new OnnxImport.SentenceOptions(poolingMode(), limit, !withoutNormalize));
        } else if (maxLength != null || withoutNormalize) {
            throw new ParameterException(
                    spec.commandLine(),
                    (maxLength == null ? "--no-normalize" : "--max-length")
                            + " is for encoders of sentences: add --pooling");
        }
        if (pooling != null && (seed != null || labels != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--pooling makes an encoder of sentences, which has no head: leave out --seed and --labels");
        }
        OnnxImport.convert(
                onnx, tokenizer == null ? onnx.resolveSibling("tokenizer.json") : tokenizer, directory, options);
        spec.commandLine().getOut().println(directory);
        Output.flush(spec.commandLine().getOut());
        return 0;
    }

    private PoolingMode poolingMode() {
        StringBuilder known = new StringBuilder();
        for (PoolingMode mode : PoolingMode.values()) {
            if (mode.id().equals(pooling)) {
                return mode;
            }
            known.append(known.isEmpty() ? "" : ", ").append(mode.id());
        }
        throw new ParameterException(
                spec.commandLine(), "--pooling: expected one of " + known + ", found \"" + pooling + "\"");
    }

    private void requireName(Path path, String parameter) {
        if (path.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), parameter + ": expected a name, found an empty one");
        }
    }
}
