package io.github.purerank.cli;

import io.github.purerank.EncodeOptions;
import io.github.purerank.LoadOptions;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command makes vectors of texts. */
final class EncodingOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with. Default: one a processor.")
    private Integer threads;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "The most texts to compute together. Default: by their tokens. Vectors do not depend on it.")
    private Integer batchSize;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "The most tokens of a text; longer ones are cut. Default: the model's own limit.")
    private Integer maxLength;

    @Option(
            names = "--dimensions",
            paramLabel = "N",
            description = "Keep the first N elements of a vector. Default: what the model's files say, as a rule all.")
    private Integer dimensions;

    @Option(names = "--normalize", description = "Make vectors 1 long; many models do so themselves.")
    private boolean normalize;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What to put before each text.")
    private String prompt;

    @Option(names = "--prompt-name", paramLabel = "NAME", description = "Which of the model's prompts to put there.")
    private String promptName;

    LoadOptions loadOptions() {
        LoadOptions options = LoadOptions.defaults();
        return threads == null ? options : options.withThreads(ScoringOptions.positive(threads, "--threads", spec));
    }

    EncodeOptions encodeOptions() {
        EncodeOptions options = EncodeOptions.defaults().withNormalize(normalize);
        if (batchSize != null) {
            options = options.withBatchSize(ScoringOptions.positive(batchSize, "--batch-size", spec));
        }
        if (maxLength != null) {
            options = options.withMaxLength(ScoringOptions.positive(maxLength, "--max-length", spec));
        }
        if (dimensions != null) {
            options = options.withTruncateDimensions(ScoringOptions.positive(dimensions, "--dimensions", spec));
        }
        if (prompt != null) {
            options = options.withPrompt(prompt);
        }
        return promptName == null ? options : options.withPromptName(promptName);
    }

    SentenceEncoder load(String model) throws IOException {
        return SentenceEncoder.load(ModelLoader.filesIn(ModelStore.ofUser().find(model)), loadOptions());
    }
}
