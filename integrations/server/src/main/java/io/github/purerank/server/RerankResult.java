package io.github.purerank.server;

/**
 * One text of a ranking.
 *
 * @param index its place in the request
 * @param text null if it was not asked for
 */
record RerankResult(int index, float score, String text) {}
