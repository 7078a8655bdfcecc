package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WarmingKernelsTest {
    @Test
    void warmingUpSwitchesOverAndKeepsTheBits() throws InterruptedException {
        TestKernels.vector();
        AtomicBoolean warm = new AtomicBoolean();
        Kernels kernels = new WarmingKernels(warm);
        float[] before = product(kernels);
        kernels.warmUp(EnumSet.allOf(Elementwise.class));
        assertTrue(warm.get(), "the vector kernels never became faster than plain loops");
        assertArrayEquals(before, product(kernels));
        assertArrayEquals(before, product(new VectorKernels()));
    }

    private static float[] product(Kernels kernels) {
        PackedMatrix weight = kernels.allocate(50, 70);
        float[] rows = new float[50 * 70];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (i % 37 - 18) * 0.37f;
        }
        weight.setRows(0, rows, 0, 70);
        weight.setBias(0, rows, 5, 70);
        Matrix in = new Matrix(150, 50);
        for (int i = 0; i < in.data().length; i++) {
            in.data()[i] = (i % 41 - 20) * 0.23f;
        }
        Matrix out = new Matrix(150, 70);
        kernels.linear(in, 0, 150, weight, ColumnRange.all(70), out, 0, kernels.newScratch());
        float[] product = new float[150 * 70];
        for (int m = 0; m < 150; m++) {
            System.arraycopy(out.data(), out.at(m), product, m * 70, 70);
        }
        return product;
    }
}
