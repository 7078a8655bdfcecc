package io.github.purerank.kernel;

import java.util.Arrays;

/**
 * W^T as one array for each input feature k, the layout of {@link ScalarKernels}: the loop over the outputs then runs along
 * an array from its beginning, the form that the JVM's compilers turn into vector instructions by themselves.
 */
final class TransposedMatrix extends PackedMatrix {
    private final float[][] byInput;

    TransposedMatrix(int inFeatures, int outFeatures) {
        super(inFeatures, outFeatures);
        this.byInput = new float[inFeatures][outFeatures];
    }

    @Override
    float[][] byInput(int first, int count, Scratch scratch) {
        return Arrays.copyOfRange(byInput, first, first + count);
    }

    @Override
    public void setRows(int firstOut, float[] weights, int offset, int count) {
        for (int k = 0; k < inFeatures(); k++) {
            float[] target = byInput[k];
            for (int n = 0; n < count; n++) {
                target[firstOut + n] = weights[offset + n * inFeatures() + k];
            }
        }
    }
}
