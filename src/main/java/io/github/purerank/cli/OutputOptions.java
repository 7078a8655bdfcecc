package io.github.purerank.cli;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** Where a command writes its results. */
final class OutputOptions {
    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "A file for the results, which appears when all of them are in it; a failure or Ctrl-C leaves none."
                            + " Default: standard output.")
    private String output;

    Output open(PrintWriter standardOutput) throws IOException {
        return Output.open(output, standardOutput);
    }
}
