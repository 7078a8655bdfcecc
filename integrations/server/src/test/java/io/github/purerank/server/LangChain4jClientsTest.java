package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.cohere.CohereScoringModel;
import dev.langchain4j.model.jina.JinaScoringModel;
import dev.langchain4j.model.scoring.ScoringModel;
import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that others wrote for the services. */
class LangChain4jClientsTest {
    private static final String QUERY = "how tall is everest";
    private static final List<String> TEXTS = List.of(
            "Everest base camp has a bakery.",
            "Mount Everest is 8,849 m high.",
            "Rotate the signing key before deploying a new release.");

    private static CrossEncoder model;
    private static RerankServer server;

    @BeforeAll
    static void start() throws IOException {
        model = CrossEncoder.load();
        server = RerankServer.start(
                model,
                "the-model",
                ServerOptions.defaults().withAddress("127.0.0.1", 0).withApiKey("secret"));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    @Test
    void jina() {
        assertScores(jina("secret"));
        assertTrue(jina("secret").scoreAll(segments(), QUERY).tokenUsage().totalTokenCount() > TEXTS.size());
        assertThrows(RuntimeException.class, () -> jina("wrong").scoreAll(segments(), QUERY));
    }

    @Test
    void cohere() {
        assertScores(cohere("secret"));
        assertThrows(RuntimeException.class, () -> cohere("wrong").scoreAll(segments(), QUERY));
    }

    private static ScoringModel jina(String key) {
        return JinaScoringModel.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v1/")
                .apiKey(key)
                .modelName("jina-reranker-v2-base-multilingual")
                .maxRetries(0)
                .build();
    }

    private static ScoringModel cohere(String key) {
        return CohereScoringModel.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v2/")
                .apiKey(key)
                .modelName("rerank-v3.5")
                .maxRetries(0)
                .build();
    }

    private static void assertScores(ScoringModel client) {
        PredictOptions sigmoid = PredictOptions.defaults().withActivation(ScoreActivation.SIGMOID);
        List<Double> scores = client.scoreAll(segments(), QUERY).content();
        assertEquals(TEXTS.size(), scores.size());
        for (int i = 0; i < scores.size(); i++) {
            float expected = model.predict(new TextPair(QUERY, TEXTS.get(i)), sigmoid);
            assertEquals(expected, scores.get(i).floatValue());
        }
    }

    private static List<TextSegment> segments() {
        return TEXTS.stream().map(TextSegment::from).toList();
    }
}
