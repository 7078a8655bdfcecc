package io.github.purerank.model;

import io.github.purerank.kernel.ColumnRange;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.kernel.Scratch;

/**
 * The intermediate values of a forward pass. Made once for a budget of rows and used again for every batch that fits, so that
 * scoring allocates nothing. Belongs to one thread at a time.
 */
public final class Workspace {
    /** Fewer rows than this are not worth a thread of their own: they do not fill a tile of the products. */
    private static final int MIN_PART_ROWS = 8;

    /** With fewer rows than this for each thread a product takes longer to read its weights than to multiply (docs/kernels.md). */
    private static final int FEW_ROWS = 24;

    private final int maxRows;
    /** (R, E): the tokens' vectors before they are projected; {@link #hidden} itself where they are not. */
    final Matrix embedded;
    /** (R, H): the tokens' vectors, layer after layer. */
    final Matrix hidden;
    /** (R, 3 H): what attention compares and hands out. */
    final Matrix queryKeyValues;
    /** (R, H): what the heads gathered. */
    final Matrix context;
    /** (R, H): what half a layer adds to the tokens' vectors. */
    final Matrix update;
    /** (B, H): the vectors of the first tokens. */
    final Matrix firstTokens;
    /** (B, H): the first tokens' queries in the last layer. */
    final Matrix firstQueries;
    /** (B, H). */
    final Matrix pooled;
    /** (B, L). */
    final Matrix logits;

    private final BertConfig config;
    private final Kernels kernels;
    /** Made when they are first taken: most batches are computed by one thread. */
    private final Seat[] seats;

    /** What belongs to whoever computes some of the rows. */
    static final class Seat {
        /** (a block of rows, I): inside the feed-forward block. */
        final Matrix intermediate;

        final Scratch scratch;

        Seat(BertConfig config, Kernels kernels, int maxRows) {
            this.intermediate = new Matrix(Math.min(maxRows, FeedForward.BLOCK_ROWS), config.intermediateSize());
            this.scratch = kernels.newScratch();
        }
    }

    /** What is done to some of a batch's rows. */
    @FunctionalInterface
    interface RowStep {
        void run(int row, int rowCount, Seat seat);
    }

    /** Some columns of a product for some of a batch's rows. */
    @FunctionalInterface
    interface ProductStep {
        void run(int row, int rowCount, ColumnRange columns, Seat seat);
    }

    /**
     * Makes room.
     *
     * @param maxRows the most tokens that a batch may have
     * @param maxPairs the most pairs that a batch may have
     * @param seatCount into how many parts the rows are split, at the most
     */
    Workspace(BertConfig config, Kernels kernels, int maxRows, int maxPairs, int seatCount) {
        this.maxRows = maxRows;
        this.hidden = new Matrix(maxRows, config.hiddenSize());
        this.embedded = config.projects() ? new Matrix(maxRows, config.embeddingSize()) : hidden;
        this.queryKeyValues = new Matrix(maxRows, SelfAttention.queryKeyValueColumns(config));
        this.context = new Matrix(maxRows, config.hiddenSize());
        this.update = new Matrix(maxRows, config.hiddenSize());
        this.firstTokens = new Matrix(maxPairs, config.hiddenSize());
        this.firstQueries = new Matrix(maxPairs, PackedMatrix.roundUpToPanel(config.hiddenSize()));
        this.pooled = new Matrix(maxPairs, config.hiddenSize());
        this.logits = new Matrix(maxPairs, config.labelCount());
        this.config = config;
        this.kernels = kernels;
        this.seats = new Seat[seatCount];
    }

    /** The seat of whoever computes alone. */
    Seat seat() {
        return seat(0);
    }

    private Seat seat(int index) {
        if (seats[index] == null) {
            seats[index] = new Seat(config, kernels, maxRows);
        }
        return seats[index];
    }

    /** Splits rows evenly into as many parts as there are seats, or fewer if they would be very small, and runs them. */
    void overRows(int rowCount, Parts parts, RowStep step) {
        int partCount = Math.max(1, Math.min(seats.length, rowCount / MIN_PART_ROWS));
        if (partCount == 1) {
            step.run(0, rowCount, seat());
            return;
        }
        parts.run(partCount, part -> {
            int from = (int) ((long) rowCount * part / partCount);
            int to = (int) ((long) rowCount * (part + 1) / partCount);
            step.run(from, to - from, seat(part));
        });
    }

    /**
     * Whether the products of so many rows are better split by their columns. Each thread then reads its own part of the weights,
     * where otherwise each reads them all, and with few rows it is reading that takes the time. But each product must be waited for.
     */
    boolean areFew(int rowCount) {
        return seats.length > 1 && rowCount < FEW_ROWS * seats.length && rowCount <= FeedForward.BLOCK_ROWS;
    }

    /** Splits a product by its columns if there are few rows, else by its rows. */
    void overProduct(int rowCount, ColumnRange columns, Parts parts, ProductStep step) {
        if (!areFew(rowCount)) {
            overRows(rowCount, parts, (row, rows, seat) -> step.run(row, rows, columns, seat));
            return;
        }
        int partCount = Math.min(seats.length, columns.panelCount());
        parts.run(partCount, part -> step.run(0, rowCount, columns.part(part, partCount), seat(part)));
    }

    /** Whether the batch has no more tokens and pairs than there is room for. */
    public boolean fits(RaggedBatch batch) {
        return batch.rowCount() <= maxRows && batch.pairCount() <= firstTokens.rows();
    }

    /** Copies the vector of each pair's first token from hidden (R, H) to firstTokens (B, H). */
    void gatherFirstTokens(RaggedBatch batch) {
        for (int b = 0; b < batch.pairCount(); b++) {
            System.arraycopy(
                    hidden.data(),
                    hidden.at(batch.firstRow(b)),
                    firstTokens.data(),
                    firstTokens.at(b),
                    hidden.columns());
        }
    }
}
