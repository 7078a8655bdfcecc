package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where results go: whole files or none, and what happens when nobody takes them. */
class OutputTest {
    private static final String ROWS = "a\tb\nc\td\n";

    @TempDir
    Path folder;

    @Test
    void aFileHasWhatStandardOutputWouldHave() throws IOException {
        for (String[] command : new String[][] {
            {"score", "--format", "csv"},
            {"score"},
            {"tokenize"},
            {"rank", "a", "--documents", "-", "--format", "jsonl"}
        }) {
            Path file = folder.resolve(command[0]);
            Files.writeString(
                    file, "what was there before, and is longer than what is written in its place ".repeat(9));
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--output", file.toString()));
            Cli cli = Cli.runWith(ROWS, arguments.toArray(new String[0]));
            assertEquals(new Cli(0, "", ""), cli);
            assertEquals(Cli.runWith(ROWS, command).out(), Files.readString(file));
        }
        assertEquals(3, files(folder).size());
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        for (String command : List.of("score", "tokenize")) {
            Cli cli = Cli.runWith(ROWS + "bad\n", command, "--output", file.toString());
            assertEquals(1, cli.status());
            assertEquals("before", Files.readString(file));
            Cli other = Cli.runWith(ROWS + "bad\n", command, "--output", folder + "/new");
            assertEquals(1, other.status());
            assertEquals(List.of("file"), files(folder));
        }
        assertEquals(
                1,
                Cli.runWith(ROWS, "score", "--output", file.toString(), "--model", "none")
                        .status());
        assertEquals(List.of("file"), files(folder));
    }

    /** Input and output may be one file: it is read to its end before it is replaced. */
    @Test
    void aFileMayBecomeItsOwnResult() throws IOException {
        Path file = Files.writeString(folder.resolve("file.tsv"), ROWS);
        String expected =
                Cli.run("score", "--input", file.toString(), "--format", "tsv").out();
        assertEquals(
                0,
                Cli.run("score", "--input", file.toString(), "--output", file.toString(), "--format", "tsv")
                        .status());
        assertEquals(expected, Files.readString(file));
    }

    @Test
    void aLinkStaysOne() throws IOException {
        Path target = Files.writeString(
                Files.createDirectory(folder.resolve("elsewhere")).resolve("file"), "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertEquals(
                0, Cli.runWith(ROWS, "tokenize", "--output", link.toString()).status());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(2, Files.readAllLines(target).size());
    }

    @Test
    void aDeviceIsWrittenTo() throws IOException {
        Path device = Path.of("/dev/null");
        assertEquals(new Cli(0, "", ""), Cli.runWith(ROWS, "tokenize", "--output", device.toString()));
        assertFalse(Files.isRegularFile(device));
    }

