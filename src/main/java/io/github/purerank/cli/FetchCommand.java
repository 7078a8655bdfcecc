package io.github.purerank.cli;

import io.github.purerank.load.FetchListener;
import io.github.purerank.load.FetchedModel;
import io.github.purerank.load.ModelFetcher;
import io.github.purerank.load.ModelNotFoundException;
import io.github.purerank.load.ModelStore;
import io.github.purerank.load.WeightsManifest.Model;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code purerank fetch}: downloads a model of the manifest and prints its directory. */
@Command(
        name = "fetch",
        description = "Download a model into the cache and print its directory.",
        footer = {
            "",
            "Files go to $PURERANK_HOME, or to the user's cache directory. What an interrupted download left is used by the next.",
            "HTTPS_PROXY, HTTP_PROXY and NO_PROXY are respected; PURERANK_MIRROR is the default of --mirror."
        })
final class FetchCommand implements Callable<Integer> {
    private final ModelStore store;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "the model, as in cross-encoder/ms-marco-MiniLM-L6-v2 or ms-marco-MiniLM-L6-v2")
    private String name;

    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description = "a server with the same paths as https://huggingface.co, to be asked instead")
    private String mirror;

    @Option(names = "--list", description = "list the models that can be fetched, and whether they have been")
    private boolean list;

    /** Fetches into the user's store. */
    FetchCommand() {
        this(ModelStore.ofUser());
    }

    FetchCommand(ModelStore store) {
        this.store = store;
    }

    @Override
    public Integer call() throws IOException {
        if (list == (name != null)) {
            throw new ParameterException(spec.commandLine(), "expected the NAME of a model or --list");
        }
        if (list) {
            printModels();
            return 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        Model model = model();
        FetchedModel fetched;
        try (Bars bars = new Bars(err)) {
            fetched = fetcher().fetch(model.name(), bars);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted; the same command goes on from here");
        }
        err.println(
                fetched.files() == 0
                        ? model.name() + " is complete already"
                        : "fetched " + Texts.count(fetched.files(), "file", "files") + " of " + model.name()
                                + ", licence " + model.licence());
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.println(fetched.directory());
        out.flush();
        return 0;
    }

    private Model model() throws IOException {
        try {
            return store.model(name);
        } catch (ModelNotFoundException e) {
            boolean isPath;
            try {
                isPath = Files.exists(Path.of(name));
            } catch (InvalidPathException invalid) {
                isPath = false;
            }
            if (isPath && !name.isEmpty()) {
                throw new IOException(name
                        + ": expected the name of a model, as \"purerank fetch --list\" shows them, found a path; other commands"
                        + " take it with --model");
            }
            throw e;
        }
    }

    private ModelFetcher fetcher() throws IOException {
        if (mirror == null) {
            return ModelFetcher.create(store);
        }
        try {
            return ModelFetcher.create(store, mirror);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--mirror: " + e.getMessage(), e);
        }
    }

    private void printModels() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (Model model : store.models()) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s\t%.1f MB\t%s\t%s",
                    model.name(),
                    model.bytes() / 1e6,
                    model.licence(),
                    store.isComplete(model) ? "fetched" : "not fetched"));
        }
        out.flush();
    }

    /** A bar for each file. */
    private static final class Bars implements FetchListener, AutoCloseable {
        private final PrintWriter err;
        private String file;
        private Progress bar;

        Bars(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void progress(String newFile, long done, long total) {
            if (!newFile.equals(file)) {
                close();
                file = newFile;
                bar = Progress.start(err, newFile, total, "B");
            }
            bar.stepTo(done);
        }

        @Override
        public void waiting(Path directory) {
            err.println("waiting for another fetch into " + directory);
            err.flush();
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
