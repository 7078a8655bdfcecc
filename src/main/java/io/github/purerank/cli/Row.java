package io.github.purerank.cli;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a row of input holds, by name. */
sealed interface Row {
    /** The file and the line. */
    String place();

    /**
     * A text.
     *
     * @param names what it may be called; the first that is there counts
     */
    String text(String... names) throws ModelFormatException;

    /** A whole number above 0; 0 if it is not there, or empty. */
    int positive(String name) throws ModelFormatException;

    /**
     * A number.
     *
     * @param value finite
     * @param isInteger whether it is written without a point or exponent
     */
    record Number(double value, boolean isInteger) {}

    /** A number that must be there. */
    Number number(String name) throws ModelFormatException;

    /** A JSON object. */
    record Members(String place, JsonValue object) implements Row {
        @Override
        public String text(String... names) throws ModelFormatException {
            for (String name : names) {
                Optional<JsonValue> text = object.find(name);
                if (text.isPresent()) {
                    return text.get().string();
                }
            }
            return object.get(names[names.length - 1]).string();
        }

        @Override
        public int positive(String name) throws ModelFormatException {
            Optional<JsonValue> number = object.findNonNull(name);
            return number.isPresent() ? (int) number.get().integer(1, Integer.MAX_VALUE) : 0;
        }

        @Override
        public Number number(String name) throws ModelFormatException {
            JsonValue number = object.get(name);
            return new Number(number.number(), number.isInteger());
        }
    }

    /**
     * Columns.
     *
     * @param positions where the column of a name is; one of any text's names is in it
     * @param columns as many as the file has
     */
    record Columns(String place, Map<String, Integer> positions, List<String> columns) implements Row {
        @Override
        public String text(String... names) {
            for (String name : names) {
                Integer position = positions.get(name);
                if (position != null) {
                    return columns.get(position);
                }
            }
            throw new IllegalArgumentException("no column " + String.join(" or ", names));
        }

        @Override
        public int positive(String name) throws ModelFormatException {
            Integer position = positions.get(name);
            String number = position == null ? "" : columns.get(position).strip();
            if (number.isEmpty()) {
                return 0;
            }
            try {
                int value = Integer.parseInt(number);
                if (value > 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Refused below.
            }
            throw new ModelFormatException(
                    place, name, "a whole number from 1 to " + Integer.MAX_VALUE, '"' + number + '"');
        }

        @Override
        public Number number(String name) throws ModelFormatException {
            String column = columns.get(positions.get(name)).strip();
            // What Java takes for a number beyond JSON's is none: NaN, hexadecimal digits, a letter for the type.
            try {
                JsonValue number = JsonValue.parse(column.getBytes(StandardCharsets.UTF_8), place);
                return new Number(number.number(), number.isInteger());
            } catch (ModelFormatException e) {
                throw new ModelFormatException(place, name, "a number", '"' + column + '"');
            }
        }
    }
}
