package io.github.purerank.load;

import static io.github.purerank.load.FetchFixture.CONFIG;
import static io.github.purerank.load.FetchFixture.NAME;
import static io.github.purerank.load.FetchFixture.SILENT;
import static io.github.purerank.load.FetchFixture.WEIGHTS;
import static io.github.purerank.load.FetchFixture.content;
import static io.github.purerank.load.FetchFixture.directory;
import static io.github.purerank.load.FetchFixture.fetcher;
import static io.github.purerank.load.FetchFixture.store;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fetches in processes of their own: killed, and at the same time as one here. */
@Timeout(180)
class FetchProcessTest extends FetchTest {
    private static final int KILLS = 8;
    private static final int CHUNKS = 40;
    private static final long CHUNK_MILLIS = 5;

    @Test
    void aKilledFetchLeavesNoWrongFileAndTheNextCompletes() throws Exception {
        server.always(FetchServer.slow(CHUNKS, CHUNK_MILLIS));
        Random random = new Random(11);
        int killed = 0;
        // On a slow machine more are killed before the first bytes are on disk, so that there is nothing to go on with.
        for (int i = 0; i < KILLS || !wentOn() && i < 20 * KILLS; i++) {
            int before = server.requests().size();
            Process process = FetchProcess.start(cache, server.url());
            while (process.isAlive() && server.requests().size() == before) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt((int) (CHUNKS * CHUNK_MILLIS)));
            killed += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
            for (String file : List.of(CONFIG, WEIGHTS)) {
                Path path = directory(cache).resolve(file);
                if (Files.exists(path)) {
                    assertArrayEquals(content(file), Files.readAllBytes(path));
                    // Otherwise there would soon be nothing left to fetch.
                    Files.delete(path);
                }
            }
        }
        assertTrue(killed >= KILLS / 2, killed + " of " + KILLS + " were killed while they fetched");
        assertTrue(wentOn(), server.requests().toString());
        fetcher(cache, server.url()).fetch(NAME, SILENT);
        for (String file : List.of(CONFIG, WEIGHTS)) {
            assertArrayEquals(
                    content(file), Files.readAllBytes(store(cache).find(NAME).resolve(file)));
        }
    }

    @Test
    void aFetchWaitsForThatOfAnotherProcess() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        server.next((exchange, content) -> {
            try {
                waiting.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            FetchServer.plain(exchange, content);
        });
        Process process = FetchProcess.start(cache, server.url());
        while (process.isAlive() && server.requests().isEmpty()) {
            Thread.sleep(1);
        }
        FetchedModel model = fetcher(cache, server.url()).fetch(NAME, new FetchListener() {
            @Override
            public void progress(String file, long done, long total) {
                throw new AssertionError("this fetch has nothing to do");
            }

            @Override
            public void waiting(Path directory) {
                waiting.countDown();
            }
        });
        assertEquals(0, model.files());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> log());
        assertEquals(List.of(CONFIG, WEIGHTS), server.requests());
    }

    /** Whether a fetch of the weights has begun where one before was killed. */
    private boolean wentOn() {
        return server.requests().stream().anyMatch(request -> request.startsWith(WEIGHTS + " bytes="));
    }

    private String log() {
        try {
            return Files.readString(cache.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
