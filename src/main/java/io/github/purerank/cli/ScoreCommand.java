package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
        description = "Scores the query-passage pairs of a file, in its order, as they come.",
        footer = {
            "",
            "Input, compressed with gzip or not:",
            "  jsonl  {\"query\": ..., \"passage\": ...} a line; other keys are passed over",
            "  tsv    query, a tab, passage; nothing is quoted or escaped",
            "  csv    the same with a comma; what is in quotes may have line breaks",
            "The first row of tsv and csv may name the columns, query and passage among them.",
            "\"max_length\", a key or column, limits a row's tokens and goes before the option.",
            "Blank lines are passed over.",
            "",
            "Output, a row for each row of input:",
            "  jsonl  {\"score\": ...}, a list where the model has several labels",
            "  tsv    score, query, passage; a tab or line break in a text becomes a space",
            "  csv    the same, with a header",
            "  table  for people; long texts are cut"
        })
final class ScoreCommand implements Callable<Integer> {
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

    @Mixin
    private InputOptions input;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|csv|jsonl",
            defaultValue = "table",
            description = "How to write the scores. Default: table.")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        PredictOptions options = scoring.predictOptions();
        PrintWriter err = spec.commandLine().getErr();
        try (Output out = output.open(spec.commandLine().getOut());
                BadRows badRows = new BadRows(err, input.skipBadRows());
                RowSlices slices = new RowSlices(input.pairs(main.in()), badRows);
                CrossEncoder model = modelOption.load(scoring.loadOptions());
                Progress progress = Progress.start(err, "scoring", -1, "pairs")) {
            RowScorer scorer = new RowScorer(model, options);
            String header = header(model.labels());
            long done = 0;
            for (List<PairRow> slice = slices.next(); !slice.isEmpty(); slice = slices.next()) {
                RowScorer.Scores scores = scorer.score(slice);
                for (int i = 0; i < slice.size(); i++) {
                    String line = line(slice.get(i), scores.get(i, badRows), model.labels());
                    // Not before there is something to write: a failure leaves no table without rows.
                    if (header != null) {
                        out.println(header);
                        header = null;
                    }
                    out.println(line);
                }
                out.flush();
                done += slice.size();
                progress.stepTo(done);
            }
            if (header != null) {
                out.println(header);
            }
            out.complete();
        }
        return 0;
    }

    /** Null for none. */
    private String header(List<String> labels) {
        List<String> scores = new ArrayList<>();
        for (String label : labels) {
            // Names come from files of strangers.
            scores.add(labels.size() == 1 ? "score" : Texts.oneLine(label));
        }
        return switch (format) {
            case table -> tableRow(scores, "query", "passage");
            case csv -> Texts.csv(columns(scores, "query", "passage"));
            case tsv, jsonl -> null;
        };
    }

    /** The row and its scores; null for both where the row is skipped. */
    private String line(PairRow row, float[] scores, List<String> labels) {
        String query = scores == null ? "" : row.pair().query();
        String passage = scores == null ? "" : row.pair().passage();
        return switch (format) {
            case table -> tableRow(texts(scores, labels.size(), "-"), query, passage);
            case tsv, csv -> format.row(columns(texts(scores, labels.size(), ""), query, passage));
            case jsonl -> "{\"score\": " + (scores == null ? "null" : Texts.json(scores)) + "}";
        };
    }

    private List<String> texts(float[] scores, int labelCount, String none) {
        if (scores == null) {
            return Collections.nCopies(labelCount, none);
        }
        List<String> texts = new ArrayList<>();
        for (float score : scores) {
            texts.add(format == OutputFormat.table ? Numbers.brief(score) : Numbers.full(score));
        }
        return texts;
    }

    private static List<String> columns(List<String> scores, String query, String passage) {
        List<String> columns = new ArrayList<>(scores);
        columns.add(query);
        columns.add(passage);
        return columns;
    }

    private static String tableRow(List<String> scores, String query, String passage) {
        StringBuilder row = new StringBuilder();
        for (String score : scores) {
            row.append(String.format(Locale.ROOT, "%9s  ", Texts.clipped(score, 9)));
        }
        return row.append(Texts.padded(Texts.clipped(query, QUERY_WIDTH), QUERY_WIDTH))
                .append("  ")
                .append(Texts.clipped(passage, PASSAGE_WIDTH))
                .toString();
    }
}
