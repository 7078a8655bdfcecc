package io.github.purerank.trace;

import io.github.purerank.format.WholeFile;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** A trace as JSON. */
final class TraceJson {
    /** Jackson's own writer of floats: the JDK's gives other digits before version 19. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private TraceJson() {}

    static void write(Trace trace, Path file) throws IOException {
        WholeFile.write(file, channel -> {
            try (JsonGenerator json =
                    FACTORY.createGenerator(ObjectWriteContext.empty(), Channels.newOutputStream(channel))) {
                write(trace, json);
            } catch (JacksonException e) {
                if (e.getCause() instanceof IOException cause) {
                    throw cause;
                }
                throw e;
            }
        });
    }

    /** The tokens alone. */
    static String tokens(Trace trace) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            writeTokens(trace, json);
        }
        return out.toString();
    }

    private static void write(Trace trace, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("format", "purerank trace 1");
        json.writeStringProperty("query", trace.query());
        json.writeStringProperty("passage", trace.passage());
        json.writeName("tokens");
        writeTokens(trace, json);
        rows(json, "embeddings", trace.embeddings, trace.hiddenSize());
        json.writeArrayPropertyStart("layers");
        for (TracedLayer layer : trace.layers()) {
            json.writeStartObject();
            rows(json, "queries", layer.queries, trace.hiddenSize());
            rows(json, "keys", layer.keys, trace.hiddenSize());
            rows(json, "values", layer.values, trace.hiddenSize());
            json.writeArrayPropertyStart("attention");
            for (float[] head : layer.attention) {
                rows(json, head, trace.tokens().size());
            }
            json.writeEndArray();
            rows(json, "context", layer.context, trace.hiddenSize());
            rows(json, "attention_output", layer.attentionOutput, trace.hiddenSize());
            rows(json, "hidden_state", layer.output, trace.hiddenSize());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeName("pooled");
        row(json, trace.pooled, 0, trace.pooled.length);
        json.writeName("logits");
        row(json, trace.logits, 0, trace.logits.length);
        json.writeArrayPropertyStart("times");
        for (StageTime time : trace.times()) {
            json.writeStartObject();
            json.writeStringProperty("stage", time.stage().label());
            if (time.layer() != StageTime.NO_LAYER) {
                json.writeNumberProperty("layer", time.layer());
            }
            json.writeNumberProperty("nanoseconds", time.nanoseconds());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeTokens(Trace trace, JsonGenerator json) {
        json.writeStartArray();
        for (TracedToken token : trace.tokens()) {
            json.writeStartObject();
            json.writeNumberProperty("id", token.id());
            json.writeStringProperty("piece", token.piece());
            json.writeNumberProperty("type", token.typeId());
            if (token.text() != Encoding.NO_TEXT) {
                json.writeStringProperty("text", token.text() == 0 ? "query" : "passage");
                json.writeNumberProperty("start", token.start());
                json.writeNumberProperty("end", token.end());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void rows(JsonGenerator json, String name, float[] elements, int columns) {
        json.writeName(name);
        rows(json, elements, columns);
    }

    private static void rows(JsonGenerator json, float[] elements, int columns) {
        json.writeStartArray();
        for (int from = 0; from < elements.length; from += columns) {
            row(json, elements, from, columns);
        }
        json.writeEndArray();
    }

    private static void row(JsonGenerator json, float[] elements, int from, int count) {
        json.writeStartArray();
        for (int i = from; i < from + count; i++) {
            json.writeNumber(elements[i]);
        }
        json.writeEndArray();
    }
}
