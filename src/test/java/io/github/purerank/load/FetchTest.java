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
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of fetching share: a cache, a server with the model's files, and what to expect of a fetch. */
@Timeout(20)
abstract class FetchTest {
    @TempDir
    Path cache;

    final FetchServer server = FetchFixture.serve(new FetchServer(), "");

    @AfterEach
    void stopServer() {
        server.close();
    }

    FetchedModel fetch() throws IOException, InterruptedException {
        return fetcher(cache, server.url()).fetch(NAME, SILENT);
    }

    void fetchesAll() throws IOException, InterruptedException {
        FetchedModel model = fetch();
        assertEquals(directory(cache), model.directory());
        complete();
    }

    void complete() throws IOException {
        assertEquals(
                Map.of(CONFIG, (long) content(CONFIG).length, WEIGHTS, (long) content(WEIGHTS).length), listing(cache));
        for (String file : List.of(CONFIG, WEIGHTS)) {
            assertArrayEquals(content(file), Files.readAllBytes(directory(cache).resolve(file)));
        }
        assertEquals(directory(cache), store(cache).find(NAME));
    }

    /** Fails with one line that has these parts; the model cannot be found afterwards. */
    void refused(String... parts) {
        FetchException e = assertThrows(FetchException.class, this::fetch);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count());
        assertThrows(ModelNotFoundException.class, () -> store(cache).find(NAME));
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
