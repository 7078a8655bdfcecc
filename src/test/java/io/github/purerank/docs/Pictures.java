package io.github.purerank.docs;

import io.github.purerank.text.Encoding;
import io.github.purerank.trace.TracedLayer;
import io.github.purerank.trace.TracedToken;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.special.Erf;

/** The documents' pictures. */
final class Pictures {
    private final Example example;

    Pictures(Example example) {
        this.example = example;
    }

    /** By their files' names. */
    Map<String, String> all() {
        Map<String, String> pictures = new LinkedHashMap<>();
        pictures.put("overview.svg", overview());
        pictures.put("tokens.svg", tokens());
        pictures.put("embeddings.svg", embeddings());
        pictures.put("attention.svg", attention());
        pictures.put("heads.svg", heads());
        pictures.put("gelu.svg", gelu());
        pictures.put("residual.svg", residual());
        pictures.put("ragged.svg", ragged());
        return pictures;
    }

    private String overview() {
        int layers = example.trace.layers().size();
        String[][] steps = {
            {"texts", "“" + Example.PAIR.query() + "” and “" + Example.PAIR.passage() + "”"},
            {"token ids", example.tokenCount + " whole numbers"},
            {"embeddings", example.tokenCount + " vectors of " + example.hiddenSize + " numbers"},
            {layers + " encoder layers", "the same " + example.tokenCount + " vectors, changed " + 2 * layers + " times"
            },
            {"pooler", "1 vector, from that of [CLS]"},
            {
                "classifier",
                "1 number: the logit, "
                        + String.format(Locale.ROOT, "%.4f", example.trace.logits()[0])
            },
        };
        Svg svg = new Svg(700, 70 * steps.length + 90, "From two texts to one number");
        for (int i = 0; i < steps.length; i++) {
            int y = 16 + 70 * i + (i > 3 ? 74 : 0);
            int height = i == 3 ? 116 : 44;
            svg.box(20, y, 220, height, 6, "box").text(130, y + 27, "middle", steps[i][0]);
            svg.text(258, y + 27, "muted", steps[i][1]);
            if (i + 1 < steps.length) {
                int end = y + height;
                svg.path("M130 " + end + "v22m-5 -7l5 7l5 -7", "line");
            }
            if (i == 3) {
                svg.text(130, y + 58, "small muted middle", "attention, + and LayerNorm")
                        .text(130, y + 78, "small muted middle", "feed-forward, + and LayerNorm")
                        .text(130, y + 100, "small muted middle", "and again, " + layers + " times")
                        .text(258, y + 58, "small muted", "tokens look at each other")
                        .text(258, y + 78, "small muted", "each token by itself");
            }
        }
        return svg.toString();
    }

    private String tokens() {
        Svg svg = new Svg(760, 150, "The tokens of the pair");
        double[] x = {20, 20};
        for (int text = 0; text < 2; text++) {
            double y = text == 0 ? 24 : 90;
            for (int t = 0; t < example.tokenCount; t++) {
                TracedToken token = example.token(t);
                if (token.typeId() != text) {
                    continue;
                }
                double width = 16 + 7.6 * token.piece().length();
                svg.box(x[text], y, width, 26, 4, "box");
                svg.text(
                        x[text] + width / 2,
                        y + 17,
                        token.text() == Encoding.NO_TEXT ? "middle muted" : "middle",
                        token.piece());
                svg.text(x[text] + width / 2, y + 42, "middle small muted", String.valueOf(token.id()));
                x[text] += width + 6;
            }
        }
        return svg.toString();
    }

    private String embeddings() {
        int t = Example.TOKEN;
        TracedToken token = example.token(t);
        float[] word = example.weightRow("word", token.id());
        float[] position = example.weightRow("position", t);
        float[] type = example.weightRow("token_type", token.typeId());
        float[] sum = Example.sum(word, position, type);
        String[] names = {"word", "position", "type", "sum", "normalised"};
        float[][] rows = {word, position, type, sum, example.row(example.trace.embeddings(), t)};
        Svg svg = new Svg(760, 210, "The embedding of one token, as strips of " + example.hiddenSize + " numbers");
        for (int i = 0; i < rows.length; i++) {
            double y = 20 + 34 * i + (i > 2 ? 10 : 0);
            svg.text(95, y + 17, "end", (i == 1 || i == 2 ? "+ " : i == 3 ? "= " : "") + names[i]);
            svg.strip(110, y, 630, 24, rows[i], i == 4 ? 2.5 : 3 * Example.deviation(sum));
        }
        svg.path("M20 123H740", "line");
        return svg.toString();
    }

