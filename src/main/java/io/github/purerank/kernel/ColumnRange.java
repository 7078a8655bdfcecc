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

    /** How many panels the columns are in. */
    public int panelCount() {
        return (to - from + PackedMatrix.PANEL - 1) / PackedMatrix.PANEL;
    }

    /** One of so many ranges of about as many panels each, which together are this one; as many as there are panels at the most. */
    public ColumnRange part(int part, int partCount) {
        return new ColumnRange(partBegin(part, partCount), Math.min(to, partBegin(part + 1, partCount)));
    }

    private int partBegin(int part, int partCount) {
        return from + (int) ((long) panelCount() * part / partCount) * PackedMatrix.PANEL;
    }

    /** All columns of a layer with that many outputs. */
    public static ColumnRange all(int outFeatures) {
        return new ColumnRange(0, outFeatures);
    }
}
