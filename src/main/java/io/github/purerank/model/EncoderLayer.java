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
        attention.project(hidden, 0, rowCount, attention.allColumns(), workspace.queryKeyValues, seat.scratch);
        observer.queriesKeysValues(layer, attention.heads(), workspace.queryKeyValues);
        attend(batch, 0, rowCount, workspace, seat);
        observer.context(layer, workspace.context);
        addAttention(hidden, 0, rowCount, workspace, seat);
        observer.attentionOutput(layer, hidden);
        addFeedForward(hidden, 0, rowCount, workspace, seat);
        observer.hiddenState(layer + 1, hidden);
    }

    /** The same without an observer, shared out in parts. Same bits. */
    void forward(RaggedBatch batch, Workspace workspace, Parts parts) {
        Matrix hidden = workspace.hidden;
        int rowCount = batch.rowCount();
        workspace.overProduct(
                rowCount,
                attention.allColumns(),
                parts,
                (row, rows, columns, seat) ->
                        attention.project(hidden, row, rows, columns, workspace.queryKeyValues, seat.scratch));
        attendAndFinish(
                hidden, rowCount, workspace, parts, (row, rows, seat) -> attend(batch, row, rows, workspace, seat));
    }

    /** What follows the projections: from here on a row needs nothing of another but its keys and values. */
    private void attendAndFinish(Matrix x, int rowCount, Workspace workspace, Parts parts, Workspace.RowStep attend) {
        if (workspace.areFew(rowCount)) {
            workspace.overRows(rowCount, parts, attend);
            finishByColumns(x, rowCount, workspace, parts);
        } else {
            workspace.overRows(rowCount, parts, (row, rows, seat) -> {
                attend.run(row, rows, seat);
                finish(x, row, rows, workspace, seat);
            });
        }
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
        workspace.overProduct(
                batch.rowCount(),
                attention.keyAndValueColumns(),
                parts,
                (row, rows, columns, seat) -> attention.project(
                        workspace.hidden, row, rows, columns, workspace.queryKeyValues, seat.scratch));
        workspace.overProduct(
                batch.pairCount(),
                attention.queryColumns(),
                parts,
                (pair, pairs, columns, seat) ->
                        attention.project(firstTokens, pair, pairs, columns, workspace.firstQueries, seat.scratch));
        attendAndFinish(
                firstTokens,
                batch.pairCount(),
                workspace,
                parts,
                (pair, pairCount, seat) -> attendFirstTokens(batch, pair, pairCount, workspace, seat));
    }

    /** The query of each pair's first token against the keys of its pair. */
    private void attendFirstTokens(
            RaggedBatch batch, int pair, int pairCount, Workspace workspace, Workspace.Seat seat) {
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
    }

    /** Rows of x (M, H), in place, from the heads' sums in context (M, H). */
    private void finish(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        addAttention(x, row, rowCount, workspace, seat);
        addFeedForward(x, row, rowCount, workspace, seat);
    }

    /** The same for few rows, with the columns of each product shared out. */
    private void finishByColumns(Matrix x, int rowCount, Workspace workspace, Parts parts) {
        Matrix update = workspace.update;
        workspace.overProduct(
                rowCount,
                attention.outputColumns(),
                parts,
                (row, rows, columns, seat) ->
                        attention.mixHeads(workspace.context, row, rows, columns, update, seat.scratch));
        addUpdate(attentionNorm, x, rowCount, workspace, parts);
        Matrix intermediate = workspace.seat().intermediate;
        workspace.overProduct(
                rowCount,
                feedForward.up().columns(),
                parts,
                (row, rows, columns, seat) ->
                        feedForward.up().forward(x, row, rows, columns, intermediate, row, seat.scratch));
        workspace.overRows(rowCount, parts, (row, rows, seat) -> feedForward.activate(intermediate, row, rows));
        workspace.overProduct(
                rowCount,
                feedForward.down().columns(),
                parts,
                (row, rows, columns, seat) ->
                        feedForward.down().forward(intermediate, row, rows, columns, update, row, seat.scratch));
        addUpdate(feedForwardNorm, x, rowCount, workspace, parts);
    }

    private static void addUpdate(LayerNorm norm, Matrix x, int rowCount, Workspace workspace, Parts parts) {
        workspace.overRows(
                rowCount,
                parts,
                (row, rows, seat) -> norm.forwardSum(x, row, workspace.update, row, rows, seat.scratch));
    }

    /** x = LayerNorm(x + mixed heads). */
    private void addAttention(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        attention.mixHeads(workspace.context, row, rowCount, attention.outputColumns(), workspace.update, seat.scratch);
        attentionNorm.forwardSum(x, row, workspace.update, row, rowCount, seat.scratch);
    }

    /** x = LayerNorm(x + feedForward(x)). */
    private void addFeedForward(Matrix x, int row, int rowCount, Workspace workspace, Workspace.Seat seat) {
        feedForward.forward(x, row, rowCount, seat.intermediate, workspace.update, row, seat.scratch);
        feedForwardNorm.forwardSum(x, row, workspace.update, row, rowCount, seat.scratch);
    }
}
