package io.github.purerank.trace;

/**
 * How long a stage took in a trace. One pass on a JVM that has just been started takes many times longer than the same pass later.
 *
 * @param stage which
 * @param layer of which layer, from 0; {@link #NO_LAYER} for what belongs to none
 * @param nanoseconds measured without the copying that a trace needs
 */
public record StageTime(Stage stage, int layer, long nanoseconds) {
    /** The layer of a stage outside the layers. */
    public static final int NO_LAYER = -1;
}
