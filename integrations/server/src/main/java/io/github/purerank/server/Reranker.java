package io.github.purerank.server;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.server.RequestException.Reason;
import io.github.purerank.text.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** From a request to its ranking, by way of the queue. */
final class Reranker {
    private final CrossEncoder model;
    private final ServerOptions options;
    private final ScoringQueue queue;

    Reranker(CrossEncoder model, ServerOptions options, ScoringQueue queue) {
        this.model = model;
        this.options = options;
        this.queue = queue;
    }

    /** A ranking, best first; texts of equal score keep their order. */
    record Ranking(List<RerankResult> results, long tokens) {}

    /** Tokenises in the calling thread. */
    CompletableFuture<Ranking> rank(RerankRequest request) throws RequestException {
        requireWithinLimits(request);
        Encoding[] pairs = new Encoding[request.texts().size()];
        String query = model.config().defaultPromptText() + request.query();
        int maxLength = model.config().maxLength();
        for (int i = 0; i < pairs.length; i++) {
            TextPair pair = new TextPair(query, request.texts().get(i));
            pairs[i] = model.tokenize(pair, request.truncate() ? maxLength : Integer.MAX_VALUE);
            if (pairs[i].size() > maxLength) {
                throw new RequestException(
                        Reason.TOO_LARGE,
                        "texts[" + i + "]: expected at most " + maxLength + " tokens with the query, found "
                                + pairs[i].size() + "; \"truncate\": true would cut it");
            }
        }
        long tokens = ScoringQueue.tokens(pairs);
        return queue.submit(pairs).thenApply(logits -> new Ranking(results(request, logits), tokens));
    }

    private void requireWithinLimits(RerankRequest request) throws RequestException {
        int count = request.texts().size();
        if (count > options.maxTexts()) {
            throw new RequestException(
                    Reason.TOO_LARGE, "texts: expected at most " + options.maxTexts() + ", found " + count);
        }
        requireShort("query", request.query());
        for (int i = 0; i < count; i++) {
            requireShort("texts[" + i + "]", request.texts().get(i));
        }
    }

    private void requireShort(String name, String text) throws RequestException {
        if (text.length() > options.maxTextCharacters()) {
            throw new RequestException(
                    Reason.TOO_LARGE,
                    name + ": expected at most " + options.maxTextCharacters() + " characters, found " + text.length());
        }
    }

    private static List<RerankResult> results(RerankRequest request, float[] logits) {
        List<Integer> order = new ArrayList<>(logits.length);
        for (int i = 0; i < logits.length; i++) {
            order.add(i);
        }
        // By the logits: near 1 many of them have the same sigmoid. The sort is stable.
        order.sort((a, b) -> Float.compare(logits[b] + 0f, logits[a] + 0f));
        ScoreActivation activation = request.rawScores() ? ScoreActivation.IDENTITY : ScoreActivation.SIGMOID;
        List<RerankResult> results = new ArrayList<>();
        for (int index : order.subList(0, Math.min(request.topN(), order.size()))) {
            String text = request.returnTexts() ? request.texts().get(index) : null;
            results.add(new RerankResult(index, activation.apply(logits[index]), text));
        }
        return results;
    }
}
