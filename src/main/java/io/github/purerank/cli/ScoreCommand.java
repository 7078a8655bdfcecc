package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Scores the pairs of a file, in its order, as they come. */
@Command(
        name = "score",
        description = "Scores the query-passage pairs of a file, in its order.",
        footer = "%nInput: JSON lines {\"query\": ..., \"passage\": ...}, or two columns with a tab between.")
final class ScoreCommand implements Callable<Integer> {
    /** Pairs that are read before they are scored, unless the input pauses. */
    private static final int SLICE_PAIRS = 2048;

    private static final int QUERY_WIDTH = 32;
    private static final int PASSAGE_WIDTH = 64;

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            defaultValue = "-",
            description = "The pairs. Default: -, standard input.")
    private String input;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|jsonl",
            defaultValue = "table",
            description = "How to write the scores. Default: table.")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        PredictOptions options = scoring.predictOptions();
        PrintWriter out = spec.commandLine().getOut();
        try (PairRows rows = PairRows.open(input, main.in());
                CrossEncoder model = modelOption.load(scoring.loadOptions());
                Progress progress = Progress.start(spec.commandLine().getErr(), "scoring", -1, "pairs")) {
            if (format == OutputFormat.table) {
                out.println(
                        tableRow(model.labels().size() == 1 ? List.of("score") : model.labels(), "query", "passage"));
            }
            long done = 0;
            for (List<TextPair> slice = slice(rows); !slice.isEmpty(); slice = slice(rows)) {
                float[][] scores = model.predictLabels(slice, options);
                for (int i = 0; i < scores.length; i++) {
                    out.println(line(slice.get(i), scores[i]));
                }
                Output.flush(out);
                done += slice.size();
                progress.stepTo(done);
            }
        }
        Output.flush(out);
        return 0;
    }

    private static List<TextPair> slice(PairRows rows) throws IOException {
        List<TextPair> slice = new ArrayList<>();
        do {
            PairRow row = rows.next();
            if (row == null) {
                break;
            }
            slice.add(row.pair());
        } while (slice.size() < SLICE_PAIRS && rows.ready());
        return slice;
    }

    private String line(TextPair pair, float[] scores) {
        List<String> columns = new ArrayList<>();
        for (float score : scores) {
            columns.add(format == OutputFormat.table ? Numbers.brief(score) : Numbers.full(score));
        }
        return switch (format) {
            case table -> tableRow(columns, pair.query(), pair.passage());
            case tsv -> String.join("\t", columns) + "\t" + Texts.tsv(pair.query()) + "\t" + Texts.tsv(pair.passage());
            case jsonl -> "{\"score\": " + Texts.json(scores) + "}";
        };
    }

    private static String tableRow(List<String> scores, String query, String passage) {
        StringBuilder row = new StringBuilder();
        for (String score : scores) {
            row.append(String.format("%9s  ", Texts.clipped(score, 9)));
        }
        return row.append(Texts.padded(Texts.clipped(query, QUERY_WIDTH), QUERY_WIDTH))
                .append("  ")
                .append(Texts.clipped(passage, PASSAGE_WIDTH))
                .toString();
    }
}
