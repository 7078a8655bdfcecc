package io.github.purerank.fuzz;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import java.nio.charset.StandardCharsets;

/** The input is a JSON text. */
public final class JsonFuzz {
    private JsonFuzz() {}

    /** Either what is wrong is named, or the value can be written as JSON and read again as the same. */
    public static void fuzzerTestOneInput(byte[] input) throws ModelFormatException {
        JsonValue value;
        try {
            value = JsonValue.parse(input, "fuzz.json");
        } catch (ModelFormatException e) {
            Refusals.check(e);
            return;
        }
        String written = write(value);
        String again = write(JsonValue.parse(written.getBytes(StandardCharsets.UTF_8), "again.json"));
        if (!written.equals(again)) {
            throw new AssertionError(written + " became " + again);
        }
    }

    private static String write(JsonValue value) throws ModelFormatException {
        StringBuilder json = new StringBuilder();
        if (value.isObject()) {
            value.members().forEach((key, member) -> {
                try {
                    json.append(json.isEmpty() ? "{" : ",")
                            .append(quote(key))
                            .append(':')
                            .append(write(member));
                } catch (ModelFormatException e) {
                    throw new AssertionError(e);
                }
            });
            return json.append(json.isEmpty() ? "{}" : "}").toString();
        }
        if (value.isList()) {
            for (JsonValue element : value.elements()) {
                json.append(json.isEmpty() ? "[" : ",").append(write(element));
            }
            return json.append(json.isEmpty() ? "[]" : "]").toString();
        }
        if (value.isString()) {
            return quote(value.string());
        }
        return value.isNull() ? "null" : scalar(value);
    }

    /** A number, or true or false: asked for in turn, as a loader would. */
    private static String scalar(JsonValue value) {
        try {
            return Boolean.toString(value.bool());
        } catch (ModelFormatException notBoolean) {
            Refusals.check(notBoolean);
        }
        try {
            return Long.toString(value.integer(Long.MIN_VALUE, Long.MAX_VALUE));
        } catch (ModelFormatException notInteger) {
            Refusals.check(notInteger);
        }
        try {
            return Double.toString(value.number());
        } catch (ModelFormatException notFinite) {
            Refusals.check(notFinite);
            return "1e999";
        }
    }

    static String quote(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars()
                .forEach(c -> json.append(
                        c < 0x80 && Character.isLetterOrDigit(c)
                                ? String.valueOf((char) c)
                                : String.format("\\u%04x", c)));
        return json.append('"').toString();
    }
}
