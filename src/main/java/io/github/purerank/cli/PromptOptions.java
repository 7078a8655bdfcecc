package io.github.purerank.cli;

import io.github.purerank.PredictOptions;
import picocli.CommandLine.Option;

/** What goes before the query of each pair. */
final class PromptOptions {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "What to put before each query.")
    private String prompt;

    @Option(
            names = "--prompt-name",
            paramLabel = "NAME",
            description = "Which of the model's prompts to put there. Default: the one that its files say.")
    private String promptName;

    /** The options with the prompt that was asked for, if one was. */
    PredictOptions appliedTo(PredictOptions options) {
        PredictOptions prompted = prompt == null ? options : options.withPrompt(prompt);
        return promptName == null ? prompted : prompted.withPromptName(promptName);
    }
}
