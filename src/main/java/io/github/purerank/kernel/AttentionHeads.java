package io.github.purerank.kernel;

/**
 * How attention heads share the columns of the matrices they read: head h has the columns from h * headSize on, counted from
 * where the queries, keys or values begin.
 *
 * @param headCount how many heads
 * @param headSize S, the columns of one head
 * @param queryColumn where the queries begin
 * @param keyColumn where the keys begin
 * @param valueColumn where the values begin
 */
public record AttentionHeads(int headCount, int headSize, int queryColumn, int keyColumn, int valueColumn) {
    /** What the products of queries and keys are multiplied by: 1 / sqrt(headSize). */
    public float scale() {
        return (float) (1 / Math.sqrt(headSize));
    }
}
