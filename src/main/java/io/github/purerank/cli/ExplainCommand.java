package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows in a page for the browser why a pair has the score it has. */
@Command(
        name = "explain",
        description = "Writes a page for the browser that shows why a query and a passage have the score they have.",
        footer = {
            "%nThe page is one HTML file that needs nothing else: what each word adds to the score, what the attention heads look"
                    + " at, how the tokens' vectors grow, where the time goes."
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption modelOption;

    @Parameters(index = "0", paramLabel = "QUERY", description = "The first text.")
    private String query;

    @Parameters(index = "1", paramLabel = "PASSAGE", description = "The second text.")
    private String passage;

    @Option(names = "--output", paramLabel = "FILE.html", required = true, description = "Where to write the page.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        OutputFile.requireWritable(output);
        try (CrossEncoder model = modelOption.load(LoadOptions.defaults())) {
            ModelOption.requireOneLabel(model, "explain");
            Explanation explanation = Explanation.of(model, new TextPair(query, passage));
            new ExplainReport(explanation, modelOption.name(), model).write(output);
        }
        return 0;
    }
}