    private String attention() {
        int tokens = example.tokenCount;
        double cell = 24;
        double left = 90;
        int size = (int) (left + tokens * cell + 20);
        Svg svg = new Svg(size, size, "Attention of layer " + (Example.LAYER + 1) + ", head " + (Example.HEAD + 1));
        for (int t = 0; t < tokens; t++) {
            String piece = example.token(t).piece();
            svg.text(left - 8, left + t * cell + 16, t == Example.TOKEN ? "end" : "end muted", piece);
            svg.turnedText(left + t * cell + 16, left - 8, "muted", piece);
            for (int j = 0; j < tokens; j++) {
                svg.cell(left + j * cell, left + t * cell, cell - 1, cell - 1, "plus", Math.sqrt(example.share(t, j)));
            }
        }
        svg.path(
                String.format(
                        Locale.ROOT,
                        "M%.1f %.1fh%.1fv%.1fh-%.1fz",
                        left - 1,
                        left + Example.TOKEN * cell - 1,
                        tokens * cell + 1,
                        cell + 1,
                        tokens * cell + 1),
                "line");
        return svg.toString();
    }

    private String heads() {
        int tokens = example.tokenCount;
        int layers = example.trace.layers().size();
        int heads = example.trace.headCount();
        double side = 130;
        Svg svg =
                new Svg((int) (70 + layers * (side + 12)), (int) (40 + heads * (side + 12)), "All heads of all layers");
        for (int l = 0; l < layers; l++) {
            TracedLayer layer = example.trace.layers().get(l);
            svg.text(60 + l * (side + 12) + side / 2, 22, "middle muted", "layer " + (l + 1));
            for (int h = 0; h < heads; h++) {
                double x = 60 + l * (side + 12);
                double y = 32 + h * (side + 12);
                svg.text(52, y + side / 2, "end muted", "head " + (h + 1));
                svg.box(x - 1, y - 1, side + 2, side + 2, 2, "box");
                float[] shares = layer.attention(h);
                double step = side / tokens;
                for (int i = 0; i < shares.length; i++) {
                    svg.cell(x + i % tokens * step, y + i / tokens * step, step, step, "plus", Math.sqrt(shares[i]));
                }
            }
        }
        return svg.toString();
    }

    private String gelu() {
        Svg svg = new Svg(460, 250, "GELU");
        StringBuilder path = new StringBuilder();
        for (int i = 0; i <= 120; i++) {
            double x = -4 + i / 15.0;
            double y = x * (1 + Erf.erf(x / Math.sqrt(2))) / 2;
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", 30 + 50 * (x + 4), 210 - 45 * y));
        }
        svg.path("M30 210H440M230 20V235", "line").path(path.toString(), "curve");
        for (int x = -4; x <= 4; x += 2) {
            if (x != 0) {
                svg.text(30 + 50 * (x + 4), 226, "middle small muted", String.valueOf(x));
            }
        }
        svg.text(224, 123, "end small muted", "2").text(224, 33, "end small muted", "4");
        return svg.toString();
    }

    private String residual() {
        int layers = example.trace.layers().size();
        Svg svg = new Svg(760, 50 + 30 * (2 * layers + 1), "The vector of [CLS] after each half of each layer");
        float[][] rows = new float[2 * layers + 1][];
        rows[0] = example.row(example.trace.embeddings(), 0);
        for (int l = 0; l < layers; l++) {
            rows[2 * l + 1] = example.row(example.trace.layers().get(l).attentionOutput(), 0);
            rows[2 * l + 2] = example.row(example.trace.layers().get(l).output(), 0);
        }
        for (int i = 0; i < rows.length; i++) {
            String name =
                    i == 0 ? "embeddings" : "layer " + (i + 1) / 2 + (i % 2 == 1 ? ", attention" : ", feed-forward");
            svg.text(155, 38 + 30 * i, "end small", name).strip(165, 22 + 30 * i, 575, 24, rows[i], 2.5);
        }
        return svg.toString();
    }

    private String ragged() {
        int[] lengths = {example.tokenCount, 31, 9, 22};
        int longest = 31;
        double cell = 9;
        Svg svg = new Svg(760, 250, "Four pairs: padded, and end to end");
        svg.text(20, 28, "", "with padding: " + lengths.length + " x " + longest + " rows");
        int total = 0;
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < longest; t++) {
                svg.cell(
                        20 + t * cell,
                        40 + 16 * b,
                        cell - 1,
                        13,
                        t < lengths[b] ? "plus" : "none",
                        t < lengths[b] ? 0.4 + 0.15 * b : 1);
            }
            total += lengths[b];
        }
        svg.text(20, 150, "", "without: " + total + " rows, pair after pair");
        int at = 0;
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++, at++) {
                svg.cell(20 + at * cell, 162, cell - 1, 13, "plus", 0.4 + 0.15 * b);
            }
            svg.text(20 + (at - lengths[b]) * cell, 194, "small muted", "pair " + (b + 1));
        }
        svg.text(20, 228, "small muted", "Grey rows would be computed and thrown away.");
        return svg.toString();
    }
}
