package io.github.purerank.cli;

import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Option;

/** Which texts a command reads. */
final class TextInput {
    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            defaultValue = "-",
            description = "The texts; may be compressed with gzip. Default: -, standard input.")
    private String input;

    @Option(
            names = "--input-format",
            paramLabel = "jsonl|tsv|csv",
            description = "How the texts are written. Default: what the file's name says, else a text a line.")
    private InputFormat format;

    @Option(
            names = "--skip-bad-rows",
            description = "Go on after a row that cannot be read: name it, and say in the end how many there were.")
    private boolean skipBadRows;

    RowReader open(InputStream standardInput) throws IOException {
        return RowReader.ofDocuments(InputFile.open(input, standardInput), InputFormat.chosen(format, input));
    }

    boolean skipBadRows() {
        return skipBadRows;
    }
}
