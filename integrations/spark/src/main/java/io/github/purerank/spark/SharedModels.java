package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The models of this JVM: each is loaded once, when the first task needs it, and closed when the JVM ends. */
final class SharedModels {
    /** What this JVM's tasks share. */
    static final SharedModels OF_THIS_JVM = new SharedModels();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(OF_THIS_JVM::close, "purerank-close"));
    }

    /** A model as a task wants it. */
    private record Key(String location, int threads) {}

    private final Map<Key, CrossEncoder> models = new HashMap<>();
    private boolean closed;

    /**
     * The model, with so many threads for each call. A model that could not be loaded is tried anew by the next task.
     *
     * @throws UncheckedIOException if it cannot be loaded; it names the model
     */
    synchronized CrossEncoder get(ModelSource source, int threads) {
        if (closed) {
            throw new IllegalStateException("this JVM is ending");
        }
        Key key = new Key(source.location(), threads);
        CrossEncoder model = models.get(key);
        if (model == null) {
            model = load(source, threads);
            models.put(key, model);
        }
        return model;
    }

    private static CrossEncoder load(ModelSource source, int threads) {
        LoadOptions options = LoadOptions.defaults().withThreads(threads);
        try {
            return source.load(threads == 1 ? options : options.withExecutor(HelperThreads.EXECUTOR));
        } catch (IOException e) {
            throw new UncheckedIOException("PureRank cannot load " + source.location() + ": " + e.getMessage(), e);
        }
    }

    /** Calls that have begun end as usual. */
    synchronized void close() {
        closed = true;
        models.values().forEach(CrossEncoder::close);
        models.clear();
    }

    /**
     * Threads beside those of the tasks, made as they are needed: each call asks for one less than its task has processors, so
     * together they are no more than the executor has.
     */
    private static final class HelperThreads {
        static final Executor EXECUTOR = Executors.newCachedThreadPool(HelperThreads::newThread);
        private static final AtomicInteger NUMBER = new AtomicInteger();

        private static Thread newThread(Runnable runnable) {
            Thread thread = new Thread(runnable, "purerank-spark-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }
}
