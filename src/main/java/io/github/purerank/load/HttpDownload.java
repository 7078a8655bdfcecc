package io.github.purerank.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Gets the rest of one file by HTTP (RFC 9110): what is there already is kept if the server can send what follows it, and is
 * begun again if not.
 */
final class HttpDownload {
    private static final int MAX_REDIRECTS = 10;
    private static final long TICK_MILLIS = 50;

    private final HttpClient client;
    private final EnvironmentProxies proxies;
    private final Mirror mirror;
    private final FetchPace pace;

    HttpDownload(HttpClient client, EnvironmentProxies proxies, Mirror mirror, FetchPace pace) {
        this.client = client;
        this.proxies = proxies;
        this.mirror = mirror;
        this.pace = pace;
    }

    /**
     * Makes one attempt. When it returns, the file has its full length; its contents are not checked.
     *
     * @param url where the manifest says the file is
     * @param file what is there of it; shorter than {@code bytes}
     * @param bytes the length it is to have
     * @param progress is told how much is there
     * @throws TransientFailure if another attempt may succeed
     * @throws FetchException if none will
     */
    void run(URI url, FileChannel file, long bytes, LongConsumer progress) throws IOException, InterruptedException {
        URI start = mirror.locate(url);
        URI at = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; ) {
            BodyWriter body = new BodyWriter(file, file.size(), bytes);
            HttpResponse<Void> response = send(at, body, progress);
            int status = response.statusCode();
            String location = response.headers().firstValue("Location").orElse(null);
            if (body.wanted()) {
                if (file.size() < bytes) {
                    throw new TransientFailure(
                            name(at) + " ended after " + file.size() + " of " + bytes + " bytes", 0, null);
                }
                return;
            } else if (status >= 300 && status < 400 && location != null) {
                at = Mirror.redirect(at, location);
                if (at == null) {
                    throw new FetchException(name(start) + " redirects to a URL that is not https");
                }
                redirects++;
            } else if (file.size() > 0 && (status == 206 || status == 416)) {
                // Not the part that was asked for: once more, from the beginning.
                file.truncate(0);
                at = start;
            } else {
                throw refusal(response, bytes);
            }
        }
        throw new FetchException(name(start) + " redirects more than " + MAX_REDIRECTS + " times");
    }

    /** Sends one request and waits until its answer is complete, without a limit as long as something comes. */
    private HttpResponse<Void> send(URI url, BodyWriter body, LongConsumer progress)
            throws IOException, InterruptedException {
        long offset = body.position();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).header("User-Agent", "purerank").header("Accept-Encoding", "identity");
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request.build(), body);
        try {
            long before = offset;
            long since = System.nanoTime();
            while (true) {
                try {
                    return answer.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // Time to look how far it is.
                }
                long position = body.position();
                progress.accept(position);
                if (position != before) {
                    before = position;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > pace.stallMillis() * 1_000_000) {
                    throw new TransientFailure(
                            host(url) + " sent nothing for " + pace.stallMillis() / 1_000 + " seconds", 0, null);
                }
            }
        } catch (ExecutionException e) {
            throw failure(url, e.getCause());
        } finally {
            body.stop();
            answer.cancel(true);
            progress.accept(body.position());
        }
    }

    private IOException failure(URI url, Throwable cause) {
        Throwable connect = null;
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof FetchException refused) {
                return refused;
            }
            if (e instanceof CertificateException) {
                return new FetchException(
                        "cannot trust the certificate of " + host(url) + ": " + e.getMessage(), cause);
            }
            if (e instanceof UnresolvedAddressException) {
                return new TransientFailure("cannot reach " + host(url) + ": unknown host", 0, cause);
            }
            if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
                connect = e;
            }
        }
        if (connect != null) {
            String reason = connect.getMessage() == null ? "no connection" : connect.getMessage();
            return new TransientFailure("cannot reach " + host(url) + ": " + reason, 0, cause);
        }
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new TransientFailure("the connection to " + host(url) + " failed: " + reason, 0, cause);
    }

    /** What is wrong with an answer that is neither the file nor a redirect. */
    private static IOException refusal(HttpResponse<?> response, long bytes) {
        int status = response.statusCode();
        String message = "HTTP status " + status + " for " + name(response.uri());
        if (status == 407) {
            return new FetchException(message + ": the proxy asks for a password, which is not supported");
        }
        if (status == 408 || status == 425 || status == 429 || (status >= 500 && status < 600)) {
            return new TransientFailure(message, retryAfterMillis(response.headers()), null);
        }
        if (status == 200) {
            return new FetchException(name(response.uri()) + " has "
                    + response.headers().firstValue("Content-Length").orElse("?") + " bytes instead of " + bytes);
        }
        return new FetchException(message);
    }

    /** Seconds, or the date to wait for. */
    private static long retryAfterMillis(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        if (value.matches("[0-9]{1,9}")) {
            return Long.parseLong(value) * 1_000;
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.max(0, Duration.between(Instant.now(), date).toMillis());
        } catch (DateTimeException | ArithmeticException e) {
            return 0;
        }
    }

    /** A URL for messages: without the query, which may be a signature that lets anyone in. */
    private static String name(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }

    /** The host, and the proxy that lies between. */
    private String host(URI url) {
        InetSocketAddress proxy = proxies.find(url);
        return url.getHost()
                + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + (proxy == null ? "" : " through the proxy " + proxy.getHostString() + ":" + proxy.getPort());
    }
}
