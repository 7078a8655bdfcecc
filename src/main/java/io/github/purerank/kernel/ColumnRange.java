package io.github.purerank.kernel;

/**
 * Output columns of a linear layer.
 *
 * @param from the first one, a multiple of {@link PackedMatrix#PANEL}
 * @param to the one after the last; a multiple of {@link PackedMatrix#PANEL}, or the number of columns
 */
public record ColumnRange(int from, int to) {
    /** Checks that the range begins at a panel. */
    public ColumnRange {
        if (from < 0 || from >= to || from % PackedMatrix.PANEL != 0) {
            throw new IllegalArgumentException("columns " + from + " to " + to);
        }
    }

    /** All columns of a layer with that many outputs. */
    public static ColumnRange all(int outFeatures) {
        return new ColumnRange(0, outFeatures);
    }
}
