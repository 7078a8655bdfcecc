package io.github.purerank.cli;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long input in a small heap. {@code tools/million} does it at full length. */
class MillionTest {
    @Test
    void manyPairsInOrder() throws Exception {
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        List<String> command = ChildProcess.java("-Xmx64m", Main.class.getName(), "score", "--format", "tsv");
        Million.run(3000, 5, 1000, command, DISCARD, new PrintStream(report, true, StandardCharsets.UTF_8));
        List<String> lines = report.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, lines.size(), lines.toString());
        assertTrue(lines.get(3).startsWith("3,000 pairs in order, 1 of them"), lines.toString());
    }

    /** What is checked can fail. */
    @Test
    void anotherOrderIsNoticed() {
        List<String> reversed = List.of("sh", "-c", "sed 's/^/0.5\t/' | sort -r");
        assertThrows(AssertionError.class, () -> Million.run(50, 5, 10, reversed, DISCARD, System.out));
    }

    /** 80 MB of text, of which a slice must not hold more than some. */
    @Test
    void longTextsInASmallHeap() throws Exception {
        Process process = new ProcessBuilder(
                        ChildProcess.java("-Xmx64m", Main.class.getName(), "score", "--format", "jsonl"))
                .redirectError(DISCARD)
                .start();
        int rows = 40;
        byte[] row = ("{\"query\": \"how tall\", \"passage\": \"" + "it is tall ".repeat(180_000) + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
        Thread feeder = new Thread(() -> {
            try (OutputStream out = process.getOutputStream()) {
                for (int i = 0; i < rows; i++) {
                    out.write(row);
                }
            } catch (IOException e) {
                // Seen by the exit status.
            }
        });
        feeder.start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals(rows, out.lines().distinct().count() == 1 ? rows : -1);
        }
        feeder.join();
        assertEquals(0, process.waitFor());
    }
}
