package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which model a command works with. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            description =
                    "A model's directory, or the name of one that was fetched. Default: the small model in the jar.")
    private String model;

    /** What was asked for; null for the default model. */
    String name() {
        return model;
    }

    ModelFiles files() throws IOException {
        return model == null
                ? ModelLoader.defaultFiles()
                : ModelLoader.filesIn(ModelStore.ofUser().find(model));
    }

    /** Refuses a model of several labels. */
    static void requireOneLabel(CrossEncoder model, String command) throws IOException {
        if (model.labels().size() != 1) {
            throw new IOException(command + " needs a model of one label; this one has the labels " + model.labels());
        }
    }

    CrossEncoder load(LoadOptions options) throws IOException {
        return CrossEncoder.load(files(), options);
    }
}
