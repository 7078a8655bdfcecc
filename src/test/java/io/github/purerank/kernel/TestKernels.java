package io.github.purerank.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;

/** The kernels that tests run with. */
public final class TestKernels {
    private TestKernels() {}

    /** The plain ones, which every JVM has. */
    public static Kernels scalar() {
        return new ScalarKernels();
    }

    /**
     * The vector ones. Where the module is absent the test is aborted, unless the system property demands vectors: then it
     * fails.
     */
    public static Kernels vector() {
        Assumptions.assumeTrue(
                haveVectors(), "the module jdk.incubator.vector is absent, so there are no vector kernels to test");
        return new VectorKernels();
    }

    /** All that this JVM has: the scalar ones; the vector ones, cold and warm, where the module is present or demanded. */
    public static List<Kernels> all() {
        List<Kernels> all = new ArrayList<>();
        all.add(scalar());
        if (haveVectors()) {
            all.add(new WarmingKernels(new AtomicReference<>(WarmUp.Progress.COLD), Long.MAX_VALUE));
            all.add(new VectorKernels());
        }
        return all;
    }

    /** Whether the module is present; fails where it is absent though the system property demands it. */
    public static boolean haveVectors() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!present && System.getProperty(KernelChoice.PROPERTY, "auto").equals("vector")) {
            throw new AssertionError("-D" + KernelChoice.PROPERTY + "=vector demands a module that is absent");
        }
        return present;
    }
}
