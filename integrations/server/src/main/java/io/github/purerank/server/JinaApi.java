package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/rerank} of Jina. Whatever model is asked for, the answer is from the one that there is, and says so. */
final class JinaApi implements RerankApi {
    @Override
    public String path() {
        return "/v1/rerank";
    }

    @Override
    public String name() {
        return "jina";
    }

    @Override
    public RerankRequest request(JsonNode body) throws RequestException {
        Fields fields = new Fields(body);
        fields.optionalText("model");
        RerankRequest request = new RerankRequest(
                fields.text("query"),
                fields.texts("documents", true),
                fields.number("top_n", 1, Integer.MAX_VALUE),
                fields.flag("return_documents", true),
                false,
                true);
        fields.requireNoOthers();
        return request;
    }

    @Override
    public JsonNode response(String model, List<RerankResult> results, long tokens) {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("model", model);
        response.putObject("usage").put("total_tokens", tokens).put("prompt_tokens", tokens);
        ArrayNode ranks = response.putArray("results");
        for (RerankResult result : results) {
            ObjectNode rank = ranks.addObject().put("index", result.index()).put("relevance_score", result.score());
            if (result.text() != null) {
                rank.putObject("document").put("text", result.text());
            }
        }
        return response;
    }

    @Override
    public JsonNode error(Reason reason, String message) {
        return JsonNodeFactory.instance.objectNode().put("detail", message);
    }
}
