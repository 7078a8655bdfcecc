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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetch leaves in the cache, and finds there. */
class ModelFetcherTest extends FetchTest {
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
