package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.evaluate.PlattScaling;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.WholeFile;
import io.github.purerank.load.Calibration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Fits what makes probabilities of a model's scores. */
@Command(
        name = "calibrate",
        description =
                "Fits a calibration to labelled pairs, so that scores can be given as probabilities (--calibrated).",
        footer = {
            "%nInput: JSON lines " + LabelledRows.PAIRS + ", or",
            "tsv or csv with the columns query, passage and label; labels 1 (relevant) and 0.",
            "Take pairs like those that will be scored, and none that the model was trained on."
        })
final class CalibrateCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 18;

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
            names = "--output",
            paramLabel = "FILE",
            description = "Where to write the calibration. Default: calibration.json in the model's directory.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        PredictOptions options = scoring.logitOptions();
        Path file = output == null ? besideTheModel() : output;
        OutputFile.requireWritable(file);
        LabelledRows rows = input.read(main.in(), true);
        if (rows.pairs().isEmpty()) {
            throw new IOException(input.name() + ": a calibration needs rows " + LabelledRows.PAIRS);
        }
        int[] labels = rows.classes(2);
        float[] logits;
        Calibration.Inputs inputs;
        try (CrossEncoder model = CrossEncoder.load(withoutOlder(), scoring.loadOptions());
                Progress progress = Progress.start(spec.commandLine().getErr(), "scoring", labels.length, "pairs")) {
            ModelOption.requireOneLabel(model, "calibrate");
            PredictOptions watched = options.withProgress((done, total) -> progress.stepTo(done));
            logits = model.predict(rows.texts(), watched);
            inputs = model.inputs(options);
        }
        rows.requireFinite(logits);
        Calibration calibration = PlattScaling.fit(logits, labels).withInputs(inputs);
        WholeFile.write(file, calibration.toJson());
        print(calibration, file);
        return 0;
    }

    /** The model's files without an older calibration, which may be wrong: it is not used here. */
    private ModelFiles withoutOlder() throws IOException {
        ModelFiles files = modelOption.files();
        if (!(files instanceof ModelFiles.Directory directory) || !files.has(Calibration.FILE_NAME)) {
            return files;
        }
        try {
            Calibration.read(directory.directory().resolve(Calibration.FILE_NAME));
        } catch (ModelFormatException e) {
            spec.commandLine().getErr().println("purerank: not used: " + Texts.oneLine(e.getMessage()));
        }
        return files.without(Calibration.FILE_NAME);
    }

    private Path besideTheModel() throws IOException {
        if (modelOption.files() instanceof ModelFiles.Directory files) {
            return files.directory().resolve(Calibration.FILE_NAME);
        }
        throw new ParameterException(
                spec.commandLine(),
                "--output FILE is needed: the small model is in the jar, where nothing can be written");
    }

    private void print(Calibration calibration, Path file) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Texts.padded("pairs", NAME_WIDTH) + calibration.pairs());
        out.println(Texts.padded("slope", NAME_WIDTH) + Numbers.brief(calibration.slope()));
        out.println(Texts.padded("intercept", NAME_WIDTH) + Numbers.brief(calibration.intercept()));
        out.println(Texts.padded("log-loss before", NAME_WIDTH) + Numbers.brief(calibration.logLossBefore()));
        out.println(Texts.padded("log-loss after", NAME_WIDTH) + Numbers.brief(calibration.logLossAfter()));
        out.println(Texts.padded("written to", NAME_WIDTH) + file);
        if (calibration.slope() <= 0) {
            spec.commandLine()
                    .getErr()
                    .println("purerank: the slope is not above 0: by these labels, higher scores mean less relevant");
        }
        Output.flush(out);
    }
}
