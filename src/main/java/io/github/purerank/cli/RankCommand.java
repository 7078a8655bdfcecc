package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.RankOptions;
import io.github.purerank.RankedDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Orders documents by their relevance to a query. */
@Command(
        name = "rank",
        description = "Orders documents by their relevance to a query, best first.",
        footer = {
            "",
            "The documents of a file, compressed with gzip or not:",
            "  .jsonl      {\"text\": ...} or {\"passage\": ...} a line; other keys are passed over",
            "  .tsv, .csv  one column; or several, of which the first row names one \"text\" or",
            "              \"passage\"",
            "  others      a document a line",
            "Blank lines are passed over.",
            "",
            "A document's index counts from 0: first the documents of the command line, then",
            "those of the file. Blank lines are not counted, rows that are skipped are.",
            "",
            "Output:",
            "  jsonl  {\"index\": ..., \"score\": ..., \"text\": ...}, and with --long-text \"window\":",
            "         [start, end], the part of the text that the score is of, in UTF-16 units",
            "  tsv    rank, score, index, text; a tab or line break in a text becomes a space",
            "  csv    the same, with a header",
            "  table  for people; long texts are cut"
        })
final class RankCommand implements Callable<Integer> {
    private static final int TEXT_WIDTH = 100;

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private ScoringOptions scoring;

    @Parameters(index = "0", paramLabel = "QUERY", description = "What is looked for.")
    private String query;

    @Parameters(index = "1..*", paramLabel = "DOCUMENT", description = "The documents.")
    private List<String> documents = new ArrayList<>();

    @Option(
            names = "--documents",
            paramLabel = "FILE|-",
            description = "More documents; may be compressed with gzip. -: standard input.")
    private String file;

    @Option(
            names = "--input-format",
            paramLabel = "jsonl|tsv|csv",
            description = "How the documents are written. Default: what the file's name says, else a document a line.")
    private InputFormat inputFormat;

    @Option(
            names = "--skip-bad-rows",
            description =
                    "Go on after a document that cannot be read: name it, and say in the end how many there were.")
    private boolean skipBadRows;

    @Option(names = "--top-k", paramLabel = "K", description = "How many of the best to show. Default: all.")
    private Integer topK;

    @Option(
            names = "--min-score",
            paramLabel = "X",
            description = "Leave out documents with a lower score. Default: none.")
    private Float minScore;

    @Option(names = "--no-documents", description = "Leave out the texts: write each document's index alone.")
    private boolean withoutTexts;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|csv|jsonl",
            defaultValue = "table",
            description = "How to write the ranking. Default: table.")
    private OutputFormat format;

    /** The indexes of texts, where rows were skipped before them. */
    private final List<Integer> indexes = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        RankOptions options = rankOptions();
        if (documents.isEmpty() && file == null) {
            throw new ParameterException(spec.commandLine(), "no documents: name some, or a file with --documents");
        }
        try (Output out = output.open(spec.commandLine().getOut())) {
            List<String> texts = readDocuments();
            try (CrossEncoder model = modelOption.load(scoring.loadOptions());
                    Progress progress =
                            Progress.start(spec.commandLine().getErr(), "scoring", texts.size(), "documents")) {
                PredictOptions predict = options.predict().withProgress((done, total) -> progress.stepTo(done));
                write(model.rank(query, texts, options.withPredict(predict)), out);
            }
            out.complete();
        }
        return 0;
    }

    private RankOptions rankOptions() throws IOException {
        RankOptions options =
                RankOptions.defaults().withPredict(scoring.predictOptions()).withReturnDocuments(!withoutTexts);
        if (topK != null) {
            options = options.withTopK(ScoringOptions.positive(topK, "--top-k", spec));
        }
        if (minScore != null) {
            if (minScore.isNaN()) {
                throw new ParameterException(spec.commandLine(), "--min-score: expected a number, found NaN");
            }
            options = options.withMinScore(minScore);
        }
        return options;
    }

    private List<String> readDocuments() throws IOException {
        List<String> texts = new ArrayList<>(documents);
        for (int i = 0; i < documents.size(); i++) {
            indexes.add(i);
        }
        if (file == null) {
            return texts;
        }
        int index = documents.size();
        InputFormat format = InputFormat.chosen(inputFormat, file);
        try (BadRows badRows = new BadRows(spec.commandLine().getErr(), skipBadRows);
                RowReader rows = RowReader.ofDocuments(InputFile.open(file, main.in()), format)) {
            while (true) {
                try {
                    String text = rows.nextText("text", "passage");
                    if (text == null) {
                        return texts;
                    }
                    texts.add(text);
                    indexes.add(index);
                } catch (BadRowException e) {
                    badRows.report(e);
                }
                index++;
            }
        }
    }

    private void write(List<RankedDocument> ranking, Output out) throws IOException {
        switch (format) {
            case table -> out.println("rank      score  " + (withoutTexts ? "index" : "document"));
            case csv -> out.println("rank,score,index" + (withoutTexts ? "" : ",text"));
            case tsv, jsonl -> {}
        }
        int rank = 0;
        for (RankedDocument document : ranking) {
            rank++;
            out.println(line(rank, document, indexes.get(document.index())));
        }
    }

    private String line(int rank, RankedDocument document, int index) {
        String score = Numbers.full(document.score());
        return switch (format) {
            case table ->
                String.format(
                        Locale.ROOT,
                        "%4d  %9s  %s",
                        rank,
                        Numbers.brief(document.score()),
                        withoutTexts ? index : Texts.clipped(document.text(), TEXT_WIDTH));
            case tsv, csv -> {
                List<String> columns = new ArrayList<>(List.of(Integer.toString(rank), score, Integer.toString(index)));
                if (!withoutTexts) {
                    columns.add(document.text());
                }
                yield format.row(columns);
            }
            case jsonl ->
                "{\"index\": " + index + ", \"score\": " + score
                        + (scoring.readsWindows() ? ", \"window\": " + window(document) : "")
                        + (withoutTexts ? "" : ", \"text\": " + Texts.json(document.text())) + "}";
        };
    }

    private static String window(RankedDocument document) {
        return "[" + document.window().start() + ", " + document.window().end() + "]";
    }
}
