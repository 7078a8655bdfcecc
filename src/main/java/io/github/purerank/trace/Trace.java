package io.github.purerank.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Every value on the way from a pair of texts to its logits. T tokens, H elements of a token's vector, L labels. Immutable; the
 * arrays that it gives are copies, row after row.
 *
 * <p>It holds all of it at once: (8 H + A T) T floats a layer, which for a pair of 512 tokens and a BERT of 12 layers x 12 heads x
 * 768 is 300 MB.
 */
public final class Trace {
    private final String query;
    private final String passage;
    private final List<TracedToken> tokens;
    private final int headCount;
    final float[] embeddings;
    private final List<TracedLayer> layers;
    final float[] pooled;
    final float[] logits;
    private final List<StageTime> times;

    /** Takes over the arrays. */
    Trace(
            String query,
            String passage,
            List<TracedToken> tokens,
            int headCount,
            float[] embeddings,
            List<TracedLayer> layers,
            float[] pooled,
            float[] logits,
            List<StageTime> times) {
        this.query = query;
        this.passage = passage;
        this.tokens = List.copyOf(tokens);
        this.headCount = headCount;
        this.embeddings = embeddings;
        this.layers = List.copyOf(layers);
        this.pooled = pooled;
        this.logits = logits;
        this.times = List.copyOf(times);
    }

    /** The first text, with the model's prompt before it if it has one; U+FFFD in it for what is no character. */
    public String query() {
        return query;
    }

    /** The second text; U+FFFD in it for what is no character. */
    public String passage() {
        return passage;
    }

    /** The tokens, special ones included. */
    public List<TracedToken> tokens() {
        return tokens;
    }

    /** A, the attention heads of a layer. */
    public int headCount() {
        return headCount;
    }

    /** H, the length of a token's vector. */
    public int hiddenSize() {
        return embeddings.length / tokens.size();
    }

    /** The tokens' vectors before the first layer, (T, H). */
    public float[] embeddings() {
        return embeddings.clone();
    }

    /** The encoder layers, in their order. */
    public List<TracedLayer> layers() {
        return layers;
    }

    /** The tokens' vectors before the first layer (0) or after a layer (1 and so on), (T, H). */
    public float[] hiddenState(int stage) {
        return stage == 0 ? embeddings() : layers.get(stage - 1).output();
    }

    /** The pair's vector, (H). */
    public float[] pooled() {
        return pooled.clone();
    }

    /** The logits, (L), with the same bits as when the pair is scored. */
    public float[] logits() {
        return logits.clone();
    }

    /** How long each stage took, in order. */
    public List<StageTime> times() {
        return times;
    }

    @Override
    public String toString() {
        return "Trace of " + tokens.size() + " tokens, " + layers.size() + " layers, " + headCount + " heads: logits "
                + Arrays.toString(logits);
    }

    /**
     * Writes all of it as JSON: {@code query}, {@code passage}, {@code tokens}, and the numbers as nested lists, {@code
     * layers[l].attention[head][query][key]} for example. A float is written as the shortest decimal that gives it back.
     */
    public void writeJson(Path file) throws IOException {
        TraceJson.write(this, file);
    }

    /**
     * Writes all of it but the times as F32 tensors: {@code hidden_states.0} to {@code hidden_states.N} (T, H), and for each layer
     * {@code attentions.l} (A, T, T), {@code queries.l}, {@code keys.l}, {@code values.l}, {@code context.l}, {@code
     * attention_output.l} (T, H); {@code pooled} (H), {@code logits} (L). Texts and tokens are in the metadata, as JSON.
     */
    public void writeSafetensors(Path file) throws IOException {
        TraceTensors.write(this, file);
    }
}
