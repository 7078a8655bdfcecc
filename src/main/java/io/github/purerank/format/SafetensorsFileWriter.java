package io.github.purerank.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes F32 tensors as a safetensors file. Tensors are added first and written all at once; until then they are only referred
 * to, so their arrays must not change.
 */
public final class SafetensorsFileWriter {
    private static final int BUFFER_BYTES = 1 << 18;

    /** Data begin at a multiple of this, as the reference writes them; the header is filled up with spaces. */
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private long size;

    /** A tensor and the first byte of its elements. */
    private record Tensor(float[] elements, long[] shape, long begin) {}

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
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        if (count != elements.length) {
            throw new IllegalArgumentException(
                    name + ": " + elements.length + " elements for the shape " + Arrays.toString(shape));
        }
        if (name.equals("__metadata__") || tensors.containsKey(name)) {
            throw new IllegalArgumentException(name + ": the name is taken");
        }
        tensors.put(name, new Tensor(elements, shape.clone(), size));
        size += Float.BYTES * count;
        return this;
    }

    /**
     * Writes the file under another name beside it and renames it when it is whole and on disk, so that there is never half a
     * file of this name. An older file is replaced.
     */
    public void writeTo(Path file) throws IOException {
        WholeFile.write(file, this::writeTo);
    }

    private void writeTo(FileChannel channel) throws IOException {
        byte[] json = header();
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, Long.BYTES + json.length + padding))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(json.length + padding).put(json);
        for (int i = 0; i < padding; i++) {
            buffer.put((byte) ' ');
        }
        for (Tensor tensor : tensors.values()) {
            float[] elements = tensor.elements();
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

    private byte[] header() {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = new JsonFactory().createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            if (!metadata.isEmpty()) {
                generator.writeObjectPropertyStart("__metadata__");
                metadata.forEach(generator::writeStringProperty);
                generator.writeEndObject();
            }
            tensors.forEach((name, tensor) -> {
                generator.writeObjectPropertyStart(name);
                generator.writeStringProperty("dtype", DType.F32.name());
                generator.writeName("shape");
                generator.writeArray(tensor.shape(), 0, tensor.shape().length);
                long end = tensor.begin() + (long) Float.BYTES * tensor.elements().length;
                generator.writeName("data_offsets");
                generator.writeArray(new long[] {tensor.begin(), end}, 0, 2);
                generator.writeEndObject();
            });
            generator.writeEndObject();
        }
        return json.toByteArray();
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
