package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.TextPair;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {
    @TempDir
    private Path directory;

    private static final ModelFiles RESOURCES = ModelFiles.inResources(TextPair.class, "default-model");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/etc/passwd",
                "../config.json",
                "a/b",
                "..\\config.json",
                "C:config.json",
                "a\0b",
                "a\n",
                "a:b"
            })
    void aNameThatLeadsElsewhereIsRefused(String name) {
        ModelFiles files = ModelFiles.inDirectory(directory);
        for (ModelFiles each : new ModelFiles[] {files, RESOURCES}) {
            assertThrows(ModelFormatException.class, () -> each.has(name));
            assertThrows(ModelFormatException.class, () -> each.read(name, 10));
            assertThrows(ModelFormatException.class, () -> each.open(name));
            assertThrows(ModelFormatException.class, () -> each.folder(name));
        }
    }

    @Test
    void aNameThatNoFileSystemHasIsRefused() {
        ModelFiles files = ModelFiles.inDirectory(directory);
        assertThrows(IOException.class, () -> files.read("\ud800", 10));
    }

    @Test
    void filesAreReadUpToTheLimit() throws IOException {
        Files.write(directory.resolve("three"), new byte[] {1, 2, 3});
        ModelFiles files = ModelFiles.inDirectory(directory);
        assertTrue(files.has("three"));
        assertFalse(files.has("none"));
        assertArrayEquals(new byte[] {1, 2, 3}, files.read("three", 3));
        assertArrayEquals(new byte[] {1, 2, 3}, files.read("three", 4));
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> files.read("three", 2));
        assertEquals(directory.resolve("three").toString(), e.file());
        assertThrows(FileNotFoundException.class, () -> files.read("none", 3));
        assertThrows(FileNotFoundException.class, () -> files.open("none"));
        try (SeekableByteChannel channel = files.open("three")) {
            assertEquals(3, channel.size());
        }
    }

    @Test
    void aFolderIsNotAFile() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        ModelFiles files = ModelFiles.inDirectory(directory);
        assertFalse(files.has("folder"));
        assertThrows(ModelFormatException.class, () -> files.read("folder", 3));
        assertThrows(ModelFormatException.class, () -> files.open("folder"));
    }

    @Test
    void foldersInsideAreReachedByName() throws IOException {
        Files.createDirectory(directory.resolve("0_Transformer"));
        Files.write(directory.resolve("0_Transformer").resolve("config.json"), new byte[] {7});
        ModelFiles folder = ModelFiles.inDirectory(directory).folder("0_Transformer");
        assertArrayEquals(new byte[] {7}, folder.read("config.json", 1));
        assertEquals(directory.resolve("0_Transformer/config.json").toString(), folder.describe("config.json"));
        assertFalse(ModelFiles.inDirectory(directory).folder("none").has("config.json"));
        assertFalse(RESOURCES.folder("none").has("config.json"));
    }

    @Test
    void linksInsideAreFollowedAndLinksOutsideAreRefused() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.write(outside.resolve("secret"), new byte[] {9});
        Path model = Files.createDirectory(directory.resolve("model"));
        Files.write(model.resolve("real"), new byte[] {1});
        Files.createSymbolicLink(model.resolve("inside"), Path.of("real"));
        Files.createSymbolicLink(model.resolve("relative"), Path.of("../outside/secret"));
        Files.createSymbolicLink(model.resolve("absolute"), outside.resolve("secret"));
        Files.createSymbolicLink(model.resolve("folder"), outside);
        Files.createSymbolicLink(model.resolve("loop"), Path.of("loop"));
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), model);
        for (Path each : new Path[] {model, alias}) {
            ModelFiles files = ModelFiles.inDirectory(each);
            assertArrayEquals(new byte[] {1}, files.read("inside", 1));
            assertThrows(ModelFormatException.class, () -> files.read("relative", 1));
            assertThrows(ModelFormatException.class, () -> files.open("absolute"));
            assertThrows(
                    ModelFormatException.class, () -> files.folder("folder").read("secret", 1));
            assertFalse(files.has("loop"));
            assertThrows(IOException.class, () -> files.read("loop", 1));
        }
    }

    @Test
    void aSnapshotInAHuggingFaceCacheLinksToItsBlobs() throws IOException {
        Path model = Files.createDirectories(directory.resolve("models--org--name"));
        Path blobs = Files.createDirectory(model.resolve("blobs"));
        Files.write(blobs.resolve("abc"), new byte[] {5});
        Files.write(model.resolve("other"), new byte[] {6});
        Path snapshot = Files.createDirectories(model.resolve("snapshots/0123"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/abc"));
        Files.createSymbolicLink(snapshot.resolve("other"), Path.of("../../other"));
        Path inner = Files.createDirectory(snapshot.resolve("0_Transformer"));
        Files.createSymbolicLink(inner.resolve("config.json"), Path.of("../../../blobs/abc"));
        ModelFiles files = ModelFiles.inDirectory(snapshot);
        assertArrayEquals(new byte[] {5}, files.read("config.json", 1));
        assertArrayEquals(new byte[] {5}, files.folder("0_Transformer").read("config.json", 1));
        assertThrows(ModelFormatException.class, () -> files.read("other", 1));
    }

    @Test
    void resourcesAreReadAtAnyPosition() throws IOException {
        assertTrue(RESOURCES.has("config.json"));
        assertFalse(RESOURCES.has("none"));
        assertThrows(FileNotFoundException.class, () -> RESOURCES.read("none", 3));
        assertThrows(FileNotFoundException.class, () -> RESOURCES.open("none"));
        assertThrows(ModelFormatException.class, () -> RESOURCES.read("config.json", 3));
        byte[] all = RESOURCES.read("config.json", 10_000);
        SeekableByteChannel channel = RESOURCES.open("config.json");
        assertEquals(all.length, channel.size());
        ByteBuffer last = ByteBuffer.allocate(10);
        assertEquals(1, channel.position(all.length - 1).read(last));
        assertEquals(all[all.length - 1], last.get(0));
        assertEquals(all.length, channel.position());
        assertEquals(-1, channel.read(last));
        assertEquals(-1, channel.position(Long.MAX_VALUE).read(last));
        assertThrows(IllegalArgumentException.class, () -> channel.position(-1));
        assertThrows(NonWritableChannelException.class, () -> channel.write(last));
        assertThrows(NonWritableChannelException.class, () -> channel.truncate(0));
        channel.close();
        assertFalse(channel.isOpen());
        assertThrows(ClosedChannelException.class, channel::size);
    }
}
