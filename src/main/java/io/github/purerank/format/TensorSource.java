package io.github.purerank.format;

import java.io.IOException;
import java.util.Map;

/**
 * Named tensors that can be read as float.
 *
 * <p>Implementations let several threads read at once.
 */
public interface TensorSource extends AutoCloseable {
    /** All tensors by name, in the order in which the file lists them; unmodifiable. */
    Map<String, TensorInfo> tensors();

    /**
     * Reads elements of a floating-point tensor in row-major order, converted to float.
     *
     * @param tensor the tensor's name
     * @param firstElement index of the first element to read
     * @param target receives the elements
     * @param offset where in {@code target} the first element goes
     * @param count how many elements to read
     * @throws ModelFormatException if there is no such tensor, or it does not hold floating-point numbers
     * @throws IndexOutOfBoundsException if the range is not inside the tensor or the target
     */
    void read(String tensor, long firstElement, float[] target, int offset, int count) throws IOException;

    /**
     * A whole integer tensor.
     *
     * @throws ModelFormatException if there is no such tensor, it does not hold I64, or it has too many elements for an array
     */
    long[] readAllLongs(String tensor) throws IOException;

    /**
     * A whole floating-point tensor.
     *
     * @throws ModelFormatException if there is no such tensor, it does not hold floating-point numbers, or it has too many
     *     elements for an array
     */
    default float[] readAll(String tensor) throws IOException {
        TensorInfo info = require(tensor);
        float[] elements = new float[Safetensors.arrayLength(describe(), info)];
        read(tensor, 0, elements, 0, elements.length);
        return elements;
    }

    /**
     * What is known about a tensor.
     *
     * @throws ModelFormatException if there is no such tensor
     */
    default TensorInfo require(String tensor) throws ModelFormatException {
        TensorInfo info = tensors().get(tensor);
        if (info == null) {
            throw new ModelFormatException(describe(), tensor, "a tensor of this name", "none");
        }
        return info;
    }

    /** How messages name this source. */
    String describe();

    @Override
    void close() throws IOException;
}
