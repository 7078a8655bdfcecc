package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.purerank.CrossEncoder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("scalar")
class WithoutVectorApiTest {
    @Test
    void servesWithPlainLoops() throws Exception {
        try (CrossEncoder model = CrossEncoder.load();
                RerankServer server =
                        RerankServer.start(model, "m", ServerOptions.defaults().withAddress("127.0.0.1", 0))) {
            assertEquals("scalar", model.info().kernels());
            List<String> texts = List.of("Everest base camp has a bakery.", "Mount Everest is 8,849 m high.");
            JsonNode ranks = TestClient.json(new TestClient(server)
                    .post(
                            "/rerank",
                            TestClient.body("how tall is everest", "texts", texts)
                                    .toString()));
            assertEquals(1, ranks.get(0).get("index").asInt());
        }
    }
}
