package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    @Test
    void scalarIsAlwaysToBeHad() {
        KernelChoice choice = KernelChoice.of("scalar");
        assertInstanceOf(ScalarKernels.class, choice.kernels());
        assertEquals("scalar", choice.kernels().name());
        assertTrue(choice.reason().contains("-Dpurerank.kernel=scalar"), choice.reason());
    }

    @Test
    void theWishIsReadInAnyCase() {
        assertInstanceOf(ScalarKernels.class, KernelChoice.of("SCALAR").kernels());
    }

    @Test
    void autoAndVectorTakeVectorsWhereTheModuleIs() {
        TestKernels.vector();
        assertInstanceOf(VectorKernels.class, KernelChoice.of("vector").kernels());
        KernelChoice auto = KernelChoice.of("auto");
        assertInstanceOf(WarmingKernels.class, auto.kernels());
        assertTrue(auto.kernels().name().startsWith("vector, "), auto.kernels().name());
        assertTrue(auto.reason().contains("jdk.incubator.vector is present"), auto.reason());
    }

    @Test
    void withoutTheModuleAutoIsScalarAndVectorFails() {
        Assumptions.assumeFalse(TestKernels.haveVectors(), "the module is present");
        KernelChoice auto = KernelChoice.of("auto");
        assertInstanceOf(ScalarKernels.class, auto.kernels());
        assertTrue(auto.reason().contains("--add-modules jdk.incubator.vector"), auto.reason());
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> KernelChoice.of("vector"));
        assertTrue(e.getMessage().contains("--add-modules jdk.incubator.vector"), e.getMessage());
    }

    @Test
    void anUnknownWishIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> KernelChoice.of("simd"));
        assertEquals("-Dpurerank.kernel=simd: expected auto, vector or scalar", e.getMessage());
    }

    @Test
    void theSystemPropertyChooses() {
        String wish = System.getProperty(KernelChoice.PROPERTY, "auto");
        assertEquals(
                KernelChoice.of(wish).kernels().getClass(),
                KernelChoice.fromSystemProperty().kernels().getClass());
        assertFalse(KernelChoice.fromSystemProperty().reason().isEmpty());
    }
}
