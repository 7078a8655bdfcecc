package io.github.purerank.lucene.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageSearchTest {
    private static final String WORDS =
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                    + " fifteen sixteen seventeen eighteen nineteen twenty";

    @TempDir
    private Path folder;

    @Test
    void readsPackagesAndTranslations() throws IOException {
        Path packages = file("packages", """
                Package: cowfortune
                Source: fortunes (1.2)
                Version: 1
                Description: cow that speaks
                Tag: a, b,
                 c

                Package: plain
                Version: 2
                Description: has all of it
                 A first line
                 and a second.
                 .
                 And more.

                Package: silent
                Version: 3
                Description: says nothing more
                """);
        Path translations = file("translations", """

                Package: cowfortune
                Description-md5: 00
                Description-en: cow that speaks
                 She says
                   what you want.

                Package: cowfortune
                Description-md5: 01
                Description-en: an older cow
                 She is silent.
                """);
        assertEquals(
                List.of(
                        new PackageText("cowfortune", "fortunes", "cow that speaks", "She says what you want."),
                        new PackageText("plain", "plain", "has all of it", "A first line and a second. And more.")),
                PackageText.read(List.of(packages, translations)));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path other = file("other", "no field\n");
        assertThrows(IOException.class, () -> PackageText.read(List.of(other)));
        Path nameless = file("nameless", "Version: 1\n");
        assertThrows(IOException.class, () -> PackageText.read(List.of(nameless)));
    }

    @Test
    void takesTheSynopsisAndTheNamesOut() {
        PackageText text = new PackageText(
                "cowsay",
                "cow-tools",
                "Cowsay, a speaking cow",
                "cowsay, a speaking cow. Cowsay is of cow-tools; cowsay-off is not. xcowsay is not either.");
        assertEquals(", a speaking cow", PackageSearch.query(text));
        assertEquals(". it is of it; cowsay-off is not. xcowsay is not either.", PackageSearch.document(text));
    }

    /** From Python: int(hashlib.md5(b"deb:" + name).hexdigest(), 16) % 33 == 0. */
    @Test
    void knowsWhatWasKeptOutOfTraining() {
        for (String name : List.of("abinit", "admesh", "afl++", "ahcpd", "pilot", "amide")) {
            assertTrue(PackageSearch.isHeldOut(name), name);
        }
        for (String name : List.of("bash", "coreutils", "vim")) {
            assertFalse(PackageSearch.isHeldOut(name), name);
        }
    }

    @Test
    void drawsQueriesOfPackagesThatWereKeptOutAndHaveNoSiblings() {
        List<PackageText> packages = packages();
        PackageSearch drawn = PackageSearch.draw(packages, 60, 8, 1);
        assertEquals(60, drawn.documents().size());
        assertEquals(8, drawn.queries().size());
        assertEquals(60, new HashSet<>(drawn.documents()).size());
        for (PackageSearch.Query query : drawn.queries()) {
            String number = query.text().replaceAll("\\D", "");
            assertTrue(PackageSearch.isHeldOut("pack" + number), query.text());
            assertNotEquals(0, Integer.parseInt(number) % 2, "a package with a sibling");
            assertTrue(drawn.documents().get(query.relevant()).startsWith("document " + number + " "), query.text());
        }
        long eligible = packages.stream()
                .filter(text -> text.source().equals(text.name()) && PackageSearch.isHeldOut(text.name()))
                .filter(text -> !text.name().endsWith("x"))
                .filter(text -> Integer.parseInt(text.name().substring(4)) % 2 == 1)
                .count();
        assertEquals(eligible, drawn.eligible());
    }

    @Test
    void theSeedAloneDecides() {
        PackageSearch drawn = PackageSearch.draw(packages(), 60, 8, 1);
        assertEquals(drawn, PackageSearch.draw(packages(), 60, 8, 1));
        assertEquals(
                drawn.fingerprint(), PackageSearch.draw(packages(), 60, 8, 1).fingerprint());
        assertNotEquals(
                drawn.fingerprint(), PackageSearch.draw(packages(), 60, 8, 2).fingerprint());
    }

    @Test
    void shortTextsAreNoDocumentsAndFewerAreTakenThanAskedFor() {
        List<PackageText> packages = packages();
        int sources = PackageSearch.draw(packages, 100_000, 3, 1).documents().size();
        packages.add(new PackageText("short", "short", "a short one", "Few words."));
        PackageSearch all = PackageSearch.draw(packages, 100_000, 100_000, 1);
        assertEquals(sources, all.documents().size());
        assertEquals(all.eligible(), all.queries().size());
    }

    /** Those of even number are one of two of their source. */
    private static List<PackageText> packages() {
        List<PackageText> packages = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            String name = "pack" + i;
            packages.add(new PackageText(name, name, "a thing of number " + i, "document " + i + " " + WORDS));
            if (i % 2 == 0) {
                packages.add(new PackageText(name + "x", name, "another of number " + i, "copy " + i + " " + WORDS));
            }
        }
        return packages;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
