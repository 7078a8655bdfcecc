package io.github.purerank.docs;

import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.text.Encoding;
import io.github.purerank.trace.TracedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;

/**
 * Makes docs/forward-pass.md, the pages below it and their pictures: takes the templates in src/test/docs and fills in the numbers
 * of the default model for {@link Example}. In a template, {@code {{name}}} is a number or a table, {@code {{code Class.member}}} a link into the
 * code.
 */
final class ForwardPassDocs {
    static final Path TEMPLATES = Path.of("src/test/docs");
    static final Path DOCS = Path.of("docs");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]+)}}");

    private final Example example = new Example();
    private final CodeLinks links = new CodeLinks();
    private final Map<String, String> values = new TreeMap<>();

    ForwardPassDocs() throws IOException {
        sizes();
        tokens();
        embeddings();
        attention();
        feedForward();
        head();
        speed();
    }

    /** Every file and its contents. */
    Map<Path, String> render() throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        try (Stream<Path> templates = Files.walk(TEMPLATES)) {
            for (Path template : templates
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                Path inDocs = TEMPLATES.relativize(template);
                String up = "../".repeat(inDocs.getNameCount());
                String head = "<!-- Made by tools/make-docs from "
                        + template.toString().replace('\\', '/') + ": change that. -->\n\n";
                files.put(DOCS.resolve(inDocs), head + filled(Files.readString(template), up));
            }
        }
        new Pictures(example)
                .all()
                .forEach((name, picture) ->
                        files.put(DOCS.resolve("forward-pass").resolve(name), picture));
        return files;
    }

    private String filled(String template, String up) throws IOException {
        Matcher placeholders = PLACEHOLDER.matcher(template);
        StringBuilder text = new StringBuilder();
        while (placeholders.find()) {
            String name = placeholders.group(1);
            String value = name.startsWith("code ") ? links.link(name.substring(5), up) : values.get(name);
            if (value == null) {
                throw new AssertionError("nothing to put for " + placeholders.group());
            }
            placeholders.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return placeholders.appendTail(text).toString();
    }

    private void put(String name, Object value) {
        values.put(name, value instanceof Double number ? number(number) : String.valueOf(value));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** The first numbers of a vector. */
    private static String beginning(float[] vector) {
        StringBuilder text = new StringBuilder("`");
        for (int i = 0; i < 5; i++) {
            text.append(String.format(Locale.ROOT, "%8.4f ", vector[i]));
        }
        return text.append(" …`").toString();
    }

    private static String piece(TracedToken token) {
        return "`" + token.piece() + "`";
    }

    private void sizes() {
        put("query", Example.PAIR.query());
        put("passage", Example.PAIR.passage());
        put("tokens", example.tokenCount);
        put("layers", example.config.layerCount());
        put("heads", example.config.headCount());
        put("hidden", example.hiddenSize);
        put("head size", example.headSize);
        put("intermediate", example.config.intermediateSize());
        put("vocabulary", grouped(example.config.vocabSize()));
        put("positions", example.config.maxPositionEmbeddings());
        put("types", example.config.typeVocabSize());
        put("logit", (double) example.trace.logits()[0]);
        put("panel", PackedMatrix.PANEL);
    }

    private void tokens() {
        StringBuilder table = new StringBuilder("| place | token | id | type | characters |\n|---|---|---|---|---|\n");
        for (int t = 0; t < example.tokenCount; t++) {
            TracedToken token = example.token(t);
            String from = token.text() == 0 ? "query " : "passage ";
            table.append("| ")
                    .append(t)
                    .append(" | ")
                    .append(piece(token))
                    .append(" | ")
                    .append(token.id())
                    .append(" | ")
                    .append(token.typeId())
                    .append(" | ")
                    .append(token.text() == Encoding.NO_TEXT ? "" : from + token.start() + " to " + token.end())
                    .append(" |\n");
        }
        put("token table", table.toString().strip());
        int cut = IntStream.range(0, example.tokenCount)
                .filter(t -> example.token(t).piece().startsWith("##"))
                .findFirst()
                .orElseThrow();
        put("cut", piece(example.token(cut - 1)) + " " + piece(example.token(cut)));
        TracedToken first = example.token(cut - 1);
        TracedToken last = example.token(cut);
        put("cut word", Example.PAIR.passage().substring(first.start(), last.end()));
    }

    private void embeddings() {
        int t = Example.TOKEN;
        TracedToken token = example.token(t);
        put("token", token.piece());
        put("token place", t);
        put("token type", token.typeId());
        put("token id", grouped(token.id()));
        float[] word = example.weightRow("word", token.id());
        float[] position = example.weightRow("position", t);
        float[] type = example.weightRow("token_type", token.typeId());
        float[] sum = Example.sum(word, position, type);
        float[] weight = example.weights.get("bert.embeddings.LayerNorm.weight");
        float[] bias = example.weights.get("bert.embeddings.LayerNorm.bias");
        float[] normalised = example.row(example.trace.embeddings(), t);
        put("word row", beginning(word));
        put("position row", beginning(position));
        put("type row", beginning(type));
        put("sum row", beginning(sum));
        put("normalised row", beginning(normalised));
        put("sum mean", Example.mean(sum));
        put("sum deviation", Example.deviation(sum));
        put("sum first", (double) sum[0]);
        put("norm weight first", (double) weight[0]);
        put("norm bias first", (double) bias[0]);
        put("normalised first", (double) normalised[0]);
    }

    private void attention() {
        int t = Example.TOKEN;
        put("layer", Example.LAYER + 1);
        put("head", Example.HEAD + 1);
        put("query row", beginning(example.row(example.layer().queries(), t)));
        put("key row", beginning(example.row(example.layer().keys(), t)));
        put("value row", beginning(example.row(example.layer().values(), t)));
        double largest = Double.NEGATIVE_INFINITY;
        int best = 0;
        for (int j = 0; j < example.tokenCount; j++) {
            if (example.score(t, j) > largest) {
                largest = example.score(t, j);
                best = j;
            }
        }
        double total = 0;
        for (int j = 0; j < example.tokenCount; j++) {
            total += Math.exp(example.score(t, j) - largest);
        }
        StringBuilder table = new StringBuilder("| key | score | exp(score − largest) | share |\n|---|---|---|---|\n");
        for (int j = 0; j < example.tokenCount; j++) {
            double score = example.score(t, j);
            table.append("| ")
                    .append(j == best ? "**" + piece(example.token(j)) + "**" : piece(example.token(j)))
                    .append(" | ")
                    .append(number(score))
                    .append(" | ")
                    .append(number(Math.exp(score - largest)))
                    .append(" | ")
                    .append(number(example.share(t, j)))
                    .append(" |\n");
        }
        put("attention table", table.toString().strip());
        put("largest score", largest);
        put("exp sum", total);
        put("best key", "`" + example.token(best).piece() + "` at place " + best);
        put("best share", String.format(Locale.ROOT, "%.0f %%", 100 * example.share(t, best)));
        put("context row", beginning(example.row(example.layer().context(), t)));
        put("attended row", beginning(example.row(example.layer().attentionOutput(), t)));
        float[] before = example.row(example.trace.embeddings(), t);
        float[] mixed = example.linear(
                "bert.encoder.layer." + Example.LAYER + ".attention.output.dense",
                example.row(example.layer().context(), t));
        put("hidden row", beginning(before));
        put("mixed row", beginning(mixed));
    }

    private void feedForward() {
        int t = Example.TOKEN;
        String name = "bert.encoder.layer." + Example.LAYER + ".";
        float[] x = example.row(example.layer().attentionOutput(), t);
        float[] wide = example.linear(name + "intermediate.dense", x);
        float[] bent = new float[wide.length];
        int closed = 0;
        for (int i = 0; i < wide.length; i++) {
            bent[i] = (float) (wide[i] * (1 + Erf.erf(wide[i] / Math.sqrt(2))) / 2);
            closed += wide[i] < 0 ? 1 : 0;
        }
        float[] down = example.linear(name + "output.dense", bent);
        float[] sum = Example.sum(x, down);
        put("wide row", beginning(wide));
        put("bent row", beginning(bent));
        put("closed", closed);
        put("down row", beginning(down));
        put("stream sum row", beginning(sum));
        put("stream mean", Example.mean(sum));
        put("stream deviation", Example.deviation(sum));
        put("output row", beginning(example.row(example.layer().output(), t)));
        StringBuilder table = new StringBuilder("| after | length | first numbers |\n|---|---|---|\n");
        row(table, "embeddings", example.row(example.trace.embeddings(), 0));
        for (int l = 0; l < example.trace.layers().size(); l++) {
            row(
                    table,
                    "layer " + (l + 1) + ", attention",
                    example.row(example.trace.layers().get(l).attentionOutput(), 0));
            row(
                    table,
                    "layer " + (l + 1) + ", feed-forward",
                    example.row(example.trace.layers().get(l).output(), 0));
        }
        put("stream table", table.toString().strip());
    }

    private static void row(StringBuilder table, String name, float[] vector) {
        table.append("| ")
                .append(name)
                .append(" | ")
                .append(String.format(Locale.ROOT, "%.2f", Example.length(vector)))
                .append(" | ")
                .append(beginning(vector))
                .append(" |\n");
    }

    private void head() {
        float[] cls = example.row(example.trace.hiddenState(example.config.layerCount()), 0);
        float[] dense = example.linear("bert.pooler.dense", cls);
        float[] pooled = example.trace.pooled();
        put("cls row", beginning(cls));
        put("dense row", beginning(dense));
        put("pooled row", beginning(pooled));
        float[] weights = example.weights.get("classifier.weight");
        double bias = example.weights.get("classifier.bias")[0];
        int[] order = IntStream.range(0, pooled.length)
                .boxed()
                .sorted((a, b) -> Double.compare(Math.abs(weights[b] * pooled[b]), Math.abs(weights[a] * pooled[a])))
                .mapToInt(i -> i)
                .toArray();
        StringBuilder table = new StringBuilder("| place | pooled | weight | product |\n|---|---|---|---|\n");
        double rest = bias;
        for (int i = 0; i < order.length; i++) {
            double product = (double) weights[order[i]] * pooled[order[i]];
            if (i < 5) {
                table.append("| ")
                        .append(order[i])
                        .append(" | ")
                        .append(number(pooled[order[i]]))
                        .append(" | ")
                        .append(number(weights[order[i]]))
                        .append(" | ")
                        .append(number(product))
                        .append(" |\n");
            } else {
                rest += product;
            }
        }
        table.append("| the other ")
                .append(order.length - 5)
                .append(" | | | ")
                .append(number(rest - bias))
                .append(" |\n");
        table.append("| bias | | | ").append(number(bias)).append(" |\n");
        table.append("| **logit** | | | **")
                .append(number(example.trace.logits()[0]))
                .append("** |");
        put("classifier table", table);
    }

    private void speed() {
        long whole = example.layerWork(false);
        long short1 = example.layerWork(true);
        int layers = example.config.layerCount();
        put("layer work", grouped(whole));
        put("last layer work", grouped(short1));
        put("saved", String.format(Locale.ROOT, "%.0f %%", 100.0 * (whole - short1) / (layers * whole)));
        put("width", grouped(PackedMatrix.roundUpToPanel(example.hiddenSize) * 2L + example.hiddenSize));
    }
}
