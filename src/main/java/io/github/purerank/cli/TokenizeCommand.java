package io.github.purerank.cli;

import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.ModelTokenizer;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the token ids that pairs become. */
@Command(
        name = "tokenize",
        description = "Writes the token ids that query-passage pairs become, in the order of the file.",
        footer =
                "%nInput: JSON lines {\"query\": ..., \"passage\": ...}; \"max_length\" in a line goes before the option.")
final class TokenizeCommand implements Callable<Integer> {
    /** How the ids are written. */
    enum Format {
        /** {"input_ids": [...], "token_type_ids": [...]} */
        jsonl
    }

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            defaultValue = "-",
            description = "The pairs. Default: -, standard input.")
    private String input;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most tokens of a pair. Default: the model's own limit.")
    private Integer maxLength;

    @Option(names = "--format", paramLabel = "jsonl", defaultValue = "jsonl", description = "Default: jsonl.")
    private Format format;

    @Override
    public Integer call() throws IOException {
        if (maxLength != null) {
            ScoringOptions.positive(maxLength, "--max-length", spec);
        }
        ModelTokenizer tokenizer = ModelLoader.loadTokenizer(modelOption.files());
        int usualLimit = maxLength == null ? tokenizer.maxLength() : maxLength;
        PrintWriter out = spec.commandLine().getOut();
        try (PairRows rows = PairRows.open(input, main.in())) {
            for (PairRow row = rows.next(); row != null; row = rows.next()) {
                int limit = row.maxLength() == 0 ? usualLimit : row.maxLength();
                Encoding encoding;
                try {
                    encoding = tokenizer
                            .encoder()
                            .encode(row.pair().query(), row.pair().passage(), limit);
                } catch (IllegalArgumentException e) {
                    throw new IOException(rows.place() + ": " + e.getMessage(), e);
                }
                out.println("{\"input_ids\": " + Texts.json(encoding.inputIds()) + ", \"token_type_ids\": "
                        + Texts.json(encoding.tokenTypeIds()) + "}");
                if (!rows.ready()) {
                    Output.flush(out);
                }
            }
        }
        Output.flush(out);
        return 0;
    }
}
