package io.github.purerank;

import io.github.purerank.kernel.RowProducts;
import java.util.ArrayList;
import java.util.List;

/**
 * Vectors one after another, in arrays of some megabytes each. Filled by one thread; from then on it is only read.
 *
 * <p>The vector i of the array c is number c * {@link #rowsOfArray} + i.
 */
abstract sealed class VectorStore {
    /** Elements of an array: enough work for a task, few enough that the last, half empty one does not count; with the head of an array
     * no more than some megabytes exactly, or the JVM would give it a region more. */
    private static final int ARRAY_ELEMENTS = (1 << 20) - 1024;

    final int dimension;
    final int stride;
    private final int rowsOfArray;
    private int count;

    private VectorStore(int dimension) {
        this.dimension = dimension;
        this.stride = RowProducts.stride(dimension);
        this.rowsOfArray = Math.max(1, ARRAY_ELEMENTS / stride);
    }

    static VectorStore of(int dimension, SemanticIndex.Storage storage) {
        return switch (storage) {
            case FLOAT -> new Floats(dimension);
            case INT8 -> new Bytes(dimension);
        };
    }

    /** How many vectors there are. */
    final int count() {
        return count;
    }

    /** How many vectors an array has room for. */
    final int rowsOfArray() {
        return rowsOfArray;
    }

    /** How many arrays there are. */
    final int arrayCount() {
        return (int) (((long) count + rowsOfArray - 1) / rowsOfArray);
    }

    /** How many vectors are in an array. */
    final int rowsIn(int array) {
        return (int) Math.min(rowsOfArray, count - (long) array * rowsOfArray);
    }

    /** Appends a vector. */
    final void add(float[] vector) {
        if (count == SemanticIndex.MAX_VECTORS) {
            throw new IllegalStateException("an index has at most " + SemanticIndex.MAX_VECTORS + " vectors");
        }
        int row = count % rowsOfArray;
        if (row == 0) {
            addArray(rowsOfArray * stride);
        }
        set(count / rowsOfArray, row, vector);
        count++;
    }

    abstract void addArray(int elements);

    abstract void set(int array, int row, float[] vector);

    /** A vector, without its padding, as it is kept. */
    abstract float[] get(int index);

    /** The products of a padded vector with some of an array's. */
    abstract void products(RowProducts kernels, float[] padded, int array, int row, int rowCount, float[] out);

    /** The memory of the vectors, in bytes. */
    abstract long bytes();

    /** As they are. */
    static final class Floats extends VectorStore {
        private final List<float[]> arrays = new ArrayList<>();

        Floats(int dimension) {
            super(dimension);
        }

        @Override
        void addArray(int elements) {
            arrays.add(new float[elements]);
        }

        @Override
        void set(int array, int row, float[] vector) {
            System.arraycopy(vector, 0, arrays.get(array), row * stride, dimension);
        }

        @Override
        float[] get(int index) {
            float[] vector = new float[dimension];
            System.arraycopy(arrays.get(index / rowsOfArray()), index % rowsOfArray() * stride, vector, 0, dimension);
            return vector;
        }

        @Override
        void products(RowProducts kernels, float[] padded, int array, int row, int rowCount, float[] out) {
            kernels.products(padded, arrays.get(array), row * stride, stride, rowCount, out, 0);
        }

        @Override
        long bytes() {
            return (long) arrays.size() * rowsOfArray() * stride * Float.BYTES;
        }
    }

    /**
     * Each element as a whole number from -127 to 127, and for each vector what that is to be multiplied by: such that the vector's
     * product with itself is right. So the error along the vector is none, and scores are the better the more alike the vectors are,
     * which is what a search looks for.
     */
    static final class Bytes extends VectorStore {
        private static final int LARGEST = 127;

        private final List<byte[]> arrays = new ArrayList<>();
        private final List<float[]> scales = new ArrayList<>();

        Bytes(int dimension) {
            super(dimension);
        }

        @Override
        void addArray(int elements) {
            arrays.add(new byte[elements]);
            scales.add(new float[rowsOfArray()]);
        }

        @Override
        void set(int array, int row, float[] vector) {
            float largest = 0;
            for (float x : vector) {
                largest = Math.max(largest, Math.abs(x));
            }
            // In double precision: the quotient of very small floats may be no float.
            double step = largest / (double) LARGEST;
            byte[] bytes = arrays.get(array);
            double squares = 0;
            double products = 0;
            for (int i = 0; i < dimension; i++) {
                byte rounded = step == 0 ? 0 : (byte) Math.rint(vector[i] / step);
                bytes[row * stride + i] = rounded;
                squares += (double) vector[i] * vector[i];
                products += (double) vector[i] * rounded;
            }
            scales.get(array)[row] = step == 0 ? 0 : (float) (squares / products);
        }

        /** A vector's whole numbers, and in {@code scale} what they are to be multiplied by. */
        byte[] bytesOf(int index, float[] scale) {
            byte[] bytes = new byte[dimension];
            System.arraycopy(arrays.get(index / rowsOfArray()), index % rowsOfArray() * stride, bytes, 0, dimension);
            scale[0] = scales.get(index / rowsOfArray())[index % rowsOfArray()];
            return bytes;
        }

        /** Appends a vector that has been made of whole numbers before. */
        void add(byte[] bytes, float scale) {
            add(new float[dimension]);
            int index = count() - 1;
            System.arraycopy(bytes, 0, arrays.get(index / rowsOfArray()), index % rowsOfArray() * stride, dimension);
            scales.get(index / rowsOfArray())[index % rowsOfArray()] = scale;
        }

        @Override
        float[] get(int index) {
            float[] scale = new float[1];
            byte[] bytes = bytesOf(index, scale);
            float[] vector = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                vector[i] = bytes[i] * scale[0];
            }
            return vector;
        }

        @Override
        void products(RowProducts kernels, float[] padded, int array, int row, int rowCount, float[] out) {
            kernels.products(padded, arrays.get(array), row * stride, stride, rowCount, out, 0);
            float[] factors = scales.get(array);
            for (int i = 0; i < rowCount; i++) {
                out[i] *= factors[row + i];
            }
        }

        @Override
        long bytes() {
            return (long) arrays.size() * rowsOfArray() * (stride + Float.BYTES);
        }
    }
}
