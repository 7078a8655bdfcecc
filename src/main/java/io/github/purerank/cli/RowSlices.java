package io.github.purerank.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pairs of a file in lists that are worked on together: as many as there are until the input pauses, and no more than fit into a
 * small heap. Rows that are skipped are null, so that what is written stays in step with what was read.
 */
final class RowSlices implements Closeable {
    /** Enough pairs for any number of threads to share. */
    private static final int MOST_PAIRS = 2048;
    /** Some megabytes for texts and tokens; a row more may be as long as a row may be. */
    private static final int MOST_CHARACTERS = 1 << 20;

    private final PairRows rows;
    private final BadRows badRows;
    /** What comes after the rows that have been handed out. */
    private IOException failure;

    /** Takes over the rows, which are closed with this. */
    RowSlices(PairRows rows, BadRows badRows) {
        this.rows = rows;
        this.badRows = badRows;
    }

    /**
     * The next pairs, null for a skipped row; none at the end.
     *
     * @throws IOException if a row or the file cannot be read, after all pairs before it were handed out
     */
    List<PairRow> next() throws IOException {
        if (failure != null) {
            throw failure;
        }
        List<PairRow> slice = new ArrayList<>();
        try {
            fill(slice);
        } catch (IOException e) {
            if (slice.isEmpty()) {
                throw e;
            }
            failure = e;
        }
        return slice;
    }

    private void fill(List<PairRow> slice) throws IOException {
        long characters = 0;
        do {
            try {
                PairRow row = rows.next();
                if (row == null) {
                    return;
                }
                slice.add(row);
                characters += row.pair().query().length() + row.pair().passage().length();
            } catch (BadRowException e) {
                badRows.report(e);
                slice.add(null);
            }
        } while (slice.size() < MOST_PAIRS && characters < MOST_CHARACTERS && rows.ready());
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
