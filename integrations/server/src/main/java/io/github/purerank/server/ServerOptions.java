package io.github.purerank.server;

import java.time.Duration;
import java.util.Objects;

/**
 * How a server listens, and what it takes on. Immutable; begin with {@link #defaults()}.
 *
 * @param host the address to listen on
 * @param port the port; 0 for any that is free
 * @param apiKey what clients must send as {@code Authorization: Bearer KEY}; empty for no key
 * @param maxBodyBytes the most bytes of a request's body
 * @param maxTexts the most texts of a request
 * @param maxTextCharacters the most characters of a query or text
 * @param batchTokens how many tokens of several requests are computed together, about
 * @param queueTokens how many tokens may wait; a request beyond that is answered with 429
 * @param timeout how long a request's pairs may wait to be scored; what a batch has begun it ends
 * @param shutdownTimeout how long closing waits for requests that were taken
 */
public record ServerOptions(
        String host,
        int port,
        String apiKey,
        int maxBodyBytes,
        int maxTexts,
        int maxTextCharacters,
        int batchTokens,
        int queueTokens,
        Duration timeout,
        Duration shutdownTimeout) {
    private static final ServerOptions DEFAULTS = new ServerOptions(
            "127.0.0.1",
            8080,
            "",
            8 << 20,
            1000,
            200_000,
            8192,
            1 << 18,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));

    /** Checks the numbers. */
    public ServerOptions {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(apiKey, "apiKey");
        requirePositive(maxBodyBytes, "maxBodyBytes");
        requirePositive(maxTexts, "maxTexts");
        requirePositive(maxTextCharacters, "maxTextCharacters");
        requirePositive(batchTokens, "batchTokens");
        requirePositive(queueTokens, "queueTokens");
        requirePositive(timeout.toMillis(), "timeout");
        requirePositive(shutdownTimeout.toMillis(), "shutdownTimeout");
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port: expected 0 to 65535, found " + port);
        }
    }

    /** Port 8080 of the loopback address, without a key. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /** The same on another address and port. */
    public ServerOptions withAddress(String newHost, int newPort) {
        return new ServerOptions(
                newHost,
                newPort,
                apiKey,
                maxBodyBytes,
                maxTexts,
                maxTextCharacters,
                batchTokens,
                queueTokens,
                timeout,
                shutdownTimeout);
    }

    /** The same with a key that clients must send. */
    public ServerOptions withApiKey(String newApiKey) {
        return new ServerOptions(
                host,
                port,
                newApiKey,
                maxBodyBytes,
                maxTexts,
                maxTextCharacters,
                batchTokens,
                queueTokens,
                timeout,
                shutdownTimeout);
    }

    /** The same with other limits of a request. */
    public ServerOptions withLimits(int newMaxBodyBytes, int newMaxTexts, int newMaxTextCharacters) {
        return new ServerOptions(
                host,
                port,
                apiKey,
                newMaxBodyBytes,
                newMaxTexts,
                newMaxTextCharacters,
                batchTokens,
                queueTokens,
                timeout,
                shutdownTimeout);
    }

    /** The same with another batch and queue. */
    public ServerOptions withTokens(int newBatchTokens, int newQueueTokens) {
        return new ServerOptions(
                host,
                port,
                apiKey,
                maxBodyBytes,
                maxTexts,
                maxTextCharacters,
                newBatchTokens,
                newQueueTokens,
                timeout,
                shutdownTimeout);
    }

    /** The same with other times. */
    public ServerOptions withTimeouts(Duration newTimeout, Duration newShutdownTimeout) {
        return new ServerOptions(
                host,
                port,
                apiKey,
                maxBodyBytes,
                maxTexts,
                maxTextCharacters,
                batchTokens,
                queueTokens,
                newTimeout,
                newShutdownTimeout);
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
    }
}
