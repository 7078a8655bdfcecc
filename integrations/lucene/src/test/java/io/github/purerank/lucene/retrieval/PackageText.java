package io.github.purerank.lucene.retrieval;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What apt knows of a package.
 *
 * @param name the package
 * @param source what it is built from; several packages can be built from one
 * @param synopsis one line about it
 * @param description some paragraphs about it, their lines joined
 */
record PackageText(String name, String source, String synopsis, String description) {
    private static final String TRANSLATED = "Description-en";
    private static final String PLAIN = "Description";

    /**
     * Reads files as apt has them, in which a package may stand more than once: in lists of packages, which say its source, and in
     * translations, which have its description. Of several descriptions the first counts.
     *
     * @return in the order of the names; packages without a description are left out
     */
    static List<PackageText> read(List<Path> files) throws IOException {
        Map<String, String> sources = new HashMap<>();
        Map<String, String> descriptions = new TreeMap<>();
        for (Path file : files) {
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                Map<String, String> stanza = next(reader);
                while (!stanza.isEmpty()) {
                    String name = stanza.get("Package");
                    if (name == null) {
                        throw new IOException(file + ": expected a Package in each stanza, found " + stanza.keySet());
                    }
                    if (stanza.containsKey("Version")) {
                        // "name (version)", or the package's own name where there is none.
                        sources.putIfAbsent(
                                name, stanza.getOrDefault("Source", name).split(" ")[0]);
                    }
                    String text = stanza.getOrDefault(TRANSLATED, stanza.getOrDefault(PLAIN, ""));
                    if (text.contains("\n")) {
                        descriptions.putIfAbsent(name, text);
                    }
                    stanza = next(reader);
                }
            }
        }
        List<PackageText> packages = new ArrayList<>();
        for (Map.Entry<String, String> entry : descriptions.entrySet()) {
            String name = entry.getKey();
            int end = entry.getValue().indexOf('\n');
            packages.add(new PackageText(
                    name,
                    sources.getOrDefault(name, name),
                    oneLine(entry.getValue().substring(0, end)),
                    oneLine(entry.getValue().substring(end))));
        }
        return packages;
    }

    /** The fields of the next stanza, lines joined by line feeds, a line of one point as an empty one; empty at the end. */
    private static Map<String, String> next(BufferedReader reader) throws IOException {
        Map<String, String> fields = new HashMap<>();
        String field = null;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isBlank()) {
                if (fields.isEmpty()) {
                    continue;
                }
                break;
            }
            if (Character.isWhitespace(line.charAt(0))) {
                String more = line.strip();
                fields.merge(field, more.equals(".") ? "" : more, (before, next) -> before + "\n" + next);
            } else {
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw new IOException("expected a field and a colon, found \"" + line + "\"");
                }
                field = line.substring(0, colon);
                fields.put(field, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
