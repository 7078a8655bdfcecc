package io.github.purerank.cli;

import java.io.PrintWriter;

/** What is done about rows that cannot be used: the first one ends the command or, if so wanted, all are named and counted. */
final class BadRows implements AutoCloseable {
    /** The most rows that are named; of a file of another kind every row is bad. */
    private static final int MOST_NAMED = 20;

    private final PrintWriter err;
    private final boolean skip;
    private long count;

    /** Names rows on {@code err} if they are to be skipped. */
    BadRows(PrintWriter err, boolean skip) {
        this.err = err;
        this.skip = skip;
    }

    /**
     * Notes a bad row.
     *
     * @throws BadRowException the same, if it ends the command
     */
    void report(BadRowException row) throws BadRowException {
        if (!skip) {
            throw row;
        }
        count++;
        if (count <= MOST_NAMED) {
            err.println("purerank: skipped: " + Texts.oneLine(row.getMessage()));
            err.flush();
        }
    }

    /** Prints how many rows were skipped, if any were. */
    @Override
    public void close() {
        if (count > 0) {
            err.println("purerank: rows skipped: " + count
                    + (count > MOST_NAMED ? ", of which the first " + MOST_NAMED + " are named above" : ""));
            err.flush();
        }
    }
}
