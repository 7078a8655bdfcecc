package io.github.purerank.cli;

import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Option;

/** Which pairs a command reads. */
final class InputOptions {
    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            defaultValue = "-",
            description = "The pairs; may be compressed with gzip. Default: -, standard input.")
    private String input;

    @Option(
            names = "--input-format",
            paramLabel = "jsonl|tsv|csv",
            description = "How the pairs are written. Default: what the file's name says, else what it looks like.")
    private InputFormat format;

    @Option(
            names = "--skip-bad-rows",
            description =
                    "Go on after a row that cannot be used: name it, write an empty result (null, in JSON) in its place so"
                            + " that results stay in step with rows, and say in the end how many there were.")
    private boolean skipBadRows;

    PairRows pairs(InputStream standardInput) throws IOException {
        return PairRows.open(input, InputFormat.chosen(format, input), standardInput);
    }

    boolean skipBadRows() {
        return skipBadRows;
    }
}
