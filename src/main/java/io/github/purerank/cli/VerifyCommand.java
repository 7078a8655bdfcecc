package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares a model's scores with those of the reference implementation. */
@Command(
        name = "verify",
        description = "Scores pairs whose scores are known and compares; the exit status is 1 if one is too far off.",
        footer = {
            "%nDefault reference: reference_scores.json in the model's directory, else what is shipped for the model's name.",
            "Format: {\"pairs\": [{\"query\": ..., \"passage\": ..., \"score\": ...}, ...]}; a pair or the file may have a"
                    + " \"tolerance\"."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Option(names = "--reference", paramLabel = "FILE", description = "The pairs and their scores.")
    private String reference;

    @Override
    public Integer call() throws IOException {
        ReferenceScores expected =
                reference == null ? ReferenceScores.of(modelOption) : ReferenceScores.read(reference);
        List<ReferenceScores.Row> rows = expected.rows();
        float[] found;
        String kernels;
        try (CrossEncoder model = modelOption.load(LoadOptions.defaults())) {
            ModelOption.requireOneLabel(model, "verify");
            found = model.predict(expected.pairs());
            kernels = model.info().kernels();
        }
        double[] x = new double[found.length];
        double[] y = new double[found.length];
        double largest = 0;
        int tooFar = 0;
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < found.length; i++) {
            ReferenceScores.Row row = rows.get(i);
            x[i] = found[i];
            y[i] = row.score();
            double difference = Math.abs(x[i] - y[i]);
            largest = Math.max(largest, difference);
            // Written so that NaN is too far.
            if (!(difference <= row.tolerance() * Math.max(1, Math.abs(y[i])))) {
                tooFar++;
                out.println("differs: pair " + (i + 1) + ": expected " + y[i] + ", found " + Numbers.full(found[i])
                        + " (" + Texts.clipped(row.pair().query(), 40) + ")");
            }
        }
        out.println(Texts.padded("reference", 26) + expected.source());
        out.println(Texts.padded("kernels", 26) + kernels);
        out.println(Texts.padded("pairs", 26) + found.length);
        out.println(Texts.padded("largest difference", 26) + String.format(Locale.ROOT, "%.3g", largest));
        out.println(Texts.padded("beyond their tolerance", 26) + tooFar);
        out.println(Texts.padded("Pearson correlation", 26)
                + correlation(found.length, () -> new PearsonsCorrelation().correlation(x, y)));
        out.println(Texts.padded("Spearman correlation", 26)
                + correlation(found.length, () -> new SpearmansCorrelation().correlation(x, y)));
        Output.flush(out);
        return tooFar == 0 ? 0 : 1;
    }

    private static String correlation(int pairs, DoubleSupplier value) {
        if (pairs < 2) {
            return "needs two pairs";
        }
        double correlation = value.getAsDouble();
        return Double.isNaN(correlation)
                ? "undefined: on one side all scores are the same, or one is no number"
                : String.format(Locale.ROOT, "%.9f", correlation);
    }
}
