package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP: paths, headers, bodies and statuses. No thread waits for a body or for scores. */
final class RerankHandler extends Handler.Abstract {
    private static final List<RerankApi> APIS = List.of(new TeiApi(), new JinaApi(), new CohereApi());
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String model;
    private final ServerOptions options;
    private final Reranker reranker;
    private final ScoringQueue queue;
    private final Metrics metrics;
    private final Executor executor;
    private final byte[] page;
    private final JsonMapper json = new JsonMapper();

    RerankHandler(
            String model,
            ServerOptions options,
            Reranker reranker,
            ScoringQueue queue,
            Metrics metrics,
            Executor executor)
            throws IOException {
        this.model = model;
        this.options = options;
        this.reranker = reranker;
        this.queue = queue;
        this.metrics = metrics;
        this.executor = executor;
        try (InputStream in = RerankHandler.class.getResourceAsStream("page.html")) {
            this.page = in.readAllBytes();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        for (RerankApi api : APIS) {
            if (api.path().equals(path)) {
                new Exchange(api, request, response, callback).begin();
                return true;
            }
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            send(response, callback, 404, "text/plain", "not found\n");
            return true;
        }
        switch (path) {
            case "/" -> {
                response.getHeaders().put("Content-Security-Policy", PAGE_POLICY);
                response.getHeaders().put("X-Content-Type-Options", "nosniff");
                send(response, callback, 200, "text/html;charset=utf-8", page);
            }
            case "/health" -> send(response, callback, 200, "text/plain", "ok\n");
            case "/metrics" -> {
                if (isAuthorized(request)) {
                    send(response, callback, 200, Metrics.CONTENT_TYPE, metrics.text());
                } else {
                    send(response, callback, 401, "text/plain", "an API key is needed\n");
                }
            }
            default -> send(response, callback, 404, "text/plain", "not found\n");
        }
        return true;
    }

    private boolean isAuthorized(Request request) {
        if (options.apiKey().isEmpty()) {
            return true;
        }
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        byte[] expected = ("Bearer " + options.apiKey()).getBytes(StandardCharsets.UTF_8);
        return header != null && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static void send(Response response, Callback callback, int status, String type, String text) {
        send(response, callback, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** A request to rank, on its way. */
    private final class Exchange {
        private final long begin = System.nanoTime();
        private final RerankApi api;
        private final Request request;
        private final Response response;
        private final Callback callback;

        Exchange(RerankApi api, Request request, Response response, Callback callback) {
            this.api = api;
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        void begin() {
            try {
                requireAcceptable();
            } catch (RequestException e) {
                // What is left of the body is not read.
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                fail(e);
                return;
            }
            CompletableFuture<byte[]> body = new CompletableFuture<>();
            body.whenCompleteAsync(this::read, executor);
            Content.Source.asByteArrayAsync(request, options.maxBodyBytes(), Promise.Invocable.toPromise(body));
        }

        private void requireAcceptable() throws RequestException {
            if (!isAuthorized(request)) {
                throw new RequestException(Reason.UNAUTHORIZED, "an API key is needed: Authorization: Bearer KEY");
            }
            if (!request.getMethod().equals("POST")) {
                throw new RequestException(Reason.METHOD, "expected POST, found " + request.getMethod());
            }
            // Another type could be sent by any page in a browser, without asking this server first.
            String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
                throw new RequestException(Reason.MEDIA_TYPE, "expected Content-Type: application/json");
            }
            if (request.getLength() > options.maxBodyBytes()) {
                throw bodyTooLarge();
            }
            queue.requireRoom(1);
        }

        private RequestException bodyTooLarge() {
            return new RequestException(
                    Reason.TOO_LARGE, "body: expected at most " + options.maxBodyBytes() + " bytes");
        }

        private void read(byte[] body, Throwable failure) {
            try {
                if (failure instanceof IllegalStateException) {
                    // So the buffer says that there is more than it takes.
                    response.getHeaders().put(HttpHeader.CONNECTION, "close");
                    throw bodyTooLarge();
                }
                if (failure != null) {
                    callback.failed(failure);
                    return;
                }
                reranker.rank(api.request(parsed(body))).whenCompleteAsync(this::answer, executor);
            } catch (RequestException e) {
                fail(e);
            } catch (RuntimeException | Error e) {
                failUnexpectedly(e);
            }
        }

        private JsonNode parsed(byte[] body) throws RequestException {
            try {
                return json.readTree(body);
            } catch (JacksonException e) {
                throw new RequestException(Reason.MALFORMED, "body: not JSON: " + e.getOriginalMessage());
            }
        }

        private void answer(Reranker.Ranking ranking, Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof TimeoutException) {
                fail(new RequestException(
                        Reason.TIMEOUT, "not done within " + options.timeout().toMillis() + " ms"));
            } else if (cause != null) {
                failUnexpectedly(cause);
            } else {
                send(200, api.response(model, ranking.results(), ranking.tokens()));
            }
        }

        private void failUnexpectedly(Throwable failure) {
            System.getLogger(RerankHandler.class.getName()).log(System.Logger.Level.ERROR, "a request failed", failure);
            fail(new RequestException(Reason.FAILED, "internal error; the server's log says which"));
        }

        private void fail(RequestException failure) {
            if (failure.retryAfterSeconds() > 0) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, failure.retryAfterSeconds());
            }
            send(failure.reason().status(), api.error(failure.reason(), failure.getMessage()));
        }

        private void send(int status, JsonNode body) {
            metrics.request(api.name(), status, System.nanoTime() - begin);
            RerankHandler.send(response, callback, status, "application/json", json.writeValueAsBytes(body));
        }
    }
}
