package io.github.purerank.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Builds safetensors files for tests, valid ones with {@code add} and any others with {@link #file(String, byte[])}. */
public final class SafetensorsWriter {
    private final List<String> members = new ArrayList<>();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

    /** Adds {@code __metadata__} with one entry. */
    public SafetensorsWriter metadata(String key, String value) {
        members.add("\"__metadata__\":{\"" + key + "\":\"" + value + "\"}");
        return this;
    }

    /** Adds an F32 tensor. */
    public SafetensorsWriter add(String name, float[] elements, long... shape) {
        return add(name, DType.F32, elements, shape);
    }

    /** Adds a floating-point tensor stored as {@code dtype}; values are rounded to the nearest that it has. */
    public SafetensorsWriter add(String name, DType dtype, float[] elements, long... shape) {
        ByteBuffer bytes = buffer(dtype, elements.length);
        for (float element : elements) {
            switch (dtype) {
                case F64 -> bytes.putDouble(element);
                case F32 -> bytes.putFloat(element);
                case F16 -> bytes.putShort(toFloat16(element));
                case BF16 -> bytes.putShort(toBFloat16(element));
                case I64 -> bytes.putLong((long) element);
            }
        }
        return add(name, dtype, bytes.array(), shape);
    }

    /** Adds an F64 tensor. */
    public SafetensorsWriter add(String name, double[] elements, long... shape) {
        ByteBuffer bytes = buffer(DType.F64, elements.length);
        Arrays.stream(elements).forEach(bytes::putDouble);
        return add(name, DType.F64, bytes.array(), shape);
    }

    /** Adds an I64 tensor. */
    public SafetensorsWriter add(String name, long[] elements, long... shape) {
        ByteBuffer bytes = buffer(DType.I64, elements.length);
        Arrays.stream(elements).forEach(bytes::putLong);
        return add(name, DType.I64, bytes.array(), shape);
    }

    /** Adds a tensor with its bytes as given. */
    public SafetensorsWriter add(String name, DType dtype, byte[] bytes, long... shape) {
        long begin = buffer.size();
        buffer.writeBytes(bytes);
        members.add(member(name, dtype.name(), shape, begin, buffer.size()));
        return this;
    }

    /** The file. */
    public byte[] toBytes() {
        return file("{" + String.join(",", members) + "}", buffer.toByteArray());
    }

    /** Writes the file. */
    public void writeTo(Path file) throws IOException {
        Files.write(file, toBytes());
    }

    /** A header's member for one tensor. */
    public static String member(String name, String dtype, long[] shape, long begin, long end) {
        String dimensions = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + dimensions + "],\"data_offsets\":[" + begin
                + "," + end + "]}";
    }

    /** A file of this header and these bytes after it, whatever they are. */
    public static byte[] file(String header, byte[] data) {
        return file(header.getBytes(StandardCharsets.UTF_8), data);
    }

    /** A file of this header and these bytes after it, whatever they are. */
    public static byte[] file(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    private static ByteBuffer buffer(DType dtype, int elements) {
        return ByteBuffer.allocate(elements * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Nearest, ties to even, by counting in units of the last place. */
    static short toFloat16(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        double magnitude = Math.abs((double) value);
        if (Double.isNaN(magnitude)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 65520) {
            return (short) (sign | 0x7c00);
        }
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        // A fraction that rounds up to the next power of two carries into the exponent by itself.
        int units = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
        return (short) (sign | ((exponent + 14 << 10) + units));
    }

    /** Nearest, ties to even. */
    static short toBFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
