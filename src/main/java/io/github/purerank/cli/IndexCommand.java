package io.github.purerank.cli;

import io.github.purerank.DocumentIndex;
import io.github.purerank.EncodeOptions;
import io.github.purerank.SemanticIndex;
import io.github.purerank.SentenceEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Makes an index of documents that search reads. */
@Command(
        name = "index",
        description = "Makes an index of the documents of a file, which \"purerank search\" searches.",
        footer = {
            "",
            "The documents are written as for \"purerank rank --documents\": a document a line, or",
            "\"text\" or \"passage\" in jsonl, tsv and csv. A document's index counts from 0; rows that",
            "are skipped are not counted.",
            "",
            "The index is a folder; an older index there is replaced when the new one is complete. It",
            "has the documents, their vectors, and the name of the model."
        })
final class IndexCommand implements Callable<Integer> {
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

    @Option(names = "--index", paramLabel = "DIR", required = true, description = "Where to put the index.")
    private Path folder;

    @Option(
            names = "--storage",
            paramLabel = "float|int8",
            defaultValue = "float",
            description = "How to keep the vectors: 4 bytes an element, or 1 with a little rounding. Default: float.")
    private SemanticIndex.Storage storage;

    @Mixin
    private EncodingOptions encoding;

    @Mixin
    private TextInput input;

    @Override
    public Integer call() throws IOException {
        if (folder.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--index: expected a name, found an empty one");
        }
        EncodeOptions options = encoding.encodeOptions();
        PrintWriter err = spec.commandLine().getErr();
        List<String> documents = read(err);
        try (SentenceEncoder encoder = encoding.load(model);
                Progress progress = Progress.start(err, "encoding", documents.size(), "documents");
                DocumentIndex index = DocumentIndex.of(
                        encoder,
                        documents,
                        options.withProgress((done, total) -> progress.stepTo(done)),
                        storage,
                        encoding.loadOptions())) {
            index.withModel(model).save(folder);
            PrintWriter out = spec.commandLine().getOut();
            out.println(String.format(
                    Locale.ROOT,
                    "%s: %s, %s, %.1f MiB of vectors",
                    folder,
                    Texts.count(documents.size(), "document", "documents"),
                    Texts.count(index.vectors().dimension(), "dimension", "dimensions"),
                    index.vectors().bytes() / 1048576.0));
            Output.flush(out);
        }
        return 0;
    }

    private List<String> read(PrintWriter err) throws IOException {
        List<String> documents = new ArrayList<>();
        try (BadRows badRows = new BadRows(err, input.skipBadRows());
                RowReader rows = input.open(main.in())) {
            while (true) {
                try {
                    String text = rows.nextText("text", "passage");
                    if (text == null) {
                        return documents;
                    }
                    documents.add(text);
                } catch (BadRowException e) {
                    badRows.report(e);
                }
            }
        }
    }
}
