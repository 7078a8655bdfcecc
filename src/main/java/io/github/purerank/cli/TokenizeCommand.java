package io.github.purerank.cli;

import io.github.purerank.PredictOptions;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.ModelTokenizer;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.Vocabulary;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the token ids that pairs become. */
@Command(
        name = "tokenize",
        description = "Writes the token ids that query-passage pairs become, in the order of the file.",
        footer = {
            "",
            "Input is that of \"score\"; \"max_length\" in a row goes before the option. As there, the",
            "model's default prompt goes before each query unless an option names another.",
            "",
            "Output, a row for each row of input:",
            "  jsonl  {\"input_ids\": [...], \"token_type_ids\": [...]}",
            "  tsv    the ids with spaces between, a tab, the types",
            "  csv    the same with a comma, and a header",
            "  table  for people: how many tokens, and which; long rows are cut"
        })
final class TokenizeCommand implements Callable<Integer> {
    private static final int TOKENS_WIDTH = 110;

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private InputOptions input;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most tokens of a pair. Default: the model's own limit.")
    private Integer maxLength;

    @Mixin
    private PromptOptions promptOptions;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|csv|jsonl",
            defaultValue = "jsonl",
            description = "How to write the tokens. Default: jsonl.")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        if (maxLength != null) {
            ScoringOptions.positive(maxLength, "--max-length", spec);
        }
        try (Output out = output.open(spec.commandLine().getOut());
                BadRows badRows = new BadRows(spec.commandLine().getErr(), input.skipBadRows());
                RowSlices slices = new RowSlices(input.pairs(main.in()), badRows)) {
            ModelTokenizer tokenizer = ModelLoader.loadTokenizer(modelOption.files());
            String promptText =
                    promptOptions.appliedTo(PredictOptions.defaults()).promptText(tokenizer.config());
            requireLength(tokenizer.encoder().pairSpecialCount());
            String header = switch (format) {
                case table -> "tokens";
                case csv -> "input_ids,token_type_ids";
                case tsv, jsonl -> null;
            };
            for (List<PairRow> slice = slices.next(); !slice.isEmpty(); slice = slices.next()) {
                for (PairRow row : slice) {
                    String line = line(
                            encode(row, promptText, tokenizer, badRows),
                            tokenizer.encoder().vocabulary());
                    if (header != null) {
                        out.println(header);
                        header = null;
                    }
                    out.println(line);
                }
                out.flush();
            }
            if (header != null) {
                out.println(header);
            }
            out.complete();
        }
        return 0;
    }

    /** A limit that no pair can keep is no fault of a row. */
    private void requireLength(int specialCount) {
        if (maxLength != null && maxLength < specialCount) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-length: expected at least " + specialCount + ", the special tokens of a pair, found "
                            + maxLength);
        }
    }

    /** Null for a row that is skipped. */
    private Encoding encode(PairRow row, String promptText, ModelTokenizer tokenizer, BadRows badRows)
            throws BadRowException {
        if (row == null) {
            return null;
        }
        int usualLimit = maxLength == null ? tokenizer.config().maxLength() : maxLength;
        try {
            return tokenizer
                    .encoder()
                    .encode(
                            promptText + row.pair().query(),
                            row.pair().passage(),
                            row.maxLength() == 0 ? usualLimit : row.maxLength());
        } catch (IllegalArgumentException e) {
            badRows.report(new BadRowException(row.place(), e));
            return null;
        }
    }

    private String line(Encoding encoding, Vocabulary vocabulary) {
        if (encoding == null) {
            return switch (format) {
                case table -> "     -";
                case tsv, csv -> format.row(List.of("", ""));
                case jsonl -> "{\"input_ids\": null, \"token_type_ids\": null}";
            };
        }
        return switch (format) {
            case table -> tableRow(encoding, vocabulary);
            case tsv, csv ->
                format.row(List.of(Texts.spaced(encoding.inputIds()), Texts.spaced(encoding.tokenTypeIds())));
            case jsonl ->
                "{\"input_ids\": " + Texts.json(encoding.inputIds()) + ", \"token_type_ids\": "
                        + Texts.json(encoding.tokenTypeIds()) + "}";
        };
    }

    private static String tableRow(Encoding encoding, Vocabulary vocabulary) {
        StringBuilder tokens = new StringBuilder();
        for (int i = 0; i < encoding.size(); i++) {
            tokens.append(i == 0 ? "" : " ").append(vocabulary.token(encoding.inputId(i)));
        }
        return String.format(Locale.ROOT, "%6d  %s", encoding.size(), Texts.clipped(tokens.toString(), TOKENS_WIDTH));
    }
}
