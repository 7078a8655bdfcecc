package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.load.FetchException;
import io.github.purerank.load.FetchFixture;
import io.github.purerank.load.FetchServer;
import io.github.purerank.load.ModelNotFoundException;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(20)
class FetchCommandTest {
    @TempDir
    private Path cache;

    private final FetchServer server = FetchFixture.serve(new FetchServer(), "");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Exception thrown;

    @BeforeEach
    void noTerminal() {
        System.clearProperty(Progress.TERMINAL);
    }

    @AfterEach
    void stopServer() {
        System.clearProperty(Progress.TERMINAL);
        server.close();
    }

    private int run(String... arguments) {
        ModelStore store = ModelStore.inDirectory(cache).withManifest(FetchFixture.manifest());
        return new CommandLine(new FetchCommand(store))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((e, command, result) -> {
                    thrown = e;
                    return 1;
                })
                .execute(arguments);
    }

    @Test
    void theDirectoryIsPrintedAlone() throws IOException {
        String directory = FetchFixture.directory(cache) + System.lineSeparator();
        assertEquals(0, run("small-model", "--mirror", server.url()), () -> String.valueOf(thrown));
        assertEquals(directory, out.toString());
        assertEquals(
                "fetched 2 files of tests/small-model, licence Apache-2.0" + System.lineSeparator(), err.toString());
        assertEquals(0, run(FetchFixture.NAME, "--mirror", "https://weights.invalid"));
        assertEquals(directory + directory, out.toString());
        assertTrue(err.toString().contains("tests/small-model is complete already"), err.toString());
        assertEquals(2, server.requests().size());
    }

    @Test
    void aBarIsDrawnOnATerminalAlone() {
        System.setProperty(Progress.TERMINAL, "true");
        assertEquals(0, run("small-model", "--mirror", server.url()), () -> String.valueOf(thrown));
        assertTrue(err.toString().contains("\rmodel.safetensors 100%"), err.toString());
        assertFalse(out.toString().contains("%"), out.toString());
    }

    @Test
    void whatCanBeFetchedIsListed() {
        assertEquals(0, run("--list"));
        assertEquals("tests/small-model\t0.3 MB\tApache-2.0\tnot fetched" + System.lineSeparator(), out.toString());
        assertEquals(0, run("small-model", "--mirror", server.url()));
        assertEquals(0, run("--list"));
        assertTrue(out.toString().endsWith("\tfetched" + System.lineSeparator()), out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "small-model --list", "a b", "--unknown", "small-model --mirror http://weights.invalid"})
    void wrongUsageIsStatusTwo(String arguments) {
        assertEquals(2, run(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertEquals("", out.toString());
        assertFalse(err.toString().isEmpty());
    }

    @Test
    void failuresAreExceptionsOfOneLine() {
        assertEquals(1, run("other"));
        assertEquals(ModelNotFoundException.class, thrown.getClass());
        server.next(FetchServer.status(404));
        assertEquals(1, run("small-model", "--mirror", server.url()));
        assertEquals(FetchException.class, thrown.getClass());
        assertEquals(1, thrown.getMessage().lines().count());
        assertEquals("", out.toString());
    }

    @Test
    void interruptionIsAFailure() {
        Thread.currentThread().interrupt();
        assertEquals(1, run("small-model", "--mirror", server.url()));
        assertTrue(Thread.interrupted());
        assertEquals(InterruptedIOException.class, thrown.getClass());
    }

    @Test
    void progressGoesToTheEnd() {
        System.setProperty(Progress.TERMINAL, "true");
        StringWriter screen = new StringWriter();
        try (Progress progress = Progress.start(new PrintWriter(screen), "scoring", 200, "pairs")) {
            progress.stepTo(50);
            progress.stepTo(200);
        }
        assertTrue(screen.toString().contains("scoring 100%"), screen.toString());
        assertTrue(screen.toString().contains("200/200 pairs"), screen.toString());
        assertTrue(
                screen.toString().endsWith(System.lineSeparator()),
                screen.toString().replace("\r", "\\r"));
        for (String line : screen.toString().split("[\r\n]+")) {
            assertTrue(line.length() < 80, line);
        }
    }
}
