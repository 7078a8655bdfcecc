package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.WholeFile;
import io.github.purerank.trace.Stage;
import io.github.purerank.trace.StageTime;
import io.github.purerank.trace.Trace;
import io.github.purerank.trace.TracedLayer;
import io.github.purerank.trace.TracedToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An {@link Explanation} as one HTML file. Its script builds the page from a block of JSON, putting texts only where no markup is
 * read; the file forbids itself all scripts but this and all of the network (Content-Security-Policy).
 */
final class ExplainReport {
    private static final ModelFiles TEMPLATE = ModelFiles.inResources(ExplainReport.class, "explain");

    /** Attention weights are kept in this many steps of their square root: finer where weights are small. */
    private static final int STEPS = 255;

    private final Explanation explanation;
    private final Trace trace;
    private final String modelName;
    private final CrossEncoder model;

    /**
     * A report.
     *
     * @param modelName what the user called the model; null for the default model
     */
    ExplainReport(Explanation explanation, String modelName, CrossEncoder model) {
        this.explanation = explanation;
        this.trace = explanation.trace();
        this.modelName = modelName == null ? "the default model" : modelName.substring(modelName.lastIndexOf('/') + 1);
        this.model = model;
    }

    void write(Path file) throws IOException {
        String style = template("report.css");
        String script = template("report.js");
        String html = template("report.html")
                .replace("{{policy}}", "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script))
                .replace("{{style}}", style)
                .replace("{{script}}", script);
        // The data go in last: whatever is written in them is not looked at.
        int at = html.indexOf("{{data}}");
        // Within JSON, "<" is only found in strings; without it nothing there ends the block.
        String data = json().replace("<", "\\u003c");
        WholeFile.write(file, html.substring(0, at) + data + html.substring(at + "{{data}}".length()));
    }

    private static String template(String name) throws IOException {
        return new String(TEMPLATE.read(name, 1 << 20), StandardCharsets.UTF_8);
    }

    /** What a policy allows a script or style by. */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("model", modelName);
            json.writeNumberProperty("layers", trace.layers().size());
            json.writeNumberProperty("heads", trace.headCount());
            json.writeNumberProperty("hiddenSize", trace.hiddenSize());
            json.writeStringProperty("kernels", model.info().kernels());
            json.writeStringProperty("java", System.getProperty("java.version"));
            json.writeNumberProperty("maxLength", model.config().maxLength());
            float logit = trace.logits()[0];
            json.writeNumberProperty("logit", logit);
            json.writeNumberProperty("score", model.config().activation().apply(logit));
            json.writeStringProperty("activation", model.config().activation().name());
            json.writeStringProperty("query", trace.query());
            json.writeStringProperty("passage", trace.passage());
            writeTokens(json);
            writeWords(json);
            json.writeStringProperty("attention", Base64.getEncoder().encodeToString(attention()));
            writeNorms(json);
            writeTimes(json);
            writeReferences(json);
            json.writeEndObject();
        }
        return out.toString();
    }

    private void writeTokens(JsonGenerator json) {
        json.writeArrayPropertyStart("tokens");
        for (TracedToken token : trace.tokens()) {
            json.writeStartObject();
            json.writeStringProperty("piece", token.piece());
            json.writeNumberProperty("id", token.id());
            json.writeNumberProperty("text", token.text());
            json.writeNumberProperty("start", token.start());
            json.writeNumberProperty("end", token.end());
            json.writeNumberProperty("word", wordOf(token));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The index of the word that a token is of, or -1. */
    private int wordOf(TracedToken token) {
        for (int w = 0; w < explanation.words().size(); w++) {
            Explanation.WordEffect effect = explanation.words().get(w);
            if (effect.text() == token.text() && effect.word().overlaps(token.start(), token.end())) {
                return w;
            }
        }
        return -1;
    }

    private void writeWords(JsonGenerator json) {
        json.writeArrayPropertyStart("words");
        for (Explanation.WordEffect effect : explanation.words()) {
            String text = effect.text() == 0 ? trace.query() : trace.passage();
            json.writeStartObject();
            json.writeNumberProperty("text", effect.text());
            json.writeStringProperty(
                    "word", text.substring(effect.word().start(), effect.word().end()));
            json.writeNumberProperty("without", effect.logitWithout());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** (layers, A, T, T): a byte for each weight. */
    private byte[] attention() {
        int cells = Math.multiplyExact(trace.tokens().size(), trace.tokens().size());
        byte[] bytes = new byte[Math.multiplyExact(cells, trace.layers().size() * trace.headCount())];
        int at = 0;
        for (TracedLayer layer : trace.layers()) {
            for (int head = 0; head < trace.headCount(); head++) {
                for (float weight : layer.attention(head)) {
                    bytes[at++] = (byte) Math.round(STEPS * Math.sqrt(weight));
                }
            }
        }
        return bytes;
    }

    /** The lengths of the tokens' vectors: after the embeddings, then after either half of each layer. */
    private void writeNorms(JsonGenerator json) {
        List<float[]> states = new ArrayList<>();
        states.add(trace.embeddings());
        for (TracedLayer layer : trace.layers()) {
            states.add(layer.attentionOutput());
            states.add(layer.output());
        }
        json.writeArrayPropertyStart("norms");
        for (float[] state : states) {
            json.writeStartArray();
            for (int t = 0; t < trace.tokens().size(); t++) {
                double squares = 0;
                for (int h = 0; h < trace.hiddenSize(); h++) {
                    float element = state[t * trace.hiddenSize() + h];
                    squares += element * element;
                }
                json.writeNumber((float) Math.sqrt(squares));
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** The stages' times, those of all layers together. */
    private void writeTimes(JsonGenerator json) {
        json.writeNumberProperty("passes", explanation.passes());
        json.writeArrayPropertyStart("times");
        for (Stage stage : Stage.values()) {
            long nanoseconds = 0;
            for (StageTime time : explanation.times()) {
                nanoseconds += time.stage() == stage ? time.nanoseconds() : 0;
            }
            json.writeStartObject();
            json.writeStringProperty("stage", stage.label());
            json.writeNumberProperty("nanoseconds", nanoseconds);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeReferences(JsonGenerator json) {
        json.writeArrayPropertyStart("references");
        for (Explanation.Reference reference : explanation.references()) {
            json.writeStartObject();
            json.writeStringProperty("kind", reference.kind());
            json.writeStringProperty("query", reference.pair().query());
            json.writeStringProperty("passage", reference.pair().passage());
            json.writeNumberProperty("logit", reference.logit());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
