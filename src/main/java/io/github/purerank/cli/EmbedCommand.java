package io.github.purerank.cli;

import io.github.purerank.EncodeOptions;
import io.github.purerank.SentenceEncoder;
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

/** Makes vectors of texts, as they come. */
@Command(
        name = "embed",
        description = "Makes a vector of each text of a file, with a sentence encoder.",
        footer = {
            "",
            "Input, compressed with gzip or not:",
            "  jsonl     {\"text\": ...} or {\"passage\": ...} a line; other keys are passed over",
            "  tsv, csv  one column; or several, of which the first row names one \"text\" or",
            "            \"passage\"",
            "  others    a text a line",
            "Blank lines are passed over. A row that is skipped has an empty result: null, in JSON.",
            "",
            "Output, a row for each row of input:",
            "  jsonl  {\"embedding\": [...]}",
            "  tsv    the elements, with tabs between"
        })
final class EmbedCommand implements Callable<Integer> {
    /** Texts that are encoded together. */
    private static final int SLICE = 1024;

    /** How vectors are written. */
    enum Format {
        /** Elements with tabs between. */
        tsv,
        /** A list. */
        jsonl
    }

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            required = true,
            description = "A sentence encoder's directory, or the name of one that was fetched.")
    private String model;

    @Mixin
    private EncodingOptions encoding;

    @Mixin
    private TextInput input;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--format",
            paramLabel = "tsv|jsonl",
            defaultValue = "jsonl",
            description = "How to write the vectors. Default: jsonl.")
    private Format format;

    @Override
    public Integer call() throws IOException {
        EncodeOptions options = encoding.encodeOptions();
        PrintWriter err = spec.commandLine().getErr();
        try (Output out = output.open(spec.commandLine().getOut());
                BadRows badRows = new BadRows(err, input.skipBadRows());
                RowReader rows = input.open(main.in());
                SentenceEncoder encoder = encoding.load(model);
                Progress progress = Progress.start(err, "encoding", -1, "texts")) {
            long done = 0;
            boolean more = true;
            while (more) {
                // Null for a row that is skipped.
                List<String> texts = new ArrayList<>();
                more = read(rows, badRows, texts);
                write(encoder, texts, options, out);
                done += texts.size();
                progress.stepTo(done);
            }
            out.complete();
        }
        return 0;
    }

    /** Whether there may be more. */
    private static boolean read(RowReader rows, BadRows badRows, List<String> texts) throws IOException {
        while (texts.size() < SLICE && (texts.isEmpty() || rows.ready())) {
            try {
                String text = rows.nextText("text", "passage");
                if (text == null) {
                    return false;
                }
                texts.add(text);
            } catch (BadRowException e) {
                badRows.report(e);
                texts.add(null);
            }
        }
        return true;
    }

    private void write(SentenceEncoder encoder, List<String> texts, EncodeOptions options, Output out)
            throws IOException {
        List<String> readable = new ArrayList<>();
        for (String text : texts) {
            if (text != null) {
                readable.add(text);
            }
        }
        float[][] vectors = encoder.encode(readable, options);
        int next = 0;
        for (String text : texts) {
            out.println(line(text == null ? null : vectors[next++]));
        }
        out.flush();
    }

    private String line(float[] vector) {
        boolean json = format == Format.jsonl;
        if (vector == null) {
            return json ? "{\"embedding\": null}" : "";
        }
        StringBuilder line = new StringBuilder(json ? "{\"embedding\": [" : "");
        for (int i = 0; i < vector.length; i++) {
            line.append(i == 0 ? "" : json ? ", " : "\t").append(Numbers.full(vector[i]));
        }
        return line.append(json ? "]}" : "").toString();
    }
}
