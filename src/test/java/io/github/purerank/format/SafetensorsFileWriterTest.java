package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileWriterTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Random random = new Random(1);
        // Longer than the buffer, and of every alignment with its end.
        float[] large = new float[3 * 65536 + 7];
        for (int i = 0; i < large.length; i++) {
            large[i] = Float.intBitsToFloat(random.nextInt());
        }
        Path file = directory.resolve("model.safetensors");
        new SafetensorsFileWriter()
                .metadata("format", "pt")
                .add("scalar", new float[] {1.5f})
                .add("none", new float[0], 0, 3)
                .add("large \"\u00fc\"", large, large.length)
                .add("matrix", new float[] {1, 2, 3, 4, 5, -0f}, 2, 3)
                .writeTo(file);
        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(
                    List.of("scalar", "none", "large \"\u00fc\"", "matrix"),
                    List.copyOf(tensors.tensors().keySet()));
            assertArrayEquals(new float[] {1.5f}, tensors.readAll("scalar"));
            assertTrue(tensors.require("scalar").hasShape());
            assertTrue(tensors.require("none").hasShape(0, 3));
            assertArrayEquals(large, tensors.readAll("large \"\u00fc\""));
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, -0f}, tensors.readAll("matrix"));
            assertTrue(tensors.require("matrix").hasShape(2, 3));
        }
        long header = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(0, header % 8);
    }

    @Test
    void anOlderFileIsReplacedAndNothingElseLeft() throws IOException {
        Path file = directory.resolve("a");
        new SafetensorsFileWriter().add("x", new float[] {1}, 1).writeTo(file);
        new SafetensorsFileWriter().add("x", new float[] {2}, 1).writeTo(file);
        try (Safetensors tensors = Safetensors.open(file)) {
            assertArrayEquals(new float[] {2}, tensors.readAll("x"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        Path taken = Files.createDirectories(directory.resolve("taken").resolve("inside"))
                .getParent();
        SafetensorsFileWriter writer = new SafetensorsFileWriter().add("x", new float[] {1}, 1);
        assertThrows(IOException.class, () -> writer.writeTo(taken));
        assertThrows(
                NoSuchFileException.class,
                () -> writer.writeTo(directory.resolve("nowhere").resolve("file")));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(taken), files.toList());
        }
    }

    @Test
    void shapesAndNamesAreChecked() {
        SafetensorsFileWriter writer = new SafetensorsFileWriter().add("x", new float[2], 2);
        assertThrows(IllegalArgumentException.class, () -> writer.add("y", new float[2], 3));
        assertThrows(IllegalArgumentException.class, () -> writer.add("x", new float[2], 2));
        assertThrows(IllegalArgumentException.class, () -> writer.add("__metadata__", new float[2], 2));
    }
}
