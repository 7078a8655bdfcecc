/**
 * A server that ranks over HTTP, in the JSON shapes of services that people have clients for. From the outside in: {@code ServeCommand},
 * {@code RerankServer}, {@code RerankHandler}, the three {@code RerankApi}s, {@code ScoringQueue}.
 */
package io.github.purerank.server;
