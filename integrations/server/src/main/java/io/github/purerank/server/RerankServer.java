package io.github.purerank.server;

import io.github.purerank.CrossEncoder;
import java.io.IOException;
import java.util.Objects;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Ranks over HTTP: {@code POST /rerank} as Text Embeddings Inference, {@code /v1/rerank} as Jina, {@code /v2/rerank} as Cohere;
 * {@code GET /health}, {@code /metrics}, and a page at {@code /}.
 *
 * <p>Safe for many threads at once.
 */
public final class RerankServer implements AutoCloseable {
    /** A connection that says nothing for so long is closed. */
    private static final long IDLE_MILLIS = 60_000;
    /** Threads for HTTP: they read, tokenise and write. Scoring has a thread of its own and those of the model. */
    private static final int MAX_THREADS = 32;

    private final Server server;
    private final ServerConnector connector;
    private final ScoringQueue queue;
    private final ServerOptions options;

    private RerankServer(Server server, ServerConnector connector, ScoringQueue queue, ServerOptions options) {
        this.server = server;
        this.connector = connector;
        this.queue = queue;
        this.options = options;
    }

    /**
     * Starts a server.
     *
     * @param model of one label; closing the server leaves it open
     * @param modelName what answers call it
     * @throws IllegalArgumentException if the model has several labels
     * @throws IOException if the address cannot be listened on
     */
    public static RerankServer start(CrossEncoder model, String modelName, ServerOptions options) throws IOException {
        Objects.requireNonNull(modelName, "modelName");
        Objects.requireNonNull(options, "options");
        if (model.labels().size() != 1) {
            throw new IllegalArgumentException("ranking needs a model of one label; this one has " + model.labels());
        }
        Metrics metrics = new Metrics();
        ScoringQueue queue = new ScoringQueue(model, options, metrics);
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("purerank-http");
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        Reranker reranker = new Reranker(model, options, queue);
        server.setHandler(
                new GracefulHandler(new RerankHandler(modelName, options, reranker, queue, metrics, threads)));
        server.setStopTimeout(options.shutdownTimeout().toMillis());
        queue.start();
        try {
            server.start();
        } catch (Exception e) {
            queue.close(0);
            stop(server);
            throw new IOException("cannot listen on " + options.host() + ":" + options.port() + ": " + message(e), e);
        }
        return new RerankServer(server, connector, queue, options);
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /**
     * Takes no more requests, answers those that it has taken, within the time for that, and ends; what is scored then is broken off.
     * Its threads are gone when this returns.
     */
    @Override
    public void close() {
        long begin = System.nanoTime();
        stop(server);
        // HTTP has waited for answers, and so for scores: what it left of the time is all there is.
        queue.close(Math.max(0, options.shutdownTimeout().toNanos() - (System.nanoTime() - begin)) / 1_000_000);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(RerankServer.class.getName())
                    .log(System.Logger.Level.WARNING, "the server did not stop as it should", e);
        }
    }

    private static String message(Exception e) {
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }
}
