package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports between the packages run one way, as docs/design.md draws it. */
class ImportsTest {
    private static final Path SOURCES = Path.of("src/main/java/io/github/purerank");

    /** Fully qualified names count wherever they stand in the code, not in imports alone. */
    private static final Pattern NAME = Pattern.compile("io\\.github\\.purerank\\.(\\w+)");

    /** Package to the packages that it may use; "" is the base package. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "kernel", Set.of(),
            "text", Set.of(),
            "format", Set.of(),
            "model", Set.of("kernel"),
            "load", Set.of("model", "text", "format", "kernel"),
            "trace", Set.of("model", "text", "format", "kernel"),
            "", Set.of("trace", "load", "model", "text", "format", "kernel"),
            "evaluate", Set.of("", "load"),
            "picture", Set.of(),
            "cli", Set.of("", "trace", "evaluate", "picture", "load", "model", "text", "format", "kernel"));

    @Test
    void packagesUseOnlyWhatLiesBelowThem() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (Path file : javaFiles()) {
            String itsPackage = packageOf(file);
            seen.add(itsPackage);
            for (String used : usedPackages(Files.readString(file))) {
                assertTrue(
                        used.equals(itsPackage) || ALLOWED.get(itsPackage).contains(used),
                        () -> file + " uses the package \"" + used + "\"");
            }
        }
        assertEquals(new TreeSet<>(ALLOWED.keySet()), seen);
    }

    @Test
    void theVectorApiIsUsedInKernelAlone() throws IOException {
        for (Path file : javaFiles()) {
            if (Files.readString(file).contains("import jdk.incubator.vector")) {
                assertEquals("kernel", packageOf(file), file.toString());
            }
        }
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static String packageOf(Path file) {
        return SOURCES.equals(file.getParent())
                ? ""
                : SOURCES.relativize(file.getParent()).toString();
    }

    private static Set<String> usedPackages(String source) {
        Set<String> used = new TreeSet<>();
        Matcher names = NAME.matcher(source);
        while (names.find()) {
            String next = names.group(1);
            used.add(Character.isUpperCase(next.charAt(0)) ? "" : next);
        }
        return used;
    }
}
