package io.github.purerank.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Example.java of a module, or another of its examples, which its README shows with what it prints: run as a reader runs it, in a
 * JVM of its own, from the module's folder.
 */
public final class ReadmeExample {
    private static final Path README = Path.of("README.md");
    private static final long TIMEOUT_SECONDS = 120;

    private ReadmeExample() {}

    /**
     * Runs Example.java without arguments.
     *
     * @throws AssertionError if it fails, or the README does not have its source, or what it prints
     */
    public static void check() throws IOException, InterruptedException {
        check("Example.java", List.of());
    }

    /**
     * Runs another example, or one that needs options of the JVM.
     *
     * @param source its file
     * @param jvmOptions what its command has beside the Vector API and the class path
     * @param arguments of its main
     * @throws AssertionError if it fails, or the README does not have its source, or what it prints
     */
    public static void check(String source, List<String> jvmOptions, String... arguments)
            throws IOException, InterruptedException {
        requireBlock("java", Files.readString(Path.of(source)));
        requireBlock("", run(source, jvmOptions, arguments));
    }

    private static void requireBlock(String language, String text) throws IOException {
        if (!Files.readString(README).contains("\n```" + language + "\n" + text + "```\n")) {
            throw new AssertionError(README.toAbsolutePath() + " has no block with this:\n" + text);
        }
    }

    private static String run(String source, List<String> jvmOptions, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("example", ".out");
        Path err = Files.createTempFile("example", ".err");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(List.of(
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-Duser.language=en",
                    "-Dstdout.encoding=UTF-8",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    source));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(source + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(source + " ended with status " + process.exitValue() + ":\n"
                        + Files.readString(err, StandardCharsets.UTF_8));
            }
            return Files.readString(out, StandardCharsets.UTF_8).replace("\r\n", "\n");
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
