package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.evaluate.BinaryMetrics;
import io.github.purerank.evaluate.CrossEncoderClassificationEvaluator;
import io.github.purerank.evaluate.CrossEncoderCorrelationEvaluator;
import io.github.purerank.evaluate.CrossEncoderRerankingEvaluator;
import io.github.purerank.format.WholeFile;
import io.github.purerank.picture.ScoreDistribution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures a model with labelled data. */
@Command(
        name = "evaluate",
        description = "Measures a model with labelled data; the metrics are those of sentence-transformers.",
        footer = {
            "%nInput: JSON lines, all of one kind:",
            "  {\"query\": ..., \"passage\": ..., \"label\": ...}, or tsv or csv with these columns",
            "    labels 0 and 1: accuracy, F1, precision, recall, average precision",
            "    other labels, or with a point: Pearson and Spearman correlation",
            "    a model of several labels: F1; labels are places, counted from 0",
            "  {\"query\": ..., \"positive\": [...], \"negative\": [...]}: MAP, MRR, nDCG",
            "  {\"query\": ..., \"positive\": [...], \"documents\": [...]}, the latter as a",
            "    search found them: the same, and those of this order as base_..."
        })
final class EvaluateCommand implements Callable<Integer> {
    /** How the metrics are written. */
    enum Format {
        /** One a line, for people to read. */
        table,
        /** All in one JSON object, with all digits. */
        jsonl
    }

    private static final int DEFAULT_AT_K = 10;
    private static final int NAME_WIDTH = 22;

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private ScoringOptions scoring;

    @Mixin
    private LabelledInput input;

    @Option(
            names = "--format",
            paramLabel = "table|jsonl",
            defaultValue = "table",
            description = "How to write the metrics. Default: table.")
    private Format format;

    @Option(
            names = "--at-k",
            paramLabel = "K",
            description = "How many of the best documents MRR and nDCG look at. Default: 10.")
    private Integer atK;

    @Option(
            names = "--always-rerank-positives",
            arity = "1",
            paramLabel = "true|false",
            description =
                    "Whether to rank all of \"positive\", or only those that are among \"documents\". Default: true.")
    private Boolean alwaysRerankPositives;

    @Option(
            names = "--plot",
            paramLabel = "FILE.svg",
            description = "Draw how the scores of relevant and irrelevant pairs are distributed.")
    private Path plot;

    /**
     * What was found.
     *
     * @param basis what it is about, for people to read
     * @param plotted the distribution of the scores; null for a kind of data that has none
     */
    private record Result(String basis, Map<String, Double> metrics, ScoreDistribution plotted) {}

    @Override
    public Integer call() throws IOException {
        PredictOptions options = scoring.predictOptions();
        if (atK != null) {
            ScoringOptions.positive(atK, "--at-k", spec);
        }
        if (plot != null) {
            OutputFile.requireWritable(plot);
        }
        boolean allPositives = !Boolean.FALSE.equals(alwaysRerankPositives);
        LabelledRows rows = input.read(main.in(), allPositives);
        if (rows.samples().isEmpty()) {
            refuseForPairs(atK, "--at-k");
            refuseForPairs(alwaysRerankPositives, "--always-rerank-positives");
        }
        Result result;
        try (CrossEncoder model = modelOption.load(scoring.loadOptions());
                Progress progress = Progress.start(spec.commandLine().getErr(), "scoring", -1, "pairs")) {
            PredictOptions watched = options.withProgress((done, total) -> progress.stepTo(done));
            result = rows.samples().isEmpty()
                    ? ofPairs(model, rows, watched)
                    : ofSamples(
                            model,
                            rows,
                            new CrossEncoderRerankingEvaluator.Options(
                                    atK == null ? DEFAULT_AT_K : atK, allPositives, "", watched));
        }
        if (plot != null) {
            WholeFile.write(plot, result.plotted().toSvg());
        }
        PrintWriter out = spec.commandLine().getOut();
        print(out, result);
        Output.flush(out);
        return 0;
    }

