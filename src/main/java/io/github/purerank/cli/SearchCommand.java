package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.DocumentIndex;
import io.github.purerank.LoadOptions;
import io.github.purerank.RetrieveAndRerank;
import io.github.purerank.RetrievedDocument;
import io.github.purerank.SearchOptions;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Searches an index. */
@Command(
        name = "search",
        description = "Searches an index: vectors find candidates, a cross-encoder orders them.",
        footer = {
            "",
            "Output:",
            "  jsonl  {\"index\": ..., \"score\": ..., \"retrieval_score\": ..., \"text\": ...}",
            "  tsv    rank, score, retrieval score, index, text; a tab or line break becomes a space",
            "  csv    the same, with a header",
            "  table  for people; long texts are cut"
        })
final class SearchCommand implements Callable<Integer> {
    private static final int TEXT_WIDTH = 90;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "QUERY", description = "What is looked for.")
    private String query;

    @Option(
            names = "--index",
            paramLabel = "DIR",
            required = true,
            description = "The index, which \"purerank index\" made.")
    private Path folder;

    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            description = "The sentence encoder that made it. Default: the name that it was made with.")
    private String model;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "10",
            description = "How many documents to show. Default: 10.")
    private int topK;

    @Option(
            names = "--rerank",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many candidates the cross-encoder orders; 0 to leave them in the order of their vectors."
                    + " Default: 100.")
    private int candidates;

    @Option(
            names = "--reranker",
            paramLabel = "DIR|NAME",
            description = "The cross-encoder. Default: the small model in the jar.")
    private String reranker;

    @Mixin
    private EncodingOptions encoding;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--format",
            paramLabel = "table|tsv|csv|jsonl",
            defaultValue = "table",
            description = "How to write the documents. Default: table.")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        ScoringOptions.positive(topK, "--top-k", spec);
        if (candidates < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--rerank: expected a number of at least 0, found " + candidates);
        }
        if (candidates == 0 && reranker != null) {
            throw new ParameterException(spec.commandLine(), "--reranker: there is nothing to order with --rerank 0");
        }
        LoadOptions load = encoding.loadOptions();
        SearchOptions options = SearchOptions.defaults()
                .withTopK(topK)
                .withCandidates(candidates)
                .withEncode(encoding.encodeOptions());
        try (Output out = output.open(spec.commandLine().getOut());
                DocumentIndex index = DocumentIndex.load(folder, load);
                SentenceEncoder encoder = encoding.load(model == null ? index.model() : model);
                CrossEncoder ranker = candidates == 0 ? null : CrossEncoder.load(rerankerFiles(), load)) {
            write(new RetrieveAndRerank(encoder, index, ranker).search(query, options), out);
            out.complete();
        }
        return 0;
    }

    private ModelFiles rerankerFiles() throws IOException {
        return reranker == null
                ? ModelLoader.defaultFiles()
                : ModelLoader.filesIn(ModelStore.ofUser().find(reranker));
    }

    private void write(List<RetrievedDocument> documents, Output out) throws IOException {
        switch (format) {
            case table -> out.println("rank      score  retrieval  document");
            case csv -> out.println("rank,score,retrieval_score,index,text");
            case tsv, jsonl -> {}
        }
        int rank = 0;
        for (RetrievedDocument document : documents) {
            rank++;
            out.println(line(rank, document));
        }
    }

    private String line(int rank, RetrievedDocument document) {
        String score = Numbers.full(document.score());
        String retrieval = Numbers.full(document.retrievalScore());
        return switch (format) {
            case table ->
                String.format(
                        Locale.ROOT,
                        "%4d  %9s  %9s  %s",
                        rank,
                        Numbers.brief(document.score()),
                        Numbers.brief(document.retrievalScore()),
                        Texts.clipped(document.text(), TEXT_WIDTH));
            case tsv, csv ->
                format.row(List.of(
                        Integer.toString(rank), score, retrieval, Integer.toString(document.index()), document.text()));
            case jsonl ->
                "{\"index\": " + document.index() + ", \"score\": " + score + ", \"retrieval_score\": " + retrieval
                        + ", \"text\": " + Texts.json(document.text()) + "}";
        };
    }
}
