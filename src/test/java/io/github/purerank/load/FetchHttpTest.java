package io.github.purerank.load;

import static io.github.purerank.load.FetchFixture.CONFIG;
import static io.github.purerank.load.FetchFixture.NAME;
import static io.github.purerank.load.FetchFixture.SILENT;
import static io.github.purerank.load.FetchFixture.WEIGHTS;
import static io.github.purerank.load.FetchFixture.content;
import static io.github.purerank.load.FetchFixture.fetcher;
import static io.github.purerank.load.FetchFixture.listing;
import static io.github.purerank.load.FetchFixture.store;
import static io.github.purerank.load.FetchServer.body;
import static io.github.purerank.load.FetchServer.status;
import static io.github.purerank.load.FetchServer.truncated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetch makes of what a server sends. */
class FetchHttpTest extends FetchTest {
    @Test
    void aBodyCutShortIsGoneOnWith() throws Exception {
        server.next(FetchServer::plain, truncated(100_000));
        fetchesAll();
        assertEquals(List.of(CONFIG, WEIGHTS, WEIGHTS + " bytes=100000-"), server.requests());
    }

    @Test
    void aChunkedBodyCutShortIsGoneOnWith() throws Exception {
        server.next(FetchServer::plain, (exchange, content) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(content, 0, 1234);
            exchange.getResponseBody().close();
        });
        fetchesAll();
        assertEquals(WEIGHTS + " bytes=1234-", server.requests().get(2));
    }

    @Test
    void aBodyAlwaysCutShortIsGivenUpAndKeptForTheNextFetch() throws Exception {
        server.next(FetchServer::plain);
        server.always(truncated(1_000));
        refused("cannot fetch model.safetensors of tests/small-model", "HTTPS_PROXY", "--mirror");
        assertEquals(1 + FetchFixture.PACE.attempts(), server.requests().size());
        assertEquals(Map.of(CONFIG, (long) content(CONFIG).length, WEIGHTS + ".partial", 1_000L), listing(cache));
        server.always(FetchServer::plain);
        fetchesAll();
    }

    @Test
    void aBodyThatDoesNotEndIsCutOff() throws Exception {
        server.next(FetchServer::plain, FetchHttpTest::endless);
        refused("cannot fetch model.safetensors", "longer than 300000 bytes");
        assertEquals(Map.of(CONFIG, (long) content(CONFIG).length), listing(cache));
    }

    @Test
    void theBodyOfAnErrorIsNotRead() throws Exception {
        server.next((exchange, content) -> {
            exchange.sendResponseHeaders(503, 0);
            sendForever(exchange);
        });
        fetchesAll();
    }

    private static void endless(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        sendForever(exchange);
    }

    private static void sendForever(HttpExchange exchange) throws IOException {
        byte[] chunk = new byte[10_000];
        OutputStream out = exchange.getResponseBody();
        while (true) {
            out.write(chunk);
        }
    }

    @Test
    void aBodyOfAnotherLengthIsNotRead() {
        server.next((exchange, content) -> body(exchange, 200, new byte[content.length + 1]));
        refused("has 23 bytes instead of 22");
        server.next((exchange, content) -> body(exchange, 200, new byte[content.length - 1]));
        refused("has 21 bytes instead of 22");
        assertEquals(2, server.requests().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 204, 206, 304, 407})
    void whatDoesNotPassIsNotRepeated(int status) throws IOException {
        server.next(status(status));
        refused("cannot fetch config.json", "HTTP status " + status + " for " + server.url());
        assertEquals(List.of(CONFIG), server.requests());
        assertEquals(Map.of(), listing(cache));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatPassesIsRepeated(int status) throws Exception {
        server.next(status(status), status(status));
        fetchesAll();
        assertEquals(List.of(CONFIG, CONFIG, CONFIG, WEIGHTS), server.requests());
    }

    @Test
    void aServerThatStaysUnavailableIsGivenUp() throws IOException {
        server.always(status(503));
        refused("HTTP status 503");
        assertEquals(FetchFixture.PACE.attempts(), server.requests().size());
        assertEquals(Map.of(), listing(cache));
    }

    @Test
    void aServerIsLeftAloneForAsLongAsItAsks() throws Exception {
        server.next(status(503, "Retry-After", "1"));
        long begin = System.nanoTime();
        fetchesAll();
        assertTrue(System.nanoTime() - begin >= 1_000_000_000L);
    }

    @Test
    void aServerThatAsksForTooLongIsGivenUp() {
        server.next(status(429, "Retry-After", "3600"));
        refused("HTTP status 429", "3600 seconds");
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusDays(2));
        server.next(status(503, "Retry-After", date));
        refused("HTTP status 503", "to be asked again in");
        assertEquals(2, server.requests().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreFollowedOnThisMachine(int status) throws Exception {
        try (FetchServer other = new FetchServer()) {
            other.put("/elsewhere/weights", content(WEIGHTS));
            server.next(
                    status(status, "Location", FetchFixture.BASE + CONFIG),
                    FetchServer::plain,
                    status(status, "Location", other.url() + "/elsewhere/weights"));
            fetchesAll();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://weights.invalid/config.json",
                "http://127.0.0.1.weights.invalid/",
                "file:///etc/passwd",
                "ftp://localhost/",
                "https:nothing",
                "//user:password@localhost/",
                "http://localhost:99999/",
                "http://[",
                "jar:file:/x.jar!/y"
            })
    void redirectsToElsewhereAreRefused(String location) {
        server.next(status(302, "Location", location));
        refused("redirects to a URL that is not https");
        assertEquals(1, server.requests().size());
    }

    @Test
    void redirectsInACircleEnd() {
        server.always(status(302, "Location", FetchFixture.BASE + CONFIG));
        refused("redirects more than 10 times");
        assertEquals(11, server.requests().size());
    }

    @Test
    void aServerThatKnowsNoRangesSendsAllAgain() throws Exception {
        server.next(FetchServer::plain, truncated(100_000), (exchange, content) -> body(exchange, 200, content));
        fetchesAll();
        assertEquals(List.of(CONFIG, WEIGHTS, WEIGHTS + " bytes=100000-"), server.requests());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes 0-299999/300000",
                "bytes 100001-299999/300000",
                "bytes 100000-299999/300001",
                "bytes 100000-299998/300000",
                "bytes 100000-299999/*",
                "nonsense"
            })
    void anotherPartThanAskedForIsNotTaken(String range) throws Exception {
        server.next(FetchServer::plain, truncated(100_000), (exchange, content) -> {
            exchange.getResponseHeaders().add("Content-Range", range);
            body(exchange, 206, new byte[200_000]);
        });
        fetchesAll();
        assertEquals(List.of(CONFIG, WEIGHTS, WEIGHTS + " bytes=100000-", WEIGHTS), server.requests());
    }

    @Test
    void aRangeThatIsRefusedIsNotAskedForAgain() throws Exception {
        server.next(FetchServer::plain, truncated(100_000), status(416));
        fetchesAll();
        assertEquals(List.of(CONFIG, WEIGHTS, WEIGHTS + " bytes=100000-", WEIGHTS), server.requests());
    }

    @Test
    void aServerThatSendsNothingIsGivenUpInTheEnd() {
        CountDownLatch never = new CountDownLatch(1);
        server.always((exchange, content) -> await(never));
        FetchPace pace = new FetchPace(2, 10, 2_000, 200);
        FetchException e = assertThrows(
                FetchException.class,
                () -> new ModelFetcher(
                                store(cache),
                                Mirror.parse(server.url()),
                                new EnvironmentProxies(name -> null),
                                pace,
                                HttpClient.newBuilder())
                        .fetch(NAME, SILENT));
        assertTrue(e.getMessage().contains("sent nothing for"), e.getMessage());
        assertEquals(2, server.requests().size());
        never.countDown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u001b[31mred\u001b[0m\r\n\r\n",
                "HTTP/1.1 two\u0085hundred\r\n\r\n",
                "HTTP/1.1 200 \u001b]0;title\u0007\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\u001b\r\n\u0000",
                "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://\u001b[2J\r\n\r\n"
            })
    void whatIsNoHttpIsAFailureOfOneLine(String answer) throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            Thread thread = new Thread(() -> {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        client.getInputStream().read(new byte[4096]);
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException e) {
                        // The next, or the end.
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
            String mirror = "http://localhost:" + socket.getLocalPort();
            FetchException e = assertThrows(
                    FetchException.class, () -> fetcher(cache, mirror).fetch(NAME, SILENT));
            assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
            assertEquals(Map.of(), listing(cache));
        }
    }
}
