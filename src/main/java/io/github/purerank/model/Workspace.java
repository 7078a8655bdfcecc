package io.github.purerank.model;

import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.kernel.Scratch;

/**
 * The intermediate values of a forward pass. Made once for a budget of rows and used again for every batch that fits, so that
 * scoring allocates nothing. Belongs to one thread at a time.
 */
public final class Workspace {
    private final int maxRows;
    /** (R, H): the tokens' vectors, layer after layer. */
    final Matrix hidden;
    /** (R, 3 H): what attention compares and hands out. */
    final Matrix queryKeyValues;
    /** (R, H): what the heads gathered. */
    final Matrix context;
    /** (R, H): what half a layer adds to the tokens' vectors. */
    final Matrix update;
    /** (a block of rows, I): inside the feed-forward block. */
    final Matrix intermediate;
    /** (B, H): the vectors of the first tokens. */
    final Matrix firstTokens;
    /** (B, H): the first tokens' queries in the last layer. */
    final Matrix firstQueries;
    /** (B, H). */
    final Matrix pooled;
    /** (B, L). */
    final Matrix logits;

    final Scratch scratch;

    /**
     * Makes room.
     *
     * @param maxRows the most tokens that a batch may have
     * @param maxPairs the most pairs that a batch may have
     */
    Workspace(BertConfig config, Kernels kernels, int maxRows, int maxPairs) {
        this.maxRows = maxRows;
        this.hidden = new Matrix(maxRows, config.hiddenSize());
        this.queryKeyValues = new Matrix(maxRows, SelfAttention.queryKeyValueColumns(config));
        this.context = new Matrix(maxRows, config.hiddenSize());
        this.update = new Matrix(maxRows, config.hiddenSize());
        this.intermediate = new Matrix(Math.min(maxRows, FeedForward.BLOCK_ROWS), config.intermediateSize());
        this.firstTokens = new Matrix(maxPairs, config.hiddenSize());
        this.firstQueries = new Matrix(maxPairs, PackedMatrix.roundUpToPanel(config.hiddenSize()));
        this.pooled = new Matrix(maxPairs, config.hiddenSize());
        this.logits = new Matrix(maxPairs, config.labelCount());
        this.scratch = kernels.newScratch();
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
