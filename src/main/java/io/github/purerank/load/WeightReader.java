package io.github.purerank.load;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.TensorInfo;
import io.github.purerank.format.TensorSource;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.model.Linear;
import java.io.IOException;
import java.util.Arrays;

/** Reads tensors by their names, each of a shape that is known, into the layout of the kernels. */
final class WeightReader {
    /** How many floats are read at once on their way into a packed matrix: 1 MiB. */
    private static final int CHUNK = 1 << 18;

    private final TensorSource source;
    private final Kernels kernels;
    private final float[] chunk = new float[CHUNK];

    WeightReader(TensorSource source, Kernels kernels) {
        this.source = source;
        this.kernels = kernels;
    }

    /** Whether there is a tensor of this name. */
    boolean has(String name) {
        return source.tensors().containsKey(name);
    }

    /** W (outFeatures, inFeatures) and b (outFeatures): the tensors name.weight and name.bias. */
    Linear linear(String name, int inFeatures, int outFeatures) throws IOException {
        return linear(name, inFeatures, outFeatures, true);
    }

    /** The same, with a bias or with zeros in its place. */
    Linear linear(String name, int inFeatures, int outFeatures, boolean hasBias) throws IOException {
        requireShape(name + ".weight", outFeatures, inFeatures);
        PackedMatrix packed = kernels.allocate(inFeatures, outFeatures);
        fillWeights(packed, 0, name, outFeatures);
        if (hasBias) {
            packed.setBias(0, vector(name + ".bias", outFeatures), 0, outFeatures);
        }
        return new Linear(kernels, packed);
    }

    /**
     * Reads weight (outFeatures, inFeatures), whose shape has been checked, and bias (outFeatures) into the outputs from
     * {@code firstOut} on.
     */
    void fill(PackedMatrix packed, int firstOut, String name, int outFeatures) throws IOException {
        fillWeights(packed, firstOut, name, outFeatures);
        packed.setBias(firstOut, vector(name + ".bias", outFeatures), 0, outFeatures);
    }

    private void fillWeights(PackedMatrix packed, int firstOut, String name, int outFeatures) throws IOException {
        int inFeatures = packed.inFeatures();
        String weight = name + ".weight";
        int rowsAtOnce = Math.max(1, CHUNK / inFeatures);
        float[] rows = inFeatures <= CHUNK ? chunk : new float[inFeatures];
        for (int n = 0; n < outFeatures; n += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, outFeatures - n);
            read(weight, (long) n * inFeatures, rows, 0, count * inFeatures);
            packed.setRows(firstOut + n, rows, 0, count);
        }
    }

    float[] vector(String name, int length) throws IOException {
        requireShape(name, length);
        float[] values = new float[length];
        read(name, 0, values, 0, length);
        return values;
    }

    float[] table(String name, int rows, int columns) throws IOException {
        requireShape(name, rows, columns);
        float[] values = new float[Math.multiplyExact(rows, columns)];
        read(name, 0, values, 0, values.length);
        return values;
    }

    void requireShape(String name, long... shape) throws ModelFormatException {
        TensorInfo info = source.require(name);
        if (!info.hasShape(shape)) {
            throw new ModelFormatException(
                    source.describe(),
                    name,
                    "shape " + Arrays.toString(shape) + " as config.json says",
                    "shape " + info.shape());
        }
    }

    private void read(String name, long first, float[] target, int offset, int count) throws IOException {
        source.read(name, first, target, offset, count);
        // x * 0 is 0 for every finite x and NaN otherwise, and so is their sum.
        float zero = 0f;
        for (int i = offset; i < offset + count; i++) {
            zero += target[i] * 0f;
        }
        if (zero != 0f) {
            int i = offset;
            while (Float.isFinite(target[i])) {
                i++;
            }
            throw new ModelFormatException(
                    source.describe(),
                    name,
                    "numbers that are finite as floats of 32 bits",
                    target[i] + " at " + index(source.require(name), first + i - offset));
        }
    }

    /** The place of an element: [index] in a vector, [row, column] in a matrix. */
    private static String index(TensorInfo tensor, long element) {
        if (tensor.shape().size() != 2) {
            return "[" + element + "]";
        }
        long columns = tensor.shape().get(1);
        return "[" + element / columns + ", " + element % columns + "]";
    }
}
