package io.github.purerank;

import io.github.purerank.kernel.KernelChoice;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** The kernels that models and indexes compute with. */
final class ChosenKernels {
    /**
     * How long after loading the kernels are warmed up. A program that only scores a few pairs and ends is done by then, sooner
     * than if its own code had to wait for that of the kernels to be compiled.
     */
    static final int WARM_UP_DELAY_MILLIS = 200;

    private static final AtomicBoolean FALLBACK_LOGGED = new AtomicBoolean();

    private ChosenKernels() {}

    /** The choice; that slow ones had to be taken is logged once. */
    static KernelChoice get() {
        KernelChoice kernels = KernelChoice.fromSystemProperty();
        if (kernels.isFallback() && FALLBACK_LOGGED.compareAndSet(false, true)) {
            System.getLogger(CrossEncoder.class.getName())
                    .log(Level.WARNING, "Scoring is several times slower than it could be: " + kernels.reason());
        }
        return kernels;
    }
}
