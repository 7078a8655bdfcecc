package io.github.purerank.load;

import static io.github.purerank.load.FetchFixture.CONFIG;
import static io.github.purerank.load.FetchFixture.NAME;
import static io.github.purerank.load.FetchFixture.SILENT;
import static io.github.purerank.load.FetchFixture.WEIGHTS;
import static io.github.purerank.load.FetchFixture.content;
import static io.github.purerank.load.FetchFixture.directory;
import static io.github.purerank.load.FetchFixture.fetcher;
import static io.github.purerank.load.FetchFixture.listing;
import static io.github.purerank.load.FetchFixture.store;
import static io.github.purerank.load.FetchServer.body;
import static io.github.purerank.load.FetchServer.status;
import static io.github.purerank.load.FetchServer.truncated;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ModelFetcherTest {
    @TempDir
    private Path cache;

    private final FetchServer server = FetchFixture.serve(new FetchServer(), "");

    @AfterEach
    void stopServer() {
        server.close();
    }

    private FetchedModel fetch() throws IOException, InterruptedException {
        return fetcher(cache, server.url()).fetch(NAME, SILENT);
    }

    private void fetchesAll() throws IOException, InterruptedException {
        FetchedModel model = fetch();
        assertEquals(directory(cache), model.directory());
        complete();
    }

    private void complete() throws IOException {
        assertEquals(
                Map.of(CONFIG, (long) content(CONFIG).length, WEIGHTS, (long) content(WEIGHTS).length), listing(cache));
        for (String file : List.of(CONFIG, WEIGHTS)) {
            assertArrayEquals(content(file), Files.readAllBytes(directory(cache).resolve(file)));
        }
        assertEquals(directory(cache), store(cache).find(NAME));
    }

    /** Fails with one line that has these parts; the model cannot be found afterwards. */
    private void refused(String... parts) {
        FetchException e = assertThrows(FetchException.class, this::fetch);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count());
        assertThrows(ModelNotFoundException.class, () -> store(cache).find(NAME));
    }

    @Test
    void aFetchedModelIsCompleteAndNeedsNoNetworkAgain() throws Exception {
        List<String> progress = new ArrayList<>();
        FetchedModel model = fetcher(cache, server.url())
                .fetch("small-model", (file, done, total) -> progress.add(file + " " + done + " " + total));
        assertEquals(new FetchedModel(NAME, directory(cache), 2), model);
        complete();
        int length = content(WEIGHTS).length;
        assertEquals(WEIGHTS + " " + length + " " + length, progress.get(progress.size() - 1));

        server.close();
        assertEquals(new FetchedModel(NAME, directory(cache), 0), fetch());
        assertEquals(List.of(CONFIG, WEIGHTS), server.requests());
    }

    @Test
    void filesCopiedByHandAreTakenIfTheyAreRight() throws Exception {
        Files.createDirectories(directory(cache));
        Files.write(directory(cache).resolve(WEIGHTS), content(WEIGHTS));
        byte[] wrong = content(CONFIG).clone();
        wrong[3] ^= 1;
        Files.write(directory(cache).resolve(CONFIG), wrong);
        assertEquals(1, fetch().files());
        assertEquals(List.of(CONFIG), server.requests());
        complete();
    }

    @Test
    void aFileThatIsWrongDoesNotStayWhenTheServerCannotBeReached() throws Exception {
        Files.createDirectories(directory(cache));
        Files.write(directory(cache).resolve(WEIGHTS), new byte[content(WEIGHTS).length]);
        server.close();
        refused("cannot reach localhost");
        assertEquals(Map.of(), listing(cache));
    }

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
    void aFileWithAnotherChecksumIsRefusedAndRemoved() throws Exception {
        byte[] other = content(WEIGHTS).clone();
        other[other.length - 1] ^= 1;
        server.next(FetchServer::plain, (exchange, content) -> body(exchange, 200, other));
        refused("cannot fetch model.safetensors", "SHA-256", FetchFixture.sha256(other));
        assertEquals(Map.of(CONFIG, (long) content(CONFIG).length), listing(cache));
        fetchesAll();
    }

    @Test
    void aPartOfAnotherFileIsDroppedInTheEnd() throws Exception {
        Files.createDirectories(directory(cache));
        Files.write(directory(cache).resolve(WEIGHTS + ".partial"), new byte[5_000]);
        fetchesAll();
        assertEquals(List.of(CONFIG, WEIGHTS + " bytes=5000-", WEIGHTS), server.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {299_999, 300_000, 300_001})
    void aPartOfAnyLengthIsDealtWith(int length) throws Exception {
        Files.createDirectories(directory(cache));
        Files.write(directory(cache).resolve(WEIGHTS + ".partial"), Arrays.copyOf(content(WEIGHTS), length));
        fetchesAll();
        assertEquals(
                length == 299_999
                        ? List.of(CONFIG, WEIGHTS + " bytes=299999-")
                        : length == 300_000 ? List.of(CONFIG) : List.of(CONFIG, WEIGHTS),
                server.requests());
    }

    @Test
    void aBodyThatDoesNotEndIsCutOff() throws Exception {
        server.next(FetchServer::plain, ModelFetcherTest::endless);
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
    void anInterruptedFetchIsGoneOnWith() throws Exception {
        int half = content(WEIGHTS).length / 2;
        CountDownLatch never = new CountDownLatch(1);
        server.next(FetchServer::plain, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, half);
            exchange.getResponseBody().flush();
            await(never);
        });
        Thread thread = Thread.currentThread();
        AtomicBoolean first = new AtomicBoolean(true);
        assertThrows(
                InterruptedException.class,
                () -> fetcher(cache, server.url()).fetch(NAME, (file, done, total) -> {
                    if (done == half && first.getAndSet(false)) {
                        thread.interrupt();
                    }
                }));
        assertFalse(Thread.interrupted());
        assertEquals(Map.of(CONFIG, (long) content(CONFIG).length, WEIGHTS + ".partial", (long) half), listing(cache));
        ModelNotFoundException e =
                assertThrows(ModelNotFoundException.class, () -> store(cache).find(NAME));
        assertTrue(e.getMessage().contains("in part (1 of 2 files are missing)"), e.getMessage());
        assertEquals(1, fetch().files());
        complete();
        assertEquals(List.of(CONFIG, WEIGHTS, WEIGHTS + " bytes=" + half + "-"), server.requests());
        never.countDown();
    }

    @Test
    void aThreadThatIsInterruptedAlreadyFetchesNothing() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, this::fetch);
        assertFalse(Thread.interrupted());
        fetchesAll();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    @Test
    void twoFetchesAtOnceDownloadOnce() throws Exception {
        CountDownLatch secondWaits = new CountDownLatch(1);
        server.next(FetchServer::plain, (exchange, content) -> {
            await(secondWaits);
            FetchServer.plain(exchange, content);
        });
        AtomicReference<Path> waited = new AtomicReference<>();
        FetchListener listener = new FetchListener() {
            @Override
            public void progress(String file, long done, long total) {
                // Only waiting matters here.
            }

            @Override
            public void waiting(Path directory) {
                waited.set(directory);
                secondWaits.countDown();
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<FetchedModel> one =
                    threads.submit(() -> fetcher(cache, server.url()).fetch(NAME, listener));
            Future<FetchedModel> two =
                    threads.submit(() -> fetcher(cache, server.url()).fetch(NAME, listener));
            assertEquals(
                    2,
                    one.get(10, TimeUnit.SECONDS).files()
                            + two.get(10, TimeUnit.SECONDS).files());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(directory(cache).toRealPath(), waited.get());
        assertEquals(List.of(CONFIG, WEIGHTS), server.requests());
        complete();
    }

    @Test
    void aMirrorMayHaveAPathOfItsOwn() throws Exception {
        FetchFixture.serve(server, "/mirrors/weights");
        server.put(FetchFixture.BASE + CONFIG, new byte[0]);
        fetcher(cache, server.url() + "/mirrors/weights//").fetch(NAME, SILENT);
        complete();
    }

    @Test
    void whoeverIsOfflineIsToldWhatToDo() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        FetchException e = assertThrows(
                FetchException.class,
                () -> fetcher(cache, "http://localhost:" + port).fetch(NAME, SILENT));
        for (String part : List.of(
                "cannot reach localhost:" + port,
                "HTTPS_PROXY",
                "PURERANK_MIRROR",
                directory(cache).toString())) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count());
        assertEquals(Map.of(), listing(cache));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(cache.resolve("file"));
        for (Path home : List.of(file, file.resolve("below"))) {
            FetchException e = assertThrows(
                    FetchException.class, () -> fetcher(home, server.url()).fetch(NAME, SILENT));
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
            assertTrue(e.getMessage().contains("PURERANK_HOME"), e.getMessage());
        }
        assertEquals(List.of(), server.requests());
    }

    @Test
    void linksDoNotLeadOutOfTheCache(@TempDir Path outside) throws Exception {
        Path models = Files.createDirectories(cache.resolve("models"));
        Files.createSymbolicLink(models.resolve("tests"), outside);
        refused("leads out of the cache");

        Files.delete(models.resolve("tests"));
        Files.createDirectories(directory(cache));
        Path victim = Files.writeString(outside.resolve("victim"), "mine");
        Files.createSymbolicLink(directory(cache).resolve(CONFIG + ".partial"), victim);
        refused("cannot use " + directory(cache));
        Files.delete(directory(cache).resolve(CONFIG + ".partial"));

        Files.createSymbolicLink(directory(cache).resolve(CONFIG), victim);
        fetchesAll();
        assertEquals("mine", Files.readString(victim));
        assertFalse(Files.isSymbolicLink(directory(cache).resolve(CONFIG)));
    }
}
