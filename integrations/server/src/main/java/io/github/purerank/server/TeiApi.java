package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /rerank} of Hugging Face's Text Embeddings Inference. */
final class TeiApi implements RerankApi {
    @Override
    public String path() {
        return "/rerank";
    }

    @Override
    public String name() {
        return "tei";
    }

    @Override
    public RerankRequest request(JsonNode body) throws RequestException {
        Fields fields = new Fields(body);
        String direction = fields.optionalText("truncation_direction");
        if (direction != null && !direction.equalsIgnoreCase("right")) {
            throw new RequestException(
                    Reason.INVALID, "truncation_direction: expected \"Right\", found \"" + direction + "\"");
        }
        RerankRequest request = new RerankRequest(
                fields.text("query"),
                fields.texts("texts", false),
                Integer.MAX_VALUE,
                fields.flag("return_text", false),
                fields.flag("raw_scores", false),
                fields.flag("truncate", false));
        fields.requireNoOthers();
        return request;
    }

    @Override
    public JsonNode response(String model, List<RerankResult> results, long tokens) {
        ArrayNode ranks = JsonNodeFactory.instance.arrayNode();
        for (RerankResult result : results) {
            ObjectNode rank = ranks.addObject().put("index", result.index());
            if (result.text() != null) {
                rank.put("text", result.text());
            }
            rank.put("score", result.score());
        }
        return ranks;
    }

    @Override
    public JsonNode error(Reason reason, String message) {
        String type = switch (reason) {
            case OVERLOADED -> "Overloaded";
            case FAILED, TIMEOUT -> "Backend";
            case UNAUTHORIZED -> "Unauthorized";
            default -> "Validation";
        };
        return JsonNodeFactory.instance.objectNode().put("error", message).put("error_type", type);
    }
}
