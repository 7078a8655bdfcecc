package io.github.purerank.docs;

import java.util.Locale;

/** A picture in the making; light or dark as its reader is. */
final class Svg {
    private static final String STYLE = """
            <style>
            text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #1b1f24 }
            .small { font-size: 11px } .muted { fill: #59626d } .middle { text-anchor: middle } .end { text-anchor: end }
            .box { fill: #fff; stroke: #b9c0c8 } .line { stroke: #8a939d; fill: none } .curve { stroke: #2563eb; stroke-width: 2.5; fill: none }
            .page { fill: #f6f6f3 } .plus { fill: #2563eb } .minus { fill: #d97706 } .none { fill: #c9cfd6 }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6e9ec } .muted { fill: #9ba5b0 } .box { fill: #1c2024; stroke: #4a525b } .line { stroke: #7b858f }
            .curve { stroke: #70aaff } .page { fill: #131619 } .plus { fill: #70aaff } .minus { fill: #f5963c } .none { fill: #444c55 }
            }
            </style>
            """;

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;
    private final String title;

    Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        this.title = title;
    }

    Svg text(double x, double y, String style, String text) {
        body.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>%n", x, y, style, escaped(text)));
        return this;
    }

    Svg turnedText(double x, double y, String style, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" class=\"%s\">%s</text>%n",
                x,
                y,
                style,
                escaped(text)));
        return this;
    }

    Svg box(double x, double y, double w, double h, double radius, String style) {
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" class=\"%s\"/>%n",
                x,
                y,
                w,
                h,
                radius,
                style));
        return this;
    }

    /** A box of some strength, 0 to 1; of very little, none. */
    Svg cell(double x, double y, double w, double h, String style, double strength) {
        if (strength < 0.015) {
            return this;
        }
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\" opacity=\"%.2f\"/>%n",
                x,
                y,
                w,
                h,
                style,
                strength));
        return this;
    }

    Svg path(String d, String style) {
        body.append("<path d=\"").append(d).append("\" class=\"").append(style).append("\"/>\n");
        return this;
    }

    /** A vector as a strip of cells: blue above 0, orange below, the stronger the farther, {@code most} at full strength. */
    Svg strip(double x, double y, double w, double h, float[] values, double most) {
        double step = w / values.length;
        for (int i = 0; i < values.length; i++) {
            double strength = Math.min(1, Math.abs(values[i]) / most);
            cell(x + i * step, y, step + 0.2, h, values[i] < 0 ? "minus" : "plus", strength);
        }
        return this;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    @Override
    public String toString() {
        return String.format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                        width, height, width, height)
                + "<title>" + escaped(title) + "</title>\n" + STYLE
                + "<rect width=\"100%\" height=\"100%\" rx=\"8\" class=\"page\"/>\n" + body + "</svg>\n";
    }
}
