package io.github.purerank.cli;

import io.github.purerank.format.JsonValue;
import java.util.List;

/** Texts as the output formats need them. */
final class Texts {
    private Texts() {}

    /** So many things: "1 pair", "2 pairs". */
    static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

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

    /** A row of TSV: tabs and line breaks in a column become spaces, since TSV has no way to write them. */
    static String tsv(List<String> columns) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            row.append(i == 0 ? "" : "\t")
                    .append(columns.get(i).replace('\t', ' ').replace('\n', ' ').replace('\r', ' '));
        }
        return row.toString();
    }

    /** A row of CSV (RFC 4180): a column stands in quotes if it would otherwise be read as something else. */
    static String csv(List<String> columns) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            row.append(i == 0 ? "" : ",")
                    .append(needsQuotes(column) ? '"' + column.replace("\"", "\"\"") + '"' : column);
        }
        return row.toString();
    }

    private static boolean needsQuotes(String column) {
        for (int i = 0; i < column.length(); i++) {
            char c = column.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r' || i == 0 && (c <= ' ' || c == '\uFEFF')) {
                return true;
            }
        }
        return false;
    }

    /** A JSON string, with its quotes. */
    static String json(String text) {
        return JsonValue.quoted(text);
    }

    /** Numbers with spaces between. */
    static String spaced(int[] numbers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < numbers.length; i++) {
            text.append(i == 0 ? "" : " ").append(numbers[i]);
        }
        return text.toString();
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
