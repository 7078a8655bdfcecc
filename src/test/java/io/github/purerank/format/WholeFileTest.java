package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theOlderFileIsReplaced() throws IOException {
        Path file = folder.resolve("a.txt");
        WholeFile.write(file, "first");
        WholeFile.write(file, "ä second");
        assertEquals("ä second", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "older");
        IOException thrown = assertThrows(
                IOException.class,
                () -> WholeFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("No space left on device");
                }));
        assertEquals("No space left on device", thrown.getMessage());
        assertEquals("older", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(folder.resolve("d"));
        assertThrows(IOException.class, () -> WholeFile.write(folder.resolve("d"), "text"));
        assertThrows(IOException.class, () -> WholeFile.write(Path.of("/"), "text"));
        assertThrows(IOException.class, () -> WholeFile.write(Path.of(""), "text"));
        assertThrows(IOException.class, () -> WholeFile.write(folder.resolve("none/a.txt"), "text"));
        assertEquals(List.of("d"), names());
    }

    @Test
    void aLinkStaysAndWhatItLinksToIsReplaced() throws IOException {
        Path target = Files.writeString(folder.resolve("target.txt"), "older");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), target);
        WholeFile.write(link, "newer");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("newer", Files.readString(target));
        assertEquals(List.of("link.txt", "target.txt"), names());
    }

    /** A device is written to, not replaced by a file: the name of a link to one, so that a failure breaks no machine. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDeviceStaysOne() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
        WholeFile.write(link, "text");
        assertTrue(Files.isSymbolicLink(link));
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
        assertEquals(List.of("null"), names());
    }
}
