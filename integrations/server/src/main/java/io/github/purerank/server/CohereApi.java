package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v2/rerank} of Cohere. Whatever model is asked for, the answer is from the one that there is. */
final class CohereApi implements RerankApi {
    @Override
    public String path() {
        return "/v2/rerank";
    }

    @Override
    public String name() {
        return "cohere";
    }

    @Override
    public RerankRequest request(JsonNode body) throws RequestException {
        Fields fields = new Fields(body);
        fields.optionalText("model");
        RerankRequest request = new RerankRequest(
                fields.text("query"),
                fields.texts("documents", false),
                fields.number("top_n", 1, Integer.MAX_VALUE),
                false,
                false,
                true);
        fields.requireNoOthers();
        return request;
    }

    @Override
    public JsonNode response(String model, List<RerankResult> results, long tokens) {
        ObjectNode response = JsonNodeFactory.instance
                .objectNode()
                .put("id", UUID.randomUUID().toString());
        ArrayNode ranks = response.putArray("results");
        for (RerankResult result : results) {
            ranks.addObject().put("index", result.index()).put("relevance_score", result.score());
        }
        ObjectNode meta = response.putObject("meta");
        meta.putObject("api_version").put("version", "2");
        meta.putObject("billed_units").put("search_units", 1);
        meta.putObject("tokens").put("input_tokens", tokens);
        return response;
    }

    @Override
    public JsonNode error(Reason reason, String message) {
        return JsonNodeFactory.instance.objectNode().put("message", message);
    }
}
