package io.github.purerank.format;

import java.util.List;
import java.util.Objects;

/**
 * One tensor of a file, without its data.
 *
 * @param name the name it is stored under, such as {@code bert.pooler.dense.weight}
 * @param dtype the type its elements are stored in
 * @param shape its dimensions, outermost first; empty for a scalar
 */
public record TensorInfo(String name, DType dtype, List<Long> shape) {
    /** Keeps a list of its own. */
    public TensorInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = List.copyOf(shape);
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException if it does not fit a long
     */
    public long elementCount() {
        long count = 1;
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        return count;
    }

    /** Whether the shape is exactly this one. */
    public boolean hasShape(long... dimensions) {
        if (dimensions.length != shape.size()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (shape.get(i) != dimensions[i]) {
                return false;
            }
        }
        return true;
    }
}
