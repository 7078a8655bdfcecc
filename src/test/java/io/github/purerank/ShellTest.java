package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JShell with what "tools/purerank shell" gives it, but for the class path. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ShellTest {
    @TempDir
    private Path folder;

    @Test
    void scoresRanksAndTraces() throws Exception {
        String score;
        try (CrossEncoder model = CrossEncoder.load()) {
            score = String.valueOf(
                    model.predict(new TextPair("how tall is everest", "Mount Everest is 8,849 m high.")));
        }
        String shell = shell("""
                score("how tall is everest", "Mount Everest is 8,849 m high.")
                System.out.println(model.rank("everest", List.of("Onions.", "Mount Everest")).get(0).index() + " is first")
                System.out.println(trace("a", "b").layers().size() + " layers")
                """);
        assertTrue(shell.contains(" ==> " + score), shell);
        assertTrue(shell.contains("1 is first"), shell);
        assertTrue(shell.contains("4 layers"), shell);
    }

    /** What it prints. */
    private String shell(String input) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        String jshell =
                Path.of(System.getProperty("java.home"), "bin", "jshell").toString();
        Process process = new ProcessBuilder(List.of(
                        jshell,
                        "-J-Duser.home=" + folder,
                        "--class-path",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "--startup",
                        "DEFAULT",
                        "--startup",
                        "tools/shell.jsh"))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        String printed = Files.readString(out, StandardCharsets.UTF_8);
        assertTrue(ended, printed);
        assertEquals(0, process.exitValue(), printed);
        return printed;
    }
}
