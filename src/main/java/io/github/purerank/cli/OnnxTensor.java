package io.github.purerank.cli;

import com.google.protobuf.CodedInputStream;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A constant of an ONNX file.
 *
 * @param file how messages name the file
 * @param name its name; a constant inside an operation may have none
 * @param shape its dimensions, outermost first
 * @param type the number of its element type
 * @param data its elements, little endian
 */
record OnnxTensor(String file, String name, List<Long> shape, int type, byte[] data) {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    /** A TensorProto. Elements stand in raw_data, or as packed numbers in float_data or int64_data. */
    static OnnxTensor read(CodedInputStream in, String file) throws IOException {
        String name = "";
        List<Long> shape = new ArrayList<>();
        int type = 0;
        byte[] data = {};
        boolean external = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 -> shape.add(in.readInt64());
                case 1 << 3 | 2 -> {
                    int outer = OnnxGraph.enter(in);
                    while (in.getBytesUntilLimit() > 0) {
                        shape.add(in.readInt64());
                    }
                    in.popLimit(outer);
                }
                case 2 << 3 -> type = in.readInt32();
                case 4 << 3 | 2, 9 << 3 | 2 -> data = in.readByteArray();
                case 7 << 3 | 2 -> data = unpackLongs(in.readByteArray());
                case 8 << 3 | 2 -> name = in.readStringRequireUtf8();
                case 14 << 3 -> external = in.readInt32() != 0;
                default -> OnnxGraph.skip(in, tag);
            }
        }
        if (external) {
            throw new ModelFormatException(file, name, "a tensor in the file itself", "one in another file");
        }
        return new OnnxTensor(file, name, List.copyOf(shape), type, data);
    }

    private static byte[] unpackLongs(byte[] packed) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(packed);
        List<Long> values = new ArrayList<>();
        while (!in.isAtEnd()) {
            values.add(in.readInt64());
        }
        ByteBuffer buffer = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    boolean isFloat() {
        return type == FLOAT;
    }

    boolean isLong() {
        return type == INT64;
    }

    /** The elements. */
    float[] floats() throws ModelFormatException {
        requireType(FLOAT, "32-bit floats", Float.BYTES);
        float[] floats = new float[data.length / Float.BYTES];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** The elements. */
    long[] longs() throws ModelFormatException {
        requireType(INT64, "64-bit integers", Long.BYTES);
        long[] longs = new long[data.length / Long.BYTES];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(longs);
        return longs;
    }

    private void requireType(int wanted, String what, int bytes) throws ModelFormatException {
        if (type != wanted) {
            throw new ModelFormatException(file, name, what, "ONNX element type " + type);
        }
        long count = 1;
        for (long dimension : shape) {
            if (dimension < 0 || dimension > Integer.MAX_VALUE || (count *= dimension) > Integer.MAX_VALUE) {
                throw new ModelFormatException(file, name, "a shape of a few billion elements at most", "" + shape);
            }
        }
        if (count * bytes != data.length) {
            throw new ModelFormatException(
                    file, name, count * bytes + " bytes for the shape " + shape, Integer.toString(data.length));
        }
    }
}
