package io.github.purerank.trace;

/** What one encoder layer computed for the T tokens of a pair. Immutable; the arrays that it gives are copies, row after row. */
public final class TracedLayer {
    final float[] queries;
    final float[] keys;
    final float[] values;
    /** A times (T, T). */
    final float[][] attention;

    final float[] context;
    final float[] attentionOutput;
    final float[] output;

    /** Takes over the arrays. */
    TracedLayer(
            float[] queries,
            float[] keys,
            float[] values,
            float[][] attention,
            float[] context,
            float[] attentionOutput,
            float[] output) {
        this.queries = queries;
        this.keys = keys;
        this.values = values;
        this.attention = attention;
        this.context = context;
        this.attentionOutput = attentionOutput;
        this.output = output;
    }

    /** What each token looks for, the heads side by side, (T, H). */
    public float[] queries() {
        return queries.clone();
    }

    /** What each token can be found by, the heads side by side, (T, H). */
    public float[] keys() {
        return keys.clone();
    }

    /** What each token hands out, the heads side by side, (T, H). */
    public float[] values() {
        return values.clone();
    }

    /**
     * The shares of a head's softmax, (T, T): row t has the share of each token in what token t gathers. A row sums to 1.
     * (transformers: {@code output_attentions}.)
     */
    public float[] attention(int head) {
        return attention[head].clone();
    }

    /** What each token gathered, the heads side by side, (T, H). */
    public float[] context() {
        return context.clone();
    }

    /** The tokens' vectors after the first half of the layer, (T, H). */
    public float[] attentionOutput() {
        return attentionOutput.clone();
    }

    /** The tokens' vectors after the layer, (T, H). (transformers: {@code output_hidden_states}.) */
    public float[] output() {
        return output.clone();
    }
}
