package io.github.purerank.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes F32 tensors as a safetensors file. Tensors are added first and written all at once; until then they are only referred
 * to, so their arrays must not change.
 */
public final class SafetensorsFileWriter {
    private static final int BUFFER_BYTES = 1 << 18;

    /** Data begin at a multiple of this, as the reference writes them; the header is filled up with spaces. */
    private static final int ALIGNMENT = 8;

    private final ObjectNode header = JsonNodeFactory.instance.objectNode();
    private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private long size;

    /** Adds an entry to {@code __metadata__}. */
    public SafetensorsFileWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor.
     *
     * @param elements row-major
     * @throws IllegalArgumentException if the shape has another number of elements, or the name is taken
     */
    public SafetensorsFileWriter add(String name, float[] elements, long... shape) {
        long count = 1;
        ArrayNode dimensions = JsonNodeFactory.instance.arrayNode();
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
            dimensions.add(dimension);
        }
        if (count != elements.length) {
            throw new IllegalArgumentException(name + ": " + elements.length + " elements for the shape " + dimensions);
        }
        if (name.equals("__metadata__") || tensors.put(name, elements) != null) {
            throw new IllegalArgumentException(name + ": the name is taken");
        }
        ObjectNode tensor = header.putObject(name);
        tensor.put("dtype", DType.F32.name());
        tensor.set("shape", dimensions);
        ArrayNode offsets = tensor.putArray("data_offsets");
        offsets.add(size);
        size += 4 * count;
        offsets.add(size);
        return this;
    }

    /**
     * Writes the file under another name beside it and renames it when it is whole and on disk, so that there is never half a
     * file of this name. An older file is replaced.
     */
    public void writeTo(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeTo(channel);
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException notDeleted) {
                e.addSuppressed(notDeleted);
            }
            throw e;
        }
    }

    private void writeTo(FileChannel channel) throws IOException {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            whole.set("__metadata__", metadata);
        }
        whole.setAll(header);
        byte[] json = whole.toString().getBytes(StandardCharsets.UTF_8);
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, Long.BYTES + json.length + padding))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(json.length + padding).put(json);
        for (int i = 0; i < padding; i++) {
            buffer.put((byte) ' ');
        }
        for (float[] elements : tensors.values()) {
            for (int done = 0; done < elements.length; ) {
                if (buffer.remaining() < Float.BYTES) {
                    drain(buffer, channel);
                }
                int count = Math.min(elements.length - done, buffer.remaining() / Float.BYTES);
                buffer.asFloatBuffer().put(elements, done, count);
                buffer.position(buffer.position() + count * Float.BYTES);
                done += count;
            }
        }
        drain(buffer, channel);
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
