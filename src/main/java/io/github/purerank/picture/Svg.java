package io.github.purerank.picture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes an SVG document, element by element. Names of elements and attributes are the caller's; values and texts are escaped.
 * For one thread.
 *
 * <p>Colours are classes, so that they can follow the viewer's preference: {@code ink} and {@code faint} for lines, {@code text}
 * and {@code note} for texts, {@code first} and {@code second} for what is shown; {@code hatched} beside one of them fills with
 * stripes of the second. The two are told apart by those who confuse colours too (blue and vermilion, sky blue and orange of Okabe
 * and Ito), and differ in lightness from their background by 3:1 or more.
 */
final class Svg {
    private static final String STYLE = """
            .page{fill:#ffffff}.ink{stroke:#24292f}.faint{stroke:#d8dee4}.text{fill:#24292f}.note{fill:#57606a}\
            .first{fill:#0072b2;stroke:#0072b2}.second{fill:#d55e00;stroke:#d55e00}\
            @media(prefers-color-scheme:dark){.page{fill:#0d1117}.ink{stroke:#e6edf3}.faint{stroke:#30363d}.text{fill:#e6edf3}\
            .note{fill:#9da7b3}.first{fill:#56b4e9;stroke:#56b4e9}.second{fill:#e69f00;stroke:#e69f00}}\
            .hatched{fill:url(#purerank-hatch)}""";

    private final StringBuilder xml = new StringBuilder(1 << 14);
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins a document.
     *
     * @param title what it shows, in a line
     * @param description what is to be seen, for those who do not see it
     */
    Svg(int width, int height, String title, String description) {
        open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "width",
                width,
                "height",
                height,
                "role",
                "img",
                "aria-labelledby",
                "purerank-title purerank-description",
                "font-family",
                "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
                "font-size",
                13);
        element("title", title, "id", "purerank-title");
        element("desc", description, "id", "purerank-description");
        element("style", STYLE);
        open("defs");
        open("pattern", "id", "purerank-hatch", "width", 7, "height", 7, "patternUnits", "userSpaceOnUse");
        empty("path", "class", "second", "d", "M-1,1 l2,-2 M0,7 l7,-7 M6,8 l2,-2", "stroke-width", "1.6");
        close();
        close();
        empty("rect", "class", "page", "width", width, "height", height, "rx", 8);
    }

    /** Begins an element that others come into; attributes are names and values in turn. */
    Svg open(String name, Object... attributes) {
        begin(name, attributes);
        xml.append(">\n");
        open.push(name);
        return this;
    }

    /** Ends the element that was opened last. */
    Svg close() {
        String name = open.pop();
        indent();
        xml.append("</").append(name).append(">\n");
        return this;
    }

    /** An element with nothing in it. */
    Svg empty(String name, Object... attributes) {
        begin(name, attributes);
        xml.append("/>\n");
        return this;
    }

    /** An element with a text in it. */
    Svg element(String name, String text, Object... attributes) {
        begin(name, attributes);
        xml.append('>');
        escape(text);
        xml.append("</").append(name).append(">\n");
        return this;
    }

    /** A text at a place. */
    Svg text(String text, double x, double y, Object... attributes) {
        Object[] all = new Object[attributes.length + 4];
        all[0] = "x";
        all[1] = x;
        all[2] = "y";
        all[3] = y;
        System.arraycopy(attributes, 0, all, 4, attributes.length);
        return element("text", text, all);
    }

    /** A straight line. */
    Svg line(double x1, double y1, double x2, double y2, String style, Object... attributes) {
        Object[] all = new Object[attributes.length + 10];
        Object[] places = {"class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2};
        System.arraycopy(places, 0, all, 0, places.length);
        System.arraycopy(attributes, 0, all, places.length, attributes.length);
        return empty("line", all);
    }

    /** Ends the document; all elements but it are closed. */
    String finish() {
        close();
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return xml.toString();
    }

    /** A length, to a hundredth of a pixel. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private void begin(String name, Object... attributes) {
        indent();
        xml.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1] instanceof Double length ? number(length) : attributes[i + 1].toString());
            xml.append('"');
        }
    }

    private void indent() {
        xml.append("  ".repeat(open.size()));
    }

    /** Markup is escaped, and what XML cannot have at all (control characters, lone surrogates) becomes U+FFFD. */
    private void escape(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                default -> {
                    boolean allowed = c >= ' ' && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF
                            || c == '\t'
                            || c == '\n';
                    xml.appendCodePoint(allowed ? c : 0xFFFD);
                }
            }
        }
    }
}
