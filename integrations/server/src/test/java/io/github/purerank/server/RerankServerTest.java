package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.RankedDocument;
import io.github.purerank.TextPair;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RerankServerTest {
    private static final String QUERY = "how tall is everest";
    private static final List<String> TEXTS =
            List.of("Everest base camp has a bakery.", "Mount Everest is 8,849 m high.", "");
    private static final ServerOptions OPTIONS = ServerOptions.defaults().withAddress("127.0.0.1", 0);

    private static CrossEncoder model;
    private static RerankServer server;
    private static TestClient client;

    @BeforeAll
    static void start() throws IOException {
        model = CrossEncoder.load();
        server = RerankServer.start(model, "the-model", OPTIONS);
        client = new TestClient(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    @Test
    void textEmbeddingsInference() throws Exception {
        JsonNode ranks = TestClient.json(
                client.post("/rerank", TestClient.body(QUERY, "texts", TEXTS).toString()));
        assertRanking(ranks, "score", ScoreActivation.SIGMOID);
        assertEquals(2, ranks.get(0).size());

        JsonNode raw = TestClient.json(client.post(
                "/rerank",
                TestClient.body(QUERY, "texts", TEXTS)
                        .put("raw_scores", true)
                        .put("return_text", true)
                        .toString()));
        assertRanking(raw, "score", ScoreActivation.IDENTITY);
        assertEquals(TEXTS.get(1), raw.get(0).get("text").asString());
    }

    @Test
    void jina() throws Exception {
        JsonNode answer = TestClient.json(client.post(
                "/v1/rerank", TestClient.body(QUERY, "documents", TEXTS).toString()));
        assertRanking(answer.get("results"), "relevance_score", ScoreActivation.SIGMOID);
        assertEquals("the-model", answer.get("model").asString());
        assertEquals(
                TEXTS.get(1),
                answer.get("results").get(0).get("document").get("text").asString());
        assertEquals(tokens(), answer.get("usage").get("total_tokens").asInt());

        JsonNode best = TestClient.json(client.post("/v1/rerank", """
                {"model": "any", "query": "how tall is everest", "top_n": 1, "return_documents": false,
                 "documents": [{"text": "A bakery."}, "Mount Everest is 8,849 m high."]}"""));
        assertEquals(1, best.get("results").size());
        assertEquals(1, best.get("results").get(0).get("index").asInt());
        assertFalse(best.get("results").get(0).has("document"));
    }

    @Test
    void cohere() throws Exception {
        JsonNode answer = TestClient.json(client.post(
                "/v2/rerank",
                TestClient.body(QUERY, "documents", TEXTS).put("model", "any").toString()));
        assertRanking(answer.get("results"), "relevance_score", ScoreActivation.SIGMOID);
        assertEquals(
                tokens(), answer.get("meta").get("tokens").get("input_tokens").asInt());
        assertEquals(36, answer.get("id").asString().length());
    }

    @Test
    void whatIsWrongIsNamedInTheShapeOfTheService() throws Exception {
        assertError("/rerank", "{\"texts\": [\"a\"]}", 422, "error", "query: missing");
        assertError("/rerank", "{\"query\": \"a\"}", 422, "error", "texts: missing");
        assertError("/rerank", "{\"query\": \"a\", \"texts\": []}", 422, "error", "texts: expected at least one");
        assertError("/rerank", "{\"query\": \"a\", \"texts\": [\"b\", null]}", 422, "error", "texts[1]");
        assertError("/rerank", "{\"query\": null, \"texts\": [\"b\"]}", 422, "error", "query: missing");
        assertError("/rerank", "{\"query\": 1, \"texts\": [\"b\"]}", 422, "error", "query: expected a string");
        assertError("/rerank", "{\"query\": \"a\", \"texts\": [\"b\"], \"x\": 1}", 422, "error", "x: not supported");
        assertError(
                "/rerank",
                "{\"query\": \"a\", \"texts\": [\"b\"], \"truncation_direction\": \"Left\"}",
                422,
                "error",
                "truncation_direction");
        assertError("/rerank", "[1, 2]", 422, "error", "object");
        assertError("/rerank", "{\"query\": ", 400, "error", "not JSON");
        assertError("/rerank", "", 422, "error", "object");
        assertError("/v1/rerank", "{\"query\": \"a\", \"documents\": [\"b\"], \"top_n\": 0}", 422, "detail", "top_n");
        assertError("/v1/rerank", "{\"query\": \"a\", \"documents\": [{}]}", 422, "detail", "documents[0]");
        assertError("/v2/rerank", "{\"query\": \"a\", \"documents\": \"b\"}", 422, "message", "documents");
        assertError(
                "/v2/rerank",
                "{\"query\": \"a\", \"documents\": [\"b\"], \"max_tokens_per_doc\": 9}",
                422,
                "message",
                "max_tokens_per_doc: not supported");
    }

    @Test
    void longTextsAreCutOrRefused() throws Exception {
        List<String> texts = List.of("word ".repeat(2000));
        HttpResponse<String> refused =
                client.post("/rerank", TestClient.body(QUERY, "texts", texts).toString());
        assertEquals(413, refused.statusCode());
        assertTrue(refused.body().contains("texts[0]"), refused.body());
        HttpResponse<String> cut = client.post(
                "/rerank",
                TestClient.body(QUERY, "texts", texts).put("truncate", true).toString());
        assertEquals(200, cut.statusCode());
    }

    @Test
    void methodsPathsAndTypes() throws Exception {
        assertEquals(405, client.get("/rerank").statusCode());
        assertEquals(404, client.get("/nothing").statusCode());
        assertEquals(404, client.post("/nothing", "{}").statusCode());
        HttpRequest.Builder plain =
                client.request("/rerank").POST(HttpRequest.BodyPublishers.ofString("{\"query\": \"a\"}"));
        assertEquals(415, client.send(plain).statusCode());
    }

    @Test
    void healthMetricsAndPage() throws Exception {
        assertEquals(200, client.get("/health").statusCode());
        client.post("/v2/rerank", TestClient.body(QUERY, "documents", TEXTS).toString());
        client.post("/v2/rerank", "{}");
        String metrics = client.get("/metrics").body();
        for (String line : List.of(
                "purerank_requests_total{api=\"cohere\",status=\"200\"} ",
                "purerank_requests_total{api=\"cohere\",status=\"422\"} ",
                "purerank_request_duration_seconds_bucket{api=\"cohere\",le=\"+Inf\"} ",
                "purerank_request_duration_seconds_count{api=\"cohere\"} ",
                "purerank_queue_tokens 0",
                "purerank_tokens_total ")) {
            assertTrue(metrics.contains("\n" + line), metrics);
        }
        HttpResponse<String> page = client.get("/");
        assertTrue(page.body().contains("<title>PureRank</title>"));
        assertTrue(page.headers().firstValue("Content-Security-Policy").isPresent());
        assertFalse(page.body().matches("(?s).*(src|href)=\"(?!data:).*"), "the page needs something from elsewhere");
    }

    @Test
    void aKeyIsAskedForWhereThereIsOne() throws Exception {
        String body = TestClient.body(QUERY, "texts", TEXTS).toString();
        try (RerankServer locked = RerankServer.start(model, "m", OPTIONS.withApiKey("secret"))) {
            TestClient stranger = new TestClient(locked);
            assertEquals(401, stranger.post("/rerank", body).statusCode());
            assertEquals(401, stranger.get("/metrics").statusCode());
            assertEquals(200, stranger.get("/health").statusCode());
            assertEquals(401, authorized(stranger, "Bearer wrong", body));
            assertEquals(200, authorized(stranger, "Bearer secret", body));
        }
    }

    private static int authorized(TestClient someone, String header, String body) throws Exception {
        return someone.send(someone.request("/rerank")
                        .header("Authorization", header)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    @Test
    void limits() throws Exception {
        try (RerankServer small = RerankServer.start(model, "m", OPTIONS.withLimits(1000, 3, 50))) {
            TestClient someone = new TestClient(small);
            String fits = TestClient.body("q", "texts", List.of("a", "b", "c")).toString();
            assertEquals(200, someone.post("/rerank", fits).statusCode());
            String tooMany =
                    TestClient.body("q", "texts", List.of("a", "b", "c", "d")).toString();
            assertEquals(413, someone.post("/rerank", tooMany).statusCode());
            String tooLong =
                    TestClient.body("q", "texts", List.of("a".repeat(51))).toString();
            assertEquals(413, someone.post("/rerank", tooLong).statusCode());
            String tooLarge = fits + " ".repeat(1001 - fits.length());
            assertEquals(413, someone.post("/rerank", tooLarge).statusCode());
            String justNot = fits + " ".repeat(1000 - fits.length());
            assertEquals(200, someone.post("/rerank", justNot).statusCode());
            // Without Content-Length, in chunks.
            HttpRequest.Builder chunked = someone.request("/rerank")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(
                            () -> new java.io.ByteArrayInputStream(tooLarge.getBytes())));
            assertEquals(413, someone.send(chunked).statusCode());
        }
    }

    @Test
    void aFullQueueSaysWhenToComeBack() throws Exception {
        String large = TestClient.body(QUERY, "texts", Collections.nCopies(300, "word ".repeat(60)))
                .toString();
        try (RerankServer narrow = RerankServer.start(model, "m", OPTIONS.withTokens(512, 1000))) {
            TestClient someone = new TestClient(narrow);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return someone.post("/rerank", large);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            int served = 0;
            int refused = 0;
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get();
                if (response.statusCode() == 200) {
                    served++;
                } else {
                    assertEquals(429, response.statusCode(), response.body());
                    assertTrue(Integer.parseInt(
                                    response.headers().firstValue("Retry-After").orElseThrow())
                            >= 1);
                    assertEquals(
                            "Overloaded",
                            TestClient.json(response).get("error_type").asString());
                    refused++;
                }
            }
            assertTrue(served > 0 && refused > 0, served + " served, " + refused + " refused");
        }
    }

    @Test
    void aRequestThatTakesTooLongIsGivenUp() throws Exception {
        String large = TestClient.body(QUERY, "texts", Collections.nCopies(900, "word ".repeat(300)))
                .toString();
        ServerOptions hasty = OPTIONS.withTokens(2000, 1 << 20)
                .withLimits(8 << 20, 1000, 10_000)
                .withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(30));
        try (RerankServer impatient = RerankServer.start(model, "m", hasty)) {
            TestClient someone = new TestClient(impatient);
            assertEquals(504, someone.post("/rerank", large).statusCode());
            assertTrue(someone.get("/metrics").body().contains("\npurerank_queue_tokens 0\n"));
        }
    }

    @Test
    void whatWasTakenIsAnsweredWhenTheServerCloses() throws Exception {
        String body = TestClient.body(QUERY, "texts", Collections.nCopies(500, "word ".repeat(60)))
                .toString();
        RerankServer closing = RerankServer.start(model, "m", OPTIONS);
        TestClient someone = new TestClient(closing);
        CountDownLatch sent = new CountDownLatch(1);
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                sent.countDown();
                return someone.post("/rerank", body);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        sent.await();
        while (someone.get("/metrics").body().contains("\npurerank_batches_total 0\n")
                && someone.get("/metrics").body().contains("\npurerank_queue_requests 0\n")) {
            Thread.onSpinWait();
        }
        closing.close();
        assertEquals(200, answer.get().statusCode());
        assertEquals(500, TestClient.json(answer.get()).size());
        assertThrows(IOException.class, () -> someone.get("/health"));
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        IOException failure = assertThrows(
                IOException.class,
                () -> RerankServer.start(model, "m", OPTIONS.withAddress("127.0.0.1", server.port())));
        assertTrue(failure.getMessage().contains("127.0.0.1:" + server.port()), failure.getMessage());
    }

    private static void assertRanking(JsonNode ranks, String scoreName, ScoreActivation activation) {
        PredictOptions options = PredictOptions.defaults().withActivation(activation);
        List<RankedDocument> expected = model.rank(QUERY, TEXTS, TEXTS.size(), options);
        assertEquals(expected.size(), ranks.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).index(), ranks.get(i).get("index").asInt());
            assertEquals(
                    expected.get(i).score(), (float) ranks.get(i).get(scoreName).asDouble());
        }
    }

    private static int tokens() {
        int tokens = 0;
        for (String text : TEXTS) {
            tokens += model.tokenize(new TextPair(QUERY, text), 0).size();
        }
        return tokens;
    }

    private static void assertError(String path, String body, int status, String field, String message)
            throws Exception {
        HttpResponse<String> response = client.post(path, body);
        assertEquals(status, response.statusCode(), response.body());
        String found = TestClient.json(response).get(field).asString();
        assertTrue(found.contains(message), found);
    }
}
