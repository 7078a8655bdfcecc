package io.github.purerank.cli;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Builds ONNX files for tests. */
final class OnnxBuilder {
    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Fields fields) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An initializer with its elements in raw_data. */
    OnnxBuilder floats(String name, float[] elements, int... shape) {
        return initializer(floatTensor(name, elements, shape));
    }

    /** An initializer with its elements in float_data, as other exporters write them. */
    OnnxBuilder packedFloats(String name, float[] elements, int... shape) {
        return initializer(bytes(out -> {
            byte[] data = littleEndian(elements);
            out.writeByteArray(1, bytes(dims -> {
                for (int dimension : shape) {
                    dims.writeInt64NoTag(dimension);
                }
            }));
            out.writeInt32(2, 1);
            out.writeByteArray(4, data);
            out.writeString(8, name);
        }));
    }

    OnnxBuilder longs(String name, long... elements) {
        return initializer(longTensor(name, elements));
    }

    OnnxBuilder initializer(byte[] tensor) {
        graph.writeBytes(bytes(out -> out.writeByteArray(5, tensor)));
        return this;
    }

    OnnxBuilder node(String type, List<String> inputs, String output, byte[]... attributes) {
        byte[] node = bytes(out -> {
            for (String input : inputs) {
                out.writeString(1, input);
            }
            out.writeString(2, output);
            out.writeString(4, type);
            for (byte[] attribute : attributes) {
                out.writeByteArray(5, attribute);
            }
        });
        graph.writeBytes(bytes(out -> out.writeByteArray(1, node)));
        return this;
    }

    OnnxBuilder constant(String name, byte[] tensor) {
        return node("Constant", List.of(), name, bytes(out -> {
            out.writeString(1, "value");
            out.writeByteArray(5, tensor);
        }));
    }

    static byte[] integer(String name, long value) {
        return bytes(out -> {
            out.writeString(1, name);
            out.writeInt64(3, value);
        });
    }

    static byte[] number(String name, float value) {
        return bytes(out -> {
            out.writeString(1, name);
            out.writeFloat(2, value);
        });
    }

    static byte[] floatTensor(String name, float[] elements, int... shape) {
        return tensor(name, 1, littleEndian(elements), shape);
    }

    static byte[] longTensor(String name, long... elements) {
        ByteBuffer data = ByteBuffer.allocate(elements.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long element : elements) {
            data.putLong(element);
        }
        return tensor(name, 7, data.array(), elements.length);
    }

    static byte[] tensor(String name, int type, byte[] data, int... shape) {
        return bytes(out -> {
            for (int dimension : shape) {
                out.writeInt64(1, dimension);
            }
            out.writeInt32(2, type);
            out.writeString(8, name);
            out.writeByteArray(9, data);
        });
    }

    private static byte[] littleEndian(float[] elements) {
        ByteBuffer data = ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(elements);
        return data.array();
    }

    /** The file. */
    byte[] toBytes() {
        return bytes(out -> {
            out.writeInt64(1, 8);
            out.writeString(2, "test");
            out.writeByteArray(7, graph.toByteArray());
        });
    }
}
