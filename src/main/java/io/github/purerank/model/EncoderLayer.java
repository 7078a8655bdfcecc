package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;

/**
 * One layer: the tokens look at each other, then each works by itself; after either half the result is added to what came in
 * and normalised. (transformers: BertLayer.)
 *
 * <pre>
 *   x = LayerNorm(x + attention(x))
 *   x = LayerNorm(x + feedForward(x))
 * </pre>
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

    /**
     * The whole batch, one step after another, each shown to the observer: {@code workspace.hidden} (R, H), in place. This is the
     * layer as the papers have it; what follows computes the same, sooner.
     */
    void forwardObserved(RaggedBatch batch, Workspace workspace, int layer, StageObserver observer) {
        Matrix hidden = workspace.hidden;
        Workspace.Seat seat = workspace.seat();
        int rowCount = batch.rowCount();
        attention.project(hidden, 0, rowCount, workspace.queryKeyValues, seat.scratch);
        observer.queriesKeysValues(layer, attention.heads(), workspace.queryKeyValues);
        attend(batch, 0, rowCount, workspace, seat);
        observer.context(layer, workspace.context);
        addAttention(hidden, 0, rowCount, workspace, seat);
        observer.attentionOutput(layer, hidden);
        addFeedForward(hidden, 0, rowCount, workspace, seat);
        observer.hiddenState(layer + 1, hidden);
    }

    /** The same without an observer, the rows shared out in parts. Same bits. */
    void forward(RaggedBatch batch, Workspace workspace, Parts parts) {
        Matrix hidden = workspace.hidden;
        workspace.overRows(
                batch.rowCount(),
                parts,
                (row, rowCount, seat) ->
                        attention.project(hidden, row, rowCount, workspace.queryKeyValues, seat.scratch));
        // From here on a row needs nothing of another but its keys and values.
        workspace.overRows(batch.rowCount(), parts, (row, rowCount, seat) -> {
            attend(batch, row, rowCount, workspace, seat);
            finish(hidden, row, rowCount, workspace, seat);
        });
    }

    /** The queries of some rows against the keys of their own pairs; the rows may begin and end within a pair. */
    private void attend(RaggedBatch batch, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        for (int b = 0; b < batch.pairCount(); b++) {
            int firstKey = batch.firstRow(b);
            int from = Math.max(row, firstKey);
            int to = Math.min(row + rowCount, firstKey + batch.tokenCount(b));
            if (from < to) {
                attention.attend(
                        workspace.queryKeyValues,
                        from,
                        to - from,
                        workspace.queryKeyValues,
                        firstKey,
                        batch.tokenCount(b),
                        workspace.context,
                        from,
                        seat.scratch);
            }
        }
    }

    /**
     * The same for the first token of each pair alone, which is all that the pooler reads of the last layer: keys and values
     * are needed of every token, everything else of one row a pair. Same bits. {@code workspace.hidden} (R, H) -> {@code
     * workspace.firstTokens} (B, H).
     */
    void forwardFirstTokens(RaggedBatch batch, Workspace workspace, Parts parts) {
        workspace.gatherFirstTokens(batch);
        Matrix firstTokens = workspace.firstTokens;
        workspace.overRows(
                batch.rowCount(),
                parts,
                (row, rowCount, seat) -> attention.projectKeysAndValues(
                        workspace.hidden, row, rowCount, workspace.queryKeyValues, seat.scratch));
        workspace.overRows(batch.pairCount(), parts, (pair, pairCount, seat) -> {
            attention.projectQueries(firstTokens, pair, pairCount, workspace.firstQueries, seat.scratch);
            for (int b = pair; b < pair + pairCount; b++) {
                attention.attend(
                        workspace.firstQueries,
                        b,
                        1,
                        workspace.queryKeyValues,
                        batch.firstRow(b),
                        batch.tokenCount(b),
                        workspace.context,
                        b,
                        seat.scratch);
            }
            finish(firstTokens, pair, pairCount, workspace, seat);
        });
    }

    /** Rows of x (M, H), in place, from the heads' sums in context (M, H). */
    private void finish(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        addAttention(x, row, rowCount, workspace, seat);
        addFeedForward(x, row, rowCount, workspace, seat);
    }

    /** x = LayerNorm(x + mixed heads). */
    private void addAttention(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        attention.mixHeads(workspace.context, row, rowCount, workspace.update, row, seat.scratch);
        attentionNorm.forwardSum(x, row, workspace.update, row, rowCount, seat.scratch);
    }

    /** x = LayerNorm(x + feedForward(x)). */
    private void addFeedForward(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        feedForward.forward(x, row, rowCount, seat.intermediate, workspace.update, row, seat.scratch);
        feedForwardNorm.forwardSum(x, row, workspace.update, row, rowCount, seat.scratch);
    }
}