    private void refuseForPairs(Object option, String name) {
        if (option != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    name + " is for rows with \"positive\"; those of " + input.name() + " have labels");
        }
    }

    private Result ofSamples(CrossEncoder model, LabelledRows rows, CrossEncoderRerankingEvaluator.Options options)
            throws IOException {
        ModelOption.requireOneLabel(model, "evaluate with rows of \"positive\"");
        CrossEncoderRerankingEvaluator evaluator = new CrossEncoderRerankingEvaluator(rows.samples(), options);
        if (plot != null && evaluator.pairs().isEmpty()) {
            throw new IOException("--plot: no query has relevant documents among those to be ranked, so nothing is"
                    + " scored and there is nothing to draw");
        }
        float[] scores = model.predict(evaluator.pairs(), options.predict());
        return new Result(
                Texts.count(rows.samples().size(), "query", "queries") + ", "
                        + Texts.count(scores.length, "pair", "pairs"),
                evaluator.evaluate(scores).metrics(),
                plot == null
                        ? null
                        : distribution(scores, evaluator.labels(), BinaryMetrics.of(scores, evaluator.labels())));
    }

    private Result ofPairs(CrossEncoder model, LabelledRows rows, PredictOptions options) throws IOException {
        int labelCount = model.labels().size();
        boolean binary = labelCount == 1 && rows.areBinary();
        if (plot != null && !binary) {
            throw new IOException("--plot shows relevant and irrelevant pairs: it needs "
                    + (labelCount == 1 ? "the labels 0 and 1 alone" : "a model of one label"));
        }
        String basis = Texts.count(rows.pairs().size(), "pair", "pairs");
        if (labelCount > 1) {
            int[] labels = rows.classes(labelCount);
            float[][] scores = model.predictLabels(rows.texts(), options);
            rows.requireFinite(flat(scores));
            return new Result(
                    basis,
                    new CrossEncoderClassificationEvaluator(rows.texts(), labels)
                            .evaluate(scores)
                            .metrics(),
                    null);
        }
        float[] scores = model.predict(rows.texts(), options);
        rows.requireFinite(scores);
        Map<String, Double> metrics = new LinkedHashMap<>();
        ScoreDistribution plotted = null;
        if (binary) {
            int[] labels = rows.classes(2);
            BinaryMetrics binaryMetrics = BinaryMetrics.of(scores, labels);
            metrics.putAll(binaryMetrics.byName());
            plotted = plot == null ? null : distribution(scores, labels, binaryMetrics);
        }
        if (rows.areGraded()) {
            metrics.putAll(new CrossEncoderCorrelationEvaluator(rows.texts(), rows.labels())
                    .evaluate(scores)
                    .metrics());
        }
        return new Result(basis, metrics, plotted);
    }

    private static float[] flat(float[][] scores) {
        float[] flat = new float[scores.length * scores[0].length];
        for (int i = 0; i < scores.length; i++) {
            System.arraycopy(scores[i], 0, flat, i * scores[0].length, scores[0].length);
        }
        return flat;
    }

    private static ScoreDistribution distribution(float[] scores, int[] labels, BinaryMetrics metrics) {
        return new ScoreDistribution(
                ofLabel(1, scores, labels),
                ofLabel(0, scores, labels),
                metrics.f1() > 0 ? metrics.f1Threshold() : Double.NaN,
                "best F1 " + Numbers.brief(metrics.f1()));
    }

    private static double[] ofLabel(int label, float[] scores, int[] labels) {
        double[] its = new double[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] == label) {
                its[count++] = scores[i];
            }
        }
        return Arrays.copyOf(its, count);
    }

    private void print(PrintWriter out, Result result) {
        switch (format) {
            case table -> {
                out.println(Texts.padded("data", NAME_WIDTH) + result.basis());
                result.metrics()
                        .forEach((name, value) -> out.println(
                                Texts.padded(name, NAME_WIDTH) + Texts.paddedLeft(Numbers.brief(value), 8)));
            }
            case jsonl -> {
                StringJoiner json = new StringJoiner(", ", "{", "}");
                result.metrics().forEach((name, value) -> json.add(Texts.json(name) + ": " + Numbers.full(value)));
                out.println(json);
            }
        }
    }
}
