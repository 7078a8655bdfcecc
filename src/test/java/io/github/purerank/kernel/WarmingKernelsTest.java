package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WarmingKernelsTest {
    @Test
    void warmingUpSwitchesOverAndKeepsTheBits() throws InterruptedException {
        TestKernels.vector();
        AtomicReference<WarmUp.Progress> progress = new AtomicReference<>(WarmUp.Progress.COLD);
        Kernels kernels = new WarmingKernels(progress, Long.MAX_VALUE);
        float[] before = product(kernels);
        kernels.warmUp(EnumSet.allOf(Elementwise.class));
        assertEquals(WarmUp.Progress.WARM, progress.get());
        assertEquals(new VectorKernels().name(), kernels.name());
        assertArrayEquals(before, product(kernels));
        assertArrayEquals(before, product(new VectorKernels()));
    }

    @Test
    void aJvmThatNeverWarmsUpStaysWithPlainLoopsAndSaysSo() throws InterruptedException {
        TestKernels.vector();
        AtomicReference<WarmUp.Progress> progress = new AtomicReference<>(WarmUp.Progress.COLD);
        Kernels kernels = new WarmingKernels(progress, 0);
        float[] before = product(kernels);
        kernels.warmUp(EnumSet.allOf(Elementwise.class));
        assertEquals(WarmUp.Progress.GIVEN_UP, progress.get());
        assertTrue(kernels.name().startsWith(new ScalarKernels().name()), kernels.name());
        assertArrayEquals(before, product(kernels));
        // No other model tries again.
        new WarmingKernels(progress, Long.MAX_VALUE).warmUp(EnumSet.allOf(Elementwise.class));
        assertEquals(WarmUp.Progress.GIVEN_UP, progress.get());
    }

    @Test
    void anInterruptionEndsIt() {
        TestKernels.vector();
        AtomicReference<WarmUp.Progress> progress = new AtomicReference<>(WarmUp.Progress.COLD);
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedException.class,
                () -> new WarmingKernels(progress, Long.MAX_VALUE).warmUp(EnumSet.allOf(Elementwise.class)));
        assertFalse(Thread.interrupted());
        assertEquals(WarmUp.Progress.COLD, progress.get());
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
