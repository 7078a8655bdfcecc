package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import io.github.purerank.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes all that is computed for a pair. */
@Command(
        name = "trace",
        description = "Writes every value on the way from a query and a passage to their score.",
        footer = "%ntools/compare_trace.py compares such files with the reference implementation.")
final class TraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Parameters(index = "0", paramLabel = "QUERY", description = "The first text.")
    private String query;

    @Parameters(index = "1", paramLabel = "PASSAGE", description = "The second text.")
    private String passage;

    @Option(
            names = "--output",
            paramLabel = "FILE.json|FILE.safetensors",
            required = true,
            description = "Where to write them; the name's end says how.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        boolean json = output.toString().endsWith(".json");
        if (!json && !output.toString().endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--output: expected a name that ends with .json or .safetensors, found " + output);
        }
        OutputFile.requireWritable(output);
        try (CrossEncoder model = modelOption.load(LoadOptions.defaults().withThreads(1))) {
            Trace trace = model.trace(new TextPair(query, passage));
            if (json) {
                trace.writeJson(output);
            } else {
                trace.writeSafetensors(output);
            }
        }
        return 0;
    }
}
