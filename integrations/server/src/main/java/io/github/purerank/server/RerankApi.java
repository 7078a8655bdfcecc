package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The JSON of one service. */
sealed interface RerankApi permits TeiApi, JinaApi, CohereApi {
    /** Where requests are posted to. */
    String path();

    /** Its name in metrics. */
    String name();

    /**
     * What a body asks for.
     *
     * @throws RequestException if something is missing, of the wrong kind, or not supported; names it
     */
    RerankRequest request(JsonNode body) throws RequestException;

    /**
     * The answer.
     *
     * @param results best first
     * @param tokens how many the model read
     */
    JsonNode response(String model, List<RerankResult> results, long tokens);

    /** The answer to a request that failed. */
    JsonNode error(Reason reason, String message);
}
