package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;

/**
 * One layer: the tokens look at each other, then each works by itself; after either half the result is added to what came in
 * and normalised. (transformers: BertLayer.)
 *
 * @param attention the first half
 * @param attentionNorm what follows it
 * @param feedForward the second half
 * @param feedForwardNorm what follows it
 */
public record EncoderLayer(
        SelfAttention attention, LayerNorm attentionNorm, FeedForward feedForward, LayerNorm feedForwardNorm) {
    /** The memory of the weights. */
    long bytes() {
        return attention.bytes() + attentionNorm.bytes() + feedForward.bytes() + feedForwardNorm.bytes();
    }

    /** The whole batch: {@code workspace.hidden} (R, H), in place. */
    void forward(RaggedBatch batch, Workspace workspace) {
        Matrix hidden = workspace.hidden;
        attention.project(hidden, 0, batch.rowCount(), workspace.queryKeyValues, workspace.scratch);
        for (int b = 0; b < batch.pairCount(); b++) {
            int row = batch.firstRow(b);
            int tokenCount = batch.tokenCount(b);
            attention.attend(
                    workspace.queryKeyValues,
                    row,
                    tokenCount,
                    workspace.queryKeyValues,
                    row,
                    tokenCount,
                    workspace.context,
                    row,
                    workspace.scratch);
        }
        finish(hidden, workspace.context, batch.rowCount(), workspace);
    }

    /**
     * The same for the first token of each pair alone, which is all that the pooler reads of the last layer: keys and values
     * are needed of every token, everything else of one row a pair. {@code workspace.hidden} (R, H) -> {@code
     * workspace.firstTokens} (B, H).
     */
    void forwardFirstTokens(RaggedBatch batch, Workspace workspace) {
        workspace.gatherFirstTokens(batch);
        Matrix firstTokens = workspace.firstTokens;
        attention.projectKeysAndValues(
                workspace.hidden, 0, batch.rowCount(), workspace.queryKeyValues, workspace.scratch);
        attention.projectQueries(firstTokens, 0, batch.pairCount(), workspace.firstQueries, workspace.scratch);
        for (int b = 0; b < batch.pairCount(); b++) {
            attention.attend(
                    workspace.firstQueries,
                    b,
                    1,
                    workspace.queryKeyValues,
                    batch.firstRow(b),
                    batch.tokenCount(b),
                    workspace.context,
                    b,
                    workspace.scratch);
        }
        finish(firstTokens, workspace.context, batch.pairCount(), workspace);
    }

    /** x (M, H), in place, from the heads' sums in context (M, H). */
    private void finish(Matrix x, Matrix context, int rowCount, Workspace workspace) {
        Matrix update = workspace.update;
        attention.mixHeads(context, 0, rowCount, update, 0, workspace.scratch);
        attentionNorm.forwardSum(x, 0, update, 0, rowCount, workspace.scratch);
        feedForward.forward(x, 0, rowCount, workspace.intermediate, update, 0, workspace.scratch);
        feedForwardNorm.forwardSum(x, 0, update, 0, rowCount, workspace.scratch);
    }
}
