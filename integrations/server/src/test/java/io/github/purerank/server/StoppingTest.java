package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose scoring stands still until the test lets it go on. */
@Timeout(60)
class StoppingTest {
    private static final ServerOptions OPTIONS = ServerOptions.defaults().withAddress("127.0.0.1", 0);
    private static final String BODY = TestClient.body("q", "texts", Collections.nCopies(50, "word ".repeat(20)))
            .toString();

    /** Holds whoever asks for a thread, once it is told to: the thread that scores, in the middle of a batch. */
    private static final class Gate implements Executor {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean holds;

        @Override
        public void execute(Runnable task) {
            if (holds) {
                reached.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            throw new RejectedExecutionException("no thread here");
        }
    }

    private final Gate gate = new Gate();

    private CrossEncoder load() throws IOException {
        CrossEncoder model =
                CrossEncoder.load(LoadOptions.defaults().withThreads(2).withExecutor(gate));
        gate.holds = true;
        return model;
    }

    private static CompletableFuture<HttpResponse<String>> post(TestClient client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.post("/rerank", BODY);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("purerank-http") || thread.getName().equals("purerank-scoring")) {
                threads.add(thread);
            }
        }
        return threads;
    }

    private static void assertNoMoreThan(Set<Thread> before) {
        Set<Thread> left = threads();
        left.removeAll(before);
        assertEquals(Set.of(), left);
    }

    @Test
    void aClientThatGoesAwayHarmsNobody() throws Exception {
        Set<Thread> before = threads();
        try (CrossEncoder model = load()) {
            try (RerankServer server = RerankServer.start(model, "m", OPTIONS)) {
                TestClient client = new TestClient(server);
                try (Socket socket = new Socket("127.0.0.1", server.port())) {
                    // Closing resets the connection, as a client's end does that nobody waits for.
                    socket.setSoLinger(true, 0);
                    OutputStream out = socket.getOutputStream();
                    out.write(("POST /rerank HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                    + BODY.length() + "\r\n\r\n" + BODY)
                            .getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    gate.reached.await();
                }
                CompletableFuture<HttpResponse<String>> other = post(client);
                gate.open.countDown();
                assertEquals(200, other.get().statusCode());
                assertEquals(200, client.post("/rerank", BODY).statusCode());
                assertTrue(client.get("/metrics").body().contains("\npurerank_queue_tokens 0\n"));
            }
            assertNoMoreThan(before);
        }
    }

    @Test
    void stoppingWaitsForWhatIsScored() throws Exception {
        Set<Thread> before = threads();
        try (CrossEncoder model = load()) {
            RerankServer server = RerankServer.start(model, "m", OPTIONS);
            CompletableFuture<HttpResponse<String>> answer = post(new TestClient(server));
            gate.reached.await();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            TimeUnit.MILLISECONDS.sleep(200);
            assertTrue(!closing.isDone(), "closed while a request was computed");
            gate.open.countDown();
            closing.get();
            assertEquals(200, answer.get().statusCode());
            assertNoMoreThan(before);
        }
    }

    @Test
    void whatIsNotScoredInTimeIsBrokenOff() throws Exception {
        Set<Thread> before = threads();
        Duration limit = Duration.ofSeconds(2);
        try (CrossEncoder model = load()) {
            RerankServer server = RerankServer.start(model, "m", OPTIONS.withTimeouts(Duration.ofSeconds(30), limit));
            TestClient client = new TestClient(server);
            List<CompletableFuture<HttpResponse<String>>> answers = List.of(post(client), post(client));
            gate.reached.await();
            long begin = System.nanoTime();
            server.close();
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(taken.compareTo(limit) >= 0, "it waited for " + taken);
            assertTrue(taken.compareTo(limit.multipliedBy(2)) < 0, "it waited for " + taken);
            assertNoMoreThan(before);
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                // A failure's status if there is time to send it, else a connection that is cut.
                int status = answer.handle((response, failure) -> response == null ? 0 : response.statusCode())
                        .get();
                assertTrue(status == 0 || status >= 500, "status " + status);
            }
            // The model is as good as before.
            gate.holds = false;
            assertEquals(1, model.predict(List.of(new TextPair("a", "b"))).length);
        }
    }
}
