package io.github.purerank.cli;

import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Option;

/** Which labelled data a command reads. */
final class LabelledInput {
    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            defaultValue = "-",
            description = "The labelled data; may be compressed with gzip. Default: -, standard input.")
    private String input;

    @Option(
            names = "--input-format",
            paramLabel = "jsonl|tsv|csv",
            description = "How the data are written. Default: what the file's name says, else what it looks like.")
    private InputFormat format;

    /** The file's name, or "-". */
    String name() {
        return input;
    }

    /** Reads all rows; {@code alwaysRerankPositives} as for the evaluator of samples. */
    LabelledRows read(InputStream standardInput, boolean alwaysRerankPositives) throws IOException {
        try (RowReader rows =
                RowReader.ofLabelled(InputFile.open(input, standardInput), InputFormat.chosen(format, input))) {
            return LabelledRows.read(rows, alwaysRerankPositives);
        }
    }
}
