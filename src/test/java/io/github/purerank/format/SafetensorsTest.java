package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    private Path directory;

    /** Small whole numbers and halves: exact in every floating-point dtype, bfloat16's 8 bits included. */
    private static float[] exactValues(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i % 255 - 127) * 0.5f;
        }
        return values;
    }

    private static Safetensors open(byte[] file) throws IOException {
        return Safetensors.open(new ByteArrayChannel(file), "test.safetensors");
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = Mode.EXCLUDE, names = "I64")
    void everyFloatingPointTypeReadsBack(DType dtype) throws IOException {
        float[] values = exactValues(6);
        byte[] file = new SafetensorsWriter().add("w", dtype, values, 2, 3).toBytes();
        try (Safetensors tensors = open(file)) {
            assertEquals(List.of("w"), List.copyOf(tensors.tensors().keySet()));
            TensorInfo info = tensors.require("w");
            assertEquals(new TensorInfo("w", dtype, List.of(2L, 3L)), info);
            assertEquals(6, info.elementCount());
            assertTrue(info.hasShape(2, 3));
            assertFalse(info.hasShape(3, 2));
            assertFalse(info.hasShape(2, 3, 1));
            assertArrayEquals(values, tensors.readAll("w"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 15, 16, 17, ReadBuffer.BYTES / 4 - 1, ReadBuffer.BYTES / 4, ReadBuffer.BYTES / 4 + 1, 200_003
            })
    void sizesRoundTheBuffersEdgesReadBack(int count) throws IOException {
        float[] values = exactValues(count);
        SafetensorsWriter writer = new SafetensorsWriter().add("before", new float[] {1, 2, 3}, 3);
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
            writer.add(dtype.name(), dtype, values, count);
        }
        Path path = directory.resolve("model.safetensors");
        writer.writeTo(path);
        try (Safetensors tensors = Safetensors.open(path)) {
            for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
                assertArrayEquals(values, tensors.readAll(dtype.name()), dtype.name());
            }
        }
    }

    @Test
    void doublesAreRoundedToTheNearestFloat() throws IOException {
        double[] values = {Math.PI, 1e300, -1e-320, 1 + 0x1p-24, Double.NaN, -0.0};
        try (Safetensors tensors =
                open(new SafetensorsWriter().add("w", values, 6).toBytes())) {
            assertArrayEquals(
                    new float[] {(float) Math.PI, Float.POSITIVE_INFINITY, -0f, 1f, Float.NaN, -0f},
                    tensors.readAll("w"));
        }
    }

    @Test
    void longsAreReadAsLongsAlone() throws IOException {
        long[] ids = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE};
        byte[] file = new SafetensorsWriter()
                .add("ids", ids, 1, 4)
                .add("w", new float[] {1}, 1)
                .toBytes();
        try (Safetensors tensors = open(file)) {
            assertArrayEquals(ids, tensors.readAllLongs("ids"));
            ModelFormatException asFloat = assertThrows(ModelFormatException.class, () -> tensors.readAll("ids"));
            assertEquals("ids", asFloat.location());
            assertEquals("I64", asFloat.found());
            assertThrows(ModelFormatException.class, () -> tensors.readAllLongs("w"));
        }
    }

    @Test
    void aPartGoesWhereItIsAskedFor() throws IOException {
        float[] values = exactValues(100);
        try (Safetensors tensors =
                open(new SafetensorsWriter().add("w", DType.F16, values, 100).toBytes())) {
            float[] target = {-1, -1, -1, -1, -1};
            tensors.read("w", 97, target, 1, 3);
            assertArrayEquals(new float[] {-1, values[97], values[98], values[99], -1}, target);
            tensors.read("w", 100, target, 5, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> tensors.read("w", 98, target, 0, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> tensors.read("w", -1, target, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> tensors.read("w", Long.MAX_VALUE, target, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> tensors.read("w", 0, target, 3, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> tensors.read("w", 0, target, 0, -1));
            ModelFormatException none = assertThrows(ModelFormatException.class, () -> tensors.readAll("v"));
            assertEquals("v", none.location());
        }
    }

    @Test
    void scalarsEmptyTensorsAndEmptyFilesAreFine() throws IOException {
        byte[] file = new SafetensorsWriter()
                .metadata("format", "pt")
                .add("none", new float[0], 3, 0)
                .add("scalar", new float[] {7})
                .toBytes();
        try (Safetensors tensors = open(file)) {
            assertEquals(0, tensors.readAll("none").length);
            assertArrayEquals(new float[] {7}, tensors.readAll("scalar"));
        }
        try (Safetensors tensors = open(SafetensorsWriter.file("{}      ", new byte[0]))) {
            assertTrue(tensors.tensors().isEmpty());
            assertThrows(
                    UnsupportedOperationException.class, () -> tensors.tensors().clear());
        }
    }

    @Test
    void theHeadersOrderIsKeptWhereverTheDataAre() throws IOException {
        String header = "{" + SafetensorsWriter.member("z", "F32", new long[] {1}, 4, 8) + ","
                + SafetensorsWriter.member("a", "F32", new long[] {1}, 0, 4) + "}";
        byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
        try (Safetensors tensors = open(SafetensorsWriter.file(header, data))) {
            assertEquals(List.of("z", "a"), List.copyOf(tensors.tensors().keySet()));
            assertArrayEquals(new float[] {2}, tensors.readAll("z"));
            assertArrayEquals(new float[] {1}, tensors.readAll("a"));
        }
    }

    @Test
    void anyChannelIsReadAndClosed() throws IOException {
        byte[] file = new SafetensorsWriter().add("w", exactValues(1000), 1000).toBytes();
        SlowChannel channel = new SlowChannel(new ByteArrayChannel(file));
        try (Safetensors tensors = Safetensors.open(channel, "slow")) {
            assertArrayEquals(exactValues(1000), tensors.readAll("w"));
        }
        assertFalse(channel.isOpen());
    }

    @Test
    void aRefusedFileIsClosed() {
        ByteArrayChannel channel = new ByteArrayChannel(new byte[3]);
        assertThrows(SafetensorsException.class, () -> Safetensors.open(channel, "short"));
        assertFalse(channel.isOpen());
    }

    @Test
    void readingAfterCloseFails() throws IOException {
        Path path = directory.resolve("model.safetensors");
        new SafetensorsWriter().add("w", exactValues(3), 3).writeTo(path);
        Safetensors tensors = Safetensors.open(path);
        tensors.close();
        tensors.close();
        assertThrows(ClosedChannelException.class, () -> tensors.readAll("w"));
        Safetensors inMemory = open(Files.readAllBytes(path));
        inMemory.close();
        assertThrows(ClosedChannelException.class, () -> inMemory.readAll("w"));
    }

    @Test
    void aFileCutShortAfterOpeningIsNoticed() throws IOException {
        Path path = directory.resolve("model.safetensors");
        new SafetensorsWriter().add("w", exactValues(1000), 1000).writeTo(path);
        try (Safetensors tensors = Safetensors.open(path)) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 1);
            }
            ModelFormatException cut = assertThrows(ModelFormatException.class, () -> tensors.readAll("w"));
            assertEquals("w", cut.location());
            assertEquals(path.toString(), cut.file());
        }
    }

    @Test
    void severalThreadsReadAtOnce() throws Exception {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (int i = 0; i < 8; i++) {
            float[] values = new float[70_001];
            java.util.Arrays.fill(values, i);
            writer.add("t" + i, i % 2 == 0 ? DType.F32 : DType.F16, values, 70_001);
        }
        Path path = directory.resolve("model.safetensors");
        writer.writeTo(path);
        List<Safetensors> sources = List.of(
                Safetensors.open(path),
                open(Files.readAllBytes(path)),
                Safetensors.open(new SlowChannel(new ByteArrayChannel(Files.readAllBytes(path))), "slow"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Void>> reads = new ArrayList<>();
            for (Safetensors source : sources) {
                for (int i = 0; i < 32; i++) {
                    int tensor = i % 8;
                    reads.add(threads.submit(() -> {
                        for (float value : source.readAll("t" + tensor)) {
                            assertEquals(tensor, value);
                        }
                        return null;
                    }));
                }
            }
            for (Future<Void> read : reads) {
                read.get();
            }
        } finally {
            threads.shutdownNow();
            for (Safetensors source : sources) {
                source.close();
            }
        }
    }

    @Test
    void theDefaultModelIsReadFromTheClasspath() throws IOException {
        ModelFiles files = ModelFiles.inResources(io.github.purerank.TextPair.class, "default-model");
        try (Safetensors tensors = Safetensors.openModel(files)) {
            assertEquals(DType.F16, tensors.require("classifier.weight").dtype());
            assertTrue(tensors.require("bert.embeddings.word_embeddings.weight").hasShape(30522, 128));
            float[] gamma = tensors.readAll("bert.embeddings.LayerNorm.weight");
            assertEquals(128, gamma.length);
            for (float value : gamma) {
                assertTrue(value > 0.01f && value < 100f, "a LayerNorm weight of " + value);
            }
        }
    }

    @Test
    void aModelWithoutWeightsSaysSo() {
        FileNotFoundException none = assertThrows(
                FileNotFoundException.class, () -> Safetensors.openModel(ModelFiles.inDirectory(directory)));
        assertTrue(none.getMessage().contains("model.safetensors"), none.getMessage());
        assertFalse(none.getMessage().contains(".bin"), none.getMessage());
    }

    @Test
    void weightsInPyTorchsOwnFormatAreNamedWithTheRemedy() throws IOException {
        for (String name : new String[] {"pytorch_model.bin.index.json", "pytorch_model.bin"}) {
            Files.write(directory.resolve(name), new byte[] {'P', 'K'});
            FileNotFoundException none = assertThrows(
                    FileNotFoundException.class, () -> Safetensors.openModel(ModelFiles.inDirectory(directory)));
            assertTrue(none.getMessage().contains(name + " is not read"), none.getMessage());
            assertTrue(none.getMessage().contains("save_pretrained(DIRECTORY)"), none.getMessage());
        }
    }

    /** A channel with a position of its own that gives few bytes at a time. */
    private static final class SlowChannel implements SeekableByteChannel {
        private final ByteArrayChannel channel;

        SlowChannel(ByteArrayChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int limit = target.limit();
            target.limit(Math.min(limit, target.position() + 4093));
            int count = channel.read(target);
            target.limit(limit);
            return count;
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public int write(ByteBuffer source) {
            return channel.write(source);
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            return channel.truncate(size);
        }
    }
}
