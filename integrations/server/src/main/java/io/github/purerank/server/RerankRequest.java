package io.github.purerank.server;

import java.util.List;

/**
 * What a client asks for, whichever shape it used.
 *
 * @param topN the most results
 * @param returnTexts whether the results have the texts
 * @param rawScores whether the scores are logits; else between 0 and 1
 * @param truncate whether texts that are too long are cut; else they are refused
 */
record RerankRequest(
        String query, List<String> texts, int topN, boolean returnTexts, boolean rawScores, boolean truncate) {}