    /** A shell that has a file open writes to it before and after. */
    @ParameterizedTest
    @EnabledOnOs(value = OS.LINUX, disabledReason = "others may have no /proc")
    @ValueSource(strings = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/fd/3"})
    void whatIsOpenIsWrittenTo(String output) throws Exception {
        Path file = folder.resolve("file");
        String number = output.endsWith("3") ? "3" : "1";
        Process process = start(
                "{ echo before >&" + number + "; \"$@\"; echo after >&" + number + "; } " + number + ">> " + file,
                "tokenize",
                "--output",
                output);
        feed(process, 1);
        assertEquals(0, process.waitFor(), errors(process));
        List<String> lines = Files.readAllLines(file);
        assertEquals(3, lines.size(), lines.toString());
        assertEquals("before", lines.get(0));
        assertTrue(lines.get(1).startsWith("{\"input_ids\": [101, "), lines.toString());
        assertEquals("after", lines.get(2));
        assertEquals(List.of("file"), files(folder));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "others may have no /dev/stdout")
    void aPictureMayGoToStandardOutput() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "before\n");
        Process process = start(
                "exec \"$@\" >> " + file, "evaluate", "--input", "examples/labelled.jsonl", "--plot", "/dev/stdout");
        feed(process, 0);
        assertEquals(0, process.waitFor(), errors(process));
        String text = Files.readString(file);
        assertTrue(text.startsWith("before\n<svg"), text);
        assertTrue(text.contains("average_precision"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "| expected the name of a file to write",
                "/ | found a directory",
                "no/file | its directory is not there"
            })
    void aFileThatCannotBeIsRefusedBeforeAnythingIsRead(String test) {
        String[] parts = test.split("\\|");
        InputStream input = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }
        };
        Cli cli = Cli.runWith(input, "score", "--output", parts[0].strip());
        assertEquals(1, cli.status());
        assertTrue(cli.err().contains(parts[1].strip()), cli.err());
    }

    /** The system lets a process write so much to a file and no more, as a full disk would. */
    @Test
    void aFullDiskIsSaidAndLeavesNoFile() throws Exception {
        Path file = folder.resolve("file");
        Process process = start("ulimit -f 8; exec \"$@\"", "score", "--format", "tsv", "--output", file.toString());
        feed(process, 20_000);
        assertEquals(1, process.waitFor());
        assertTrue(errors(process).contains("purerank: " + file + ": cannot be written: "));
        assertEquals(List.of(), files(folder));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "others have no /dev/full")
    void aFullStandardOutputIsSaid() throws Exception {
        Process process = start("exec \"$@\" > /dev/full", "tokenize");
        feed(process, 5);
        assertEquals(1, process.waitFor());
        assertTrue(errors(process).contains("purerank: standard output cannot be written to: "));
    }

    /** The reader takes a line and goes; the input never ends. */
    @ParameterizedTest
    @ValueSource(strings = {"tokenize", "score"})
    void aReaderThatGoesEndsTheCommandQuietly(String command) throws Exception {
        Process process = start("yes 'a\tb' | { \"$@\"; echo $? >&2; } | head -n 1", command);
        process.getOutputStream().close();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String errors = errors(process);
        assertFalse(errors.contains("purerank:"), errors);
        assertTrue(errors.contains("141"), errors);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalLeavesNoFile(String signal) throws Exception {
        Path file = folder.resolve("file");
        // An interactive shell's commands get Ctrl-C; those that run behind it are made to ignore it, and Java then
        // does so, too.
        Process process = start("exec \"$@\"", "tokenize", "--output", file.toString());
        OutputStream out = process.getOutputStream();
        out.write("a\tb\n".repeat(50_000).getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (process.isAlive() && !isFilled()) {
            Thread.sleep(5);
        }
        assertEquals(1, files(folder).size());
        assertTrue(files(folder).get(0).endsWith(".part"), files(folder).toString());
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor());
        assertEquals(signal.equals("INT") ? 130 : 143, process.waitFor());
        assertEquals(List.of(), files(folder));
    }

    @Test
    void aWriterThatFailsIsNamedByItsReason() {
        for (String reason : List.of("No space left on device", "Broken pipe")) {
            StandardOutput out = new StandardOutput(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException(reason);
                }
            });
            StringWriter err = new StringWriter();
            int status =
                    Main.run(new String[] {"rank", "a", "b"}, InputStream.nullInputStream(), out, new PrintWriter(err));
            boolean isPipe = reason.equals("Broken pipe");
            assertEquals(isPipe ? 141 : 1, status);
            assertEquals(
                    isPipe ? "" : "purerank: standard output cannot be written to: " + reason + "\n", err.toString());
        }
    }

    private boolean isFilled() throws IOException {
        for (String file : files(folder)) {
            if (Files.size(folder.resolve(file)) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Starts the command line as $@ of a shell's script. */
    private static Process start(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(ChildProcess.java("-XX:-UsePerfData", Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void feed(Process process, int rows) throws InterruptedException {
        Thread feeder = new Thread(() -> {
            try (OutputStream out = process.getOutputStream()) {
                out.write("a\tb\n".repeat(rows).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended before it had all.
            }
        });
        feeder.start();
        feeder.join();
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
