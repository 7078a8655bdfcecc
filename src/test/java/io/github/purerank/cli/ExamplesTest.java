package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in examples/, as its README has one run it. */
class ExamplesTest {
    @TempDir
    Path folder;

    @Test
    void theRelevantPairsScoreHigher() throws Exception {
        Process process = start("examples/CheckPairs.java");
        String output = output(process);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("relevant   7.1297"), output);
    }

    @Test
    void theExitStatusTellsWhenTheyDoNot() throws Exception {
        String pairs = Files.readString(Path.of("examples/pairs.jsonl"))
                .replace("\"relevant\": true", "\"relevant\": 0")
                .replace("\"relevant\": false", "\"relevant\": true")
                .replace("\"relevant\": 0", "\"relevant\": false");
        Path swapped = Files.writeString(folder.resolve("swapped.jsonl"), pairs);
        Process process = start("examples/CheckPairs.java", swapped.toString());
        String output = output(process);
        assertEquals(1, process.waitFor(), output);
        assertTrue(output.contains("an unrelated pair scores 7.1297"), output);
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(ChildProcess.java(arguments))
                .redirectErrorStream(true)
                .start();
    }

    private static String output(Process process) throws IOException {
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
