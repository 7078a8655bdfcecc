package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where the library must run, each place a JVM of its own: a program that depends on nothing but the library's jar and
 * jackson-core scores a few pairs there and prints their bits.
 */
@Timeout(60)
class PlacesTest {
    /** Some in capitals, because lower case is a matter of language. */
    private static final List<TextPair> PAIRS = List.of(
            new TextPair("IS ISTANBUL IN ASIA", "Istanbul lies on two continents."),
            new TextPair("how tall is everest", "Mount Everest is 8,849 m high."),
            new TextPair("", "x"));

    /** An automatic module, as the library is, cannot say which modules it needs; whoever requires it must. */
    private static final String MODULE = """
            module places {
                requires io.github.purerank;
                requires tools.jackson.core;
            }
            """;

    private static final String PROGRAM = """
            package places;

            import io.github.purerank.CrossEncoder;
            import io.github.purerank.TextPair;
            import io.github.purerank.load.ModelNotFoundException;
            import io.github.purerank.load.ModelStore;
            import java.util.ArrayList;
            import java.util.List;

            public class Program {
                public static void main(String[] texts) throws Exception {
                    List<TextPair> pairs = new ArrayList<>();
                    for (int i = 0; i < texts.length; i += 2) {
                        pairs.add(new TextPair(texts[i], texts[i + 1]));
                    }
                    StringBuilder bits = new StringBuilder();
                    try (CrossEncoder model = CrossEncoder.load()) {
                        for (float score : model.predict(pairs)) {
                            bits.append(Integer.toHexString(Float.floatToRawIntBits(score))).append(' ');
                        }
                        bits.append(model.info().kernels());
                    }
                    try {
                        ModelStore.ofUser().find("cross-encoder/ms-marco-MiniLM-L6-v2");
                        bits.append(", found");
                    } catch (ModelNotFoundException e) {
                        bits.append(", not found");
                    }
                    System.out.println(bits + (Program.class.getModule().isNamed() ? ", in a module" : ""));
                }
            }
            """;

    @TempDir
    private static Path folder;

    private static Path library;
    private static Path jackson;
    private static Path program;
    private static String expected;

    @BeforeAll
    static void build() throws Exception {
        // Not the plainest of names.
        Path jars = Files.createDirectories(folder.resolve("a b+c%20d"));
        library = jar(classes(CrossEncoder.class), jars.resolve("purerank-1.jar"));
        jackson = classes(tools.jackson.core.JsonParser.class);
        program = Files.createDirectories(jars.resolve("program"));
        Path sources = Files.createDirectories(folder.resolve("places"));
        Files.writeString(sources.resolve("module-info.java"), MODULE);
        Files.writeString(sources.resolve("Program.java"), PROGRAM);
        StringWriter messages = new StringWriter();
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(messages),
                        new PrintWriter(messages),
                        "--module-path",
                        path(library, jackson),
                        "-d",
                        program.toString(),
                        sources.resolve("module-info.java").toString(),
                        sources.resolve("Program.java").toString());
        assertEquals(0, status, messages.toString());
        StringBuilder bits = new StringBuilder();
        try (CrossEncoder model = CrossEncoder.load()) {
            for (float score : model.predict(PAIRS)) {
                bits.append(Integer.toHexString(Float.floatToRawIntBits(score))).append(' ');
            }
        }
        expected = bits.toString();
    }

    @Test
    void onTheClassPath() throws Exception {
        check("scalar, not found", onClassPath("-Xshare:auto"));
        String found = run(onClassPath("--add-modules", "jdk.incubator.vector"), folder);
        assertTrue(found.contains("vector"), found);
    }

    @Test
    void onTheModulePath() throws Exception {
        check("scalar, not found, in a module", onModulePath());
        String found = run(onModulePath("--add-modules", "jdk.incubator.vector"), folder);
        assertTrue(found.contains("vector") && found.endsWith("in a module"), found);
    }

    /** The JDK's base module is enough to load and to score. */
    @Test
    void withTheModulesItNeeds() throws Exception {
        check("scalar, not found", onClassPath("--limit-modules", "java.base"));
        check(
                "scalar, not found, in a module",
                onModulePath("--limit-modules", "java.base,io.github.purerank,tools.jackson.core"));
    }

    /** Nowhere to write, and nothing written where it is possible all the same (permissions do not bind every user). */
    @Test
    void withoutAPlaceToWrite() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("working"));
        assertTrue(directory.toFile().setWritable(false));
        String nowhere = folder.resolve("nowhere").toString();
        for (String home : List.of("?", "", nowhere)) {
            List<String> command = onClassPath("-Djava.io.tmpdir=" + nowhere, "-Duser.home=" + home);
            assertEquals(expected + "scalar, not found", run(command, directory));
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(List.of(), files.toList());
            }
            assertTrue(Files.notExists(Path.of(nowhere)));
        }
    }

    /** As in a container of 512 MiB and one processor: a heap of 128 MiB. */
    @Test
    void withLittleMemory() throws Exception {
        check("scalar, not found", onClassPath("-XX:MaxRAM=512m", "-XX:ActiveProcessorCount=1"));
        check("scalar, not found", onClassPath("-Xmx48m", "-Xss256k", "-XX:ReservedCodeCacheSize=8m"));
    }

    @Test
    void withOtherCompilers() throws Exception {
        check("scalar, not found", onClassPath("-Xint"));
        check("scalar, not found", onClassPath("-XX:TieredStopAtLevel=1"));
    }

    /** Turkish has two letters i, and neither is the other's capital. */
    @Test
    void withOtherLanguagesAndEncodings() throws Exception {
        check("scalar, not found", onClassPath("-Duser.language=tr", "-Duser.country=TR"));
        check("scalar, not found", onClassPath("-Dfile.encoding=US-ASCII", "-Duser.language=ar"));
    }

    private static void check(String rest, List<String> command) throws Exception {
        assertEquals(expected + rest, run(command, folder), () -> String.join(" ", command));
    }

    private static List<String> onClassPath(String... flags) {
        return command(flags, "-cp", path(library, jackson, program), "places.Program");
    }

    private static List<String> onModulePath(String... flags) {
        return command(flags, "--module-path", path(library, jackson, program), "-m", "places/places.Program");
    }

    private static List<String> command(String[] flags, String... rest) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData");
        command.addAll(Arrays.asList(flags));
        command.addAll(Arrays.asList(rest));
        for (TextPair pair : PAIRS) {
            command.add(pair.query());
            command.add(pair.passage());
        }
        return command;
    }

    /** The last line that a JVM prints. */
    private static String run(List<String> command, Path directory) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(folder.resolve("errors").toFile());
        for (String variable :
                List.of("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "PURERANK_HOME", "JAVA_TOOL_OPTIONS")) {
            builder.environment().remove(variable);
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), command + " does not end");
            assertEquals(0, process.exitValue(), command + ": " + Files.readString(folder.resolve("errors")));
            return output.substring(output.lastIndexOf('\n') + 1);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A jar as the build makes it, with the name of the module in its manifest. */
    private static Path jar(Path classes, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Automatic-Module-Name", "io.github.purerank");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> all = Files.walk(classes)) {
            out.setLevel(1);
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(path).toString().replace(File.separatorChar, '/')));
                Files.copy(path, out);
            }
        }
        return jar;
    }

    /** The folder or jar that a class was loaded from. */
    private static Path classes(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String path(Path... entries) {
        return Stream.of(entries).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
