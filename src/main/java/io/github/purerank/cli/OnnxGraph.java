package io.github.purerank.cli;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of an ONNX file what is needed to find the weights of a network: its operations and its constants. Field numbers are those of
 * onnx.proto3.
 *
 * <p>The memory taken is a small multiple of the file, whatever lengths it claims.
 *
 * @param file how messages name it
 * @param nodes the operations in the order in which they run
 * @param constants initializers and the values of Constant operations, by name
 */
record OnnxGraph(String file, List<Node> nodes, Map<String, OnnxTensor> constants) {
    /**
     * An operation.
     *
     * @param type such as MatMul
     * @param integers attributes that are single integers
     * @param floats attributes that are single floats
     */
    record Node(
            String type,
            List<String> inputs,
            List<String> outputs,
            Map<String, Long> integers,
            Map<String, Float> floats) {}

    /** The name that stands for an input left out. */
    private static final String ABSENT = "";

    /**
     * Reads a model to its end.
     *
     * @throws ModelFormatException if these are not the bytes of an ONNX model
     */
    static OnnxGraph read(InputStream onnx, String file) throws IOException {
        OnnxGraph graph = new OnnxGraph(file, new ArrayList<>(), new LinkedHashMap<>());
        boolean found = false;
        try {
            CodedInputStream in = CodedInputStream.newInstance(onnx, 1 << 16);
            in.setSizeLimit(Integer.MAX_VALUE);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == message(7)) {
                    found = true;
                    int outer = enter(in);
                    graph.readGraph(in);
                    leave(in, outer);
                } else {
                    skip(in, tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(file, "", "an ONNX model", "bytes that are not one: " + e.getMessage());
        }
        if (!found) {
            throw new ModelFormatException(file, "", "an ONNX model with a graph", "none");
        }
        return graph;
    }

    /** The operations that read a value. */
    List<Node> readers(String value) {
        List<Node> readers = new ArrayList<>();
        for (Node node : nodes) {
            if (!value.equals(ABSENT) && node.inputs().contains(value)) {
                readers.add(node);
            }
        }
        return readers;
    }

    /** The operation that a value comes from; null for an input or an initializer. */
    Node source(String value) {
        for (Node node : nodes) {
            if (!value.equals(ABSENT) && node.outputs().contains(value)) {
                return node;
            }
        }
        return null;
    }

    /** A GraphProto. */
    private void readGraph(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == message(1)) {
                int outer = enter(in);
                readNode(in);
                leave(in, outer);
            } else if (tag == message(5)) {
                int outer = enter(in);
                OnnxTensor tensor = OnnxTensor.read(in, file);
                leave(in, outer);
                put(tensor.name(), tensor);
            } else {
                skip(in, tag);
            }
        }
    }

    private void put(String name, OnnxTensor tensor) throws ModelFormatException {
        if (constants.put(name, tensor) != null) {
            throw new ModelFormatException(file, name, "each constant once", "two of this name");
        }
    }

    /** A NodeProto. */
    private void readNode(CodedInputStream in) throws IOException {
        Node node = new Node("", new ArrayList<>(), new ArrayList<>(), new HashMap<>(), new HashMap<>());
        String type = "";
        OnnxTensor value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == message(1)) {
                node.inputs().add(in.readStringRequireUtf8());
            } else if (tag == message(2)) {
                node.outputs().add(in.readStringRequireUtf8());
            } else if (tag == message(4)) {
                type = in.readStringRequireUtf8();
            } else if (tag == message(5)) {
                int outer = enter(in);
                OnnxTensor tensor = readAttribute(in, node);
                leave(in, outer);
                value = tensor == null ? value : tensor;
            } else {
                skip(in, tag);
            }
        }
        nodes.add(new Node(type, node.inputs(), node.outputs(), node.integers(), node.floats()));
        if (type.equals("Constant") && value != null && node.outputs().size() == 1) {
            put(node.outputs().get(0), value);
        }
    }

    /** An AttributeProto: its tensor if it is called "value"; a number goes to the node. */
    private OnnxTensor readAttribute(CodedInputStream in, Node node) throws IOException {
        String name = "";
        OnnxTensor tensor = null;
        Float number = null;
        Long integer = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == message(1)) {
                name = in.readStringRequireUtf8();
            } else if (tag == (2 << 3 | 5)) {
                number = in.readFloat();
            } else if (tag == (3 << 3)) {
                integer = in.readInt64();
            } else if (tag == message(5)) {
                int outer = enter(in);
                tensor = OnnxTensor.read(in, file);
                leave(in, outer);
            } else {
                skip(in, tag);
            }
        }
        if (number != null) {
            node.floats().put(name, number);
        }
        if (integer != null) {
            node.integers().put(name, integer);
        }
        return name.equals("value") ? tensor : null;
    }

    /** The tag of a field with a length: a string, bytes, a message or packed numbers. */
    static int message(int field) {
        return field << 3 | 2;
    }

    static int enter(CodedInputStream in) throws IOException {
        return in.pushLimit(in.readRawVarint32());
    }

    static void leave(CodedInputStream in, int outer) throws IOException {
        if (in.getBytesUntilLimit() != 0) {
            throw new InvalidProtocolBufferException("a message ends before its length");
        }
        in.popLimit(outer);
    }

    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that has not begun");
        }
    }
}
