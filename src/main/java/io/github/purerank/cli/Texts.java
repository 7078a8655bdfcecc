package io.github.purerank.cli;

import tools.jackson.core.io.JsonStringEncoder;

/** Texts as the output formats need them. */
final class Texts {
    private Texts() {}

    /** One line of at most {@code width} characters; what is cut off shows as an ellipsis. */
    static String clipped(String text, int width) {
        StringBuilder clipped = new StringBuilder(width);
        int characters = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (++characters == width && i < text.length()) {
                return clipped.append('…').toString();
            }
            clipped.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
        }
        return clipped.toString();
    }

    /** All of a text, fit for a terminal: spaces for control characters, line ends among them. */
    static String oneLine(String text) {
        return clipped(text, text.length());
    }

    /** Padded with spaces on the right. */
    static String padded(String text, int width) {
        int characters = text.codePointCount(0, text.length());
        return characters >= width ? text : text + " ".repeat(width - characters);
    }

    /** Padded with spaces on the left. */
    static String paddedLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** A column of a TSV row. */
    static String tsv(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    /** A JSON string, with its quotes. */
    static String json(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    /** Numbers as a JSON list. */
    static String json(int[] numbers) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < numbers.length; i++) {
            json.append(i == 0 ? "" : ", ").append(numbers[i]);
        }
        return json.append(']').toString();
    }

    /** Scores as JSON: a number, or a list where a model has several labels. */
    static String json(float[] scores) {
        if (scores.length == 1) {
            return Numbers.full(scores[0]);
        }
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < scores.length; i++) {
            json.append(i == 0 ? "" : ", ").append(Numbers.full(scores[i]));
        }
        return json.append(']').toString();
    }
}
