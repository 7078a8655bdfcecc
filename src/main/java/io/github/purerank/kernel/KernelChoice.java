package io.github.purerank.kernel;

import java.util.Locale;

/**
 * The kernels that this JVM can run, and why these.
 *
 * @param kernels the kernels
 * @param reason why they were chosen, and what would change it
 * @param isFallback whether better ones were wanted and could not be had
 */
public record KernelChoice(Kernels kernels, String reason, boolean isFallback) {
    /** The system property that chooses: "auto" (the default), "vector" or "scalar". */
    public static final String PROPERTY = "purerank.kernel";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /**
     * Chooses by the system property {@value #PROPERTY}.
     *
     * @throws IllegalStateException if it demands vector kernels and this JVM cannot run them
     * @throws IllegalArgumentException if it has an unknown value
     */
    public static KernelChoice fromSystemProperty() {
        return of(System.getProperty(PROPERTY, "auto"));
    }

    static KernelChoice of(String wish) {
        return switch (wish.toLowerCase(Locale.ROOT)) {
            case "scalar" -> new KernelChoice(new ScalarKernels(), "-D" + PROPERTY + "=scalar asks for them", false);
            case "vector" -> {
                String obstacle = obstacleToVectors();
                if (obstacle != null) {
                    throw new IllegalStateException("-D" + PROPERTY + "=vector cannot be had: " + obstacle);
                }
                yield new KernelChoice(new VectorKernels(), "-D" + PROPERTY + "=vector asks for them", false);
            }
            case "auto" -> {
                String obstacle = obstacleToVectors();
                yield obstacle == null
                        ? new KernelChoice(new WarmingKernels(), "the module " + VECTOR_MODULE + " is present", false)
                        : new KernelChoice(new ScalarKernels(), obstacle, true);
            }
            default ->
                throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + ": expected auto, vector or scalar");
        };
    }

    /** Why vectors cannot be used, with the remedy; null if they can. */
    private static String obstacleToVectors() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return "the module " + VECTOR_MODULE + " is absent; start java with --add-modules " + VECTOR_MODULE;
        }
        if (System.getProperty("java.vm.info", "").contains("interpreted")) {
            return "this JVM only interprets (-Xint), which makes vectors slower than plain loops";
        }
        return null;
    }
}
