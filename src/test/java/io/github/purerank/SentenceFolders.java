package io.github.purerank;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The small sentence encoders of the golden files, as they lie on disk. */
public final class SentenceFolders {
    private SentenceFolders() {}

    /** The folder of a model. */
    public static Path of(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/sentences/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its files in memory, to be changed. */
    static Map<String, byte[]> files(String name) throws IOException {
        Path folder = of(name);
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Replaces a text in a file; fails if it is not there. */
    static void replace(Map<String, byte[]> files, String name, String old, String with) {
        String text = new String(files.get(name), StandardCharsets.UTF_8);
        if (!text.contains(old)) {
            throw new IllegalArgumentException(name + " has no " + old + ": " + text);
        }
        files.put(name, text.replace(old, with).getBytes(StandardCharsets.UTF_8));
    }
}
