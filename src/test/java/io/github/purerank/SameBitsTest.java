package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.TestKernels;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The same bits from other JVMs: other kernels, vector widths, compilers and JDKs, each in a process of its own.
 *
 * <p>The JDKs are the one that runs the test and those that the environment variable {@code PURERANK_JDKS} lists (homes,
 * separated as a path is); without the variable, those beside the running one. What was run is printed. {@code -Dpurerank.same-bits.tokens=512} takes
 * longer inputs too.
 */
class SameBitsTest {
    private static final int TOKENS = Integer.getInteger("purerank.same-bits.tokens", 17);
    private static final int HIDDEN = 1000;

    /** For JVMs that compute a multiply-add by way of BigDecimal, a thousand times slower. */
    private static final int SLOW_TOKENS = 3;

    private static final int SLOW_HIDDEN = 33;

    private static final boolean X86 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    @Test
    void allJvmsGiveTheSameBits() throws Exception {
        Kernels kernels = KernelChoice.fromSystemProperty().kernels();
        String expected = ScoreHash.hash(kernels, TOKENS, HIDDEN);
        for (Path jdk : jdks()) {
            check(expected, jdk, TOKENS, HIDDEN, "-Dpurerank.kernel=scalar");
            check(expected, jdk, TOKENS, HIDDEN, "-Dpurerank.kernel=scalar", "-XX:TieredStopAtLevel=1");
            List<String> widths = X86
                    ? List.of("-XX:UseAVX=3", "-XX:MaxVectorSize=32", "-XX:MaxVectorSize=16", "-XX:UseAVX=1")
                    : List.of("-XX:+TieredCompilation");
            for (String width : widths) {
                check(expected, jdk, TOKENS, HIDDEN, "-Dpurerank.kernel=vector", width);
            }
        }
    }

    /** Without instructions for a fused multiply-add, which UseAVX=0 takes away too. */
    @Test
    void jvmsWithoutFusedMultiplyAddGiveTheSameBits() throws Exception {
        String expected = ScoreHash.hash(KernelChoice.fromSystemProperty().kernels(), SLOW_TOKENS, SLOW_HIDDEN);
        for (Path jdk : jdks()) {
            for (String flag : X86 ? List.of("-XX:-UseFMA", "-XX:UseAVX=0") : List.of("-XX:-UseFMA")) {
                check(expected, jdk, SLOW_TOKENS, SLOW_HIDDEN, "-Dpurerank.kernel=scalar", flag);
            }
        }
    }

    /** The hash is one of scores: it tells inputs apart. */
    @Test
    void hashesDiffer() throws NoSuchAlgorithmException {
        Kernels kernels = TestKernels.scalar();
        assertTrue(!ScoreHash.hash(kernels, 3, 33).equals(ScoreHash.hash(kernels, 2, 33)));
        assertTrue(!ScoreHash.hash(kernels, 3, 33).equals(ScoreHash.hash(kernels, 3, 32)));
    }

    private static void check(String expected, Path jdk, int tokens, int hidden, String... flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(jdk.resolve("bin").resolve("java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx1g"));
        command.addAll(List.of(flags));
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of(ScoreHash.class.getName(), Integer.toString(tokens), Integer.toString(hidden)));
        Path errors = Files.createTempFile("same-bits", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), command + " does not end");
            String what = jdk + " " + String.join(" ", flags);
            assertEquals(0, process.exitValue(), what + ": " + Files.readString(errors));
            // The JVM's own warnings come first, on standard output.
            String line = output.substring(output.lastIndexOf('\n') + 1);
            System.out.println(what + ": " + line);
            if (List.of(flags).contains("-XX:MaxVectorSize=16")) {
                assertTrue(line.endsWith(" vector, 128 bits"), what + ": " + line);
            }
            assertTrue(line.startsWith(expected + " "), what + ": expected " + expected + ", found " + line);
        } finally {
            Files.delete(errors);
        }
    }

    /** Homes of JDKs that can run the tests. */
    private static Set<Path> jdks() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> homes = new ArrayList<>();
        homes.add(own);
        String listed = System.getenv("PURERANK_JDKS");
        if (listed != null) {
            for (String home : listed.split(File.pathSeparator)) {
                assertTrue(isNewEnough(Path.of(home)), "PURERANK_JDKS names " + home + ", which is no JDK from 17 on");
                homes.add(Path.of(home));
            }
        } else {
            try (DirectoryStream<Path> beside = Files.newDirectoryStream(own.getParent())) {
                for (Path home : beside) {
                    if (isNewEnough(home)) {
                        homes.add(home);
                    }
                }
            }
        }
        Set<Path> real = new LinkedHashSet<>();
        for (Path home : homes) {
            real.add(home.toRealPath());
        }
        return real;
    }

    /** By the JDK's file "release". */
    private static boolean isNewEnough(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return false;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Runtime.Version.parse(version).feature() >= 17;
    }
}
