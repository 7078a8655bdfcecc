package io.github.purerank.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The documents say what is so. {@code -Dpurerank.docs=write} writes those that are made, tools/make-docs does it. */
class DocsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void whatIsMadeIsUpToDate() throws IOException {
        Map<Path, String> files = new ForwardPassDocs().render();
        assertTrue(files.size() > 10);
        if ("write".equals(System.getProperty("purerank.docs"))) {
            for (Map.Entry<Path, String> file : files.entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            assertEquals(
                    file.getValue().lines().toList(),
                    Files.readString(file.getKey()).lines().toList(),
                    file.getKey() + " is out of date: run tools/make-docs");
        }
    }

    @Test
    void picturesAreXml() throws Exception {
        for (Map.Entry<Path, String> file : new ForwardPassDocs().render().entrySet()) {
            if (file.getKey().toString().endsWith(".svg")) {
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(file.getValue())));
            }
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(Files.readString(document));
            while (matcher.find()) {
                String link = matcher.group(1);
                if (link.startsWith("http:") || link.startsWith("https:")) {
                    continue;
                }
                links++;
                int hash = link.indexOf('#');
                String file = hash < 0 ? link : link.substring(0, hash);
                Path target = file.isEmpty()
                        ? document
                        : document.toAbsolutePath().getParent().resolve(file);
                if (!Files.exists(target) || hash >= 0 && !hasHeading(target, link.substring(hash + 1))) {
                    dead.add(document + ": " + link);
                }
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(links > 50, links + " links");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ForwardPassDocs.DOCS);
                Stream<Path> top = Files.list(Path.of("."))) {
            return Stream.concat(docs, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** Headings are known by their words in lower case with hyphens between. */
    private static boolean hasHeading(Path document, String anchor) throws IOException {
        return Files.readString(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} -]", "")
                        .replace(' ', '-'))
                .anyMatch(anchor::equals);
    }

    @Test
    void linksIntoTheCodeNeedTheirMember() throws IOException {
        CodeLinks links = new CodeLinks();
        assertEquals(
                "[`SelfAttention.attend`](../src/main/java/io/github/purerank/model/SelfAttention.java)",
                links.link("SelfAttention.attend", "../"));
        assertTrue(links.link("PackedMatrix.PANEL", "").contains("PackedMatrix.java"));
        assertThrows(AssertionError.class, () -> links.link("SelfAttention.gone", ""));
        assertThrows(AssertionError.class, () -> links.link("Gone", ""));
        assertFalse(CodeLinks.declares("class A {\n    void a() {\n        b();\n        return b();\n    }\n}", "b"));
        assertTrue(CodeLinks.declares("class A {\n    private static int[] b(int c) {\n", "b"));
        assertTrue(CodeLinks.declares("enum A {\n    B,\n    C;\n", "C"));
    }
}
