package io.github.purerank.trace;

import io.github.purerank.format.SafetensorsFileWriter;
import java.io.IOException;
import java.nio.file.Path;

/** A trace as tensors, under the names that transformers has for them. */
final class TraceTensors {
    private TraceTensors() {}

    static void write(Trace trace, Path file) throws IOException {
        long tokens = trace.tokens().size();
        long hiddenSize = trace.hiddenSize();
        SafetensorsFileWriter writer = new SafetensorsFileWriter()
                .metadata("format", "purerank trace 1")
                .metadata("query", trace.query())
                .metadata("passage", trace.passage())
                .metadata("tokens", TraceJson.tokens(trace))
                .add("hidden_states.0", trace.embeddings, tokens, hiddenSize);
        for (int l = 0; l < trace.layers().size(); l++) {
            TracedLayer layer = trace.layers().get(l);
            writer.add("queries." + l, layer.queries, tokens, hiddenSize)
                    .add("keys." + l, layer.keys, tokens, hiddenSize)
                    .add("values." + l, layer.values, tokens, hiddenSize)
                    .add("attentions." + l, joined(layer.attention), trace.headCount(), tokens, tokens)
                    .add("context." + l, layer.context, tokens, hiddenSize)
                    .add("attention_output." + l, layer.attentionOutput, tokens, hiddenSize)
                    .add("hidden_states." + (l + 1), layer.output, tokens, hiddenSize);
        }
        writer.add("pooled", trace.pooled, hiddenSize)
                .add("logits", trace.logits, trace.logits.length)
                .writeTo(file);
    }

    private static float[] joined(float[][] parts) {
        float[] whole = new float[Math.multiplyExact(parts.length, parts[0].length)];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, whole, i * parts[i].length, parts[i].length);
        }
        return whole;
    }
}
