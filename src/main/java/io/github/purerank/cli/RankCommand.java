package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.RankedDocument;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
@Command(name = "rank", description = "Orders documents by their relevance to a query, best first.")
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
            description = "More documents: one a line, or a .jsonl file of objects with \"text\" or \"passage\".")
    private String file;

    @Option(names = "--top-k", paramLabel = "K", description = "How many of the best to show. Default: all.")
    private Integer topK;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|jsonl",
            defaultValue = "table",
            description = "How to write the ranking. Default: table.")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        PredictOptions options = scoring.predictOptions();
        int wanted = topK == null ? Integer.MAX_VALUE : ScoringOptions.positive(topK, "--top-k", spec);
        if (documents.isEmpty() && file == null) {
            throw new ParameterException(spec.commandLine(), "no documents: name some, or a file with --documents");
        }
        List<String> texts = new ArrayList<>(documents);
        if (file != null) {
            readDocuments(texts);
        }
        PrintWriter out = spec.commandLine().getOut();
        try (CrossEncoder model = modelOption.load(scoring.loadOptions());
                Progress progress = Progress.start(spec.commandLine().getErr(), "scoring", texts.size(), "documents")) {
            List<RankedDocument> ranking =
                    model.rank(query, texts, wanted, options.withProgress((done, total) -> progress.stepTo(done)));
            if (format == OutputFormat.table) {
                out.println("rank      score  document");
            }
            for (int i = 0; i < ranking.size(); i++) {
                out.println(line(i + 1, ranking.get(i)));
            }
        }
        Output.flush(out);
        return 0;
    }

    private void readDocuments(List<String> texts) throws IOException {
        try (LineReader lines = InputFile.open(file, main.in())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                texts.add(file.endsWith(".jsonl") ? text(line, lines.place()) : line);
            }
        }
    }

    private static String text(String line, String place) throws IOException {
        JsonValue row = JsonValue.parse(line.getBytes(StandardCharsets.UTF_8), place);
        JsonValue text = row.find("text").orElse(null);
        return (text == null ? row.get("passage") : text).string();
    }

    private String line(int rank, RankedDocument document) {
        return switch (format) {
            case table ->
                String.format(
                        Locale.ROOT,
                        "%4d  %9s  %s",
                        rank,
                        Numbers.brief(document.score()),
                        Texts.clipped(document.text(), TEXT_WIDTH));
            case tsv ->
                rank + "\t" + Numbers.full(document.score()) + "\t" + document.index() + "\t"
                        + Texts.tsv(document.text());
            case jsonl ->
                "{\"index\": " + document.index() + ", \"score\": " + Numbers.full(document.score()) + ", \"text\": "
                        + Texts.json(document.text()) + "}";
        };
    }
}
