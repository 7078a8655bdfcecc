package io.github.purerank.format;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * A value of a JSON file that knows its place, so that whatever is wrong with it is reported with the file and a JSON pointer.
 *
 * <p>The text is strict JSON in UTF-8 (a byte order mark is passed over): one value, no key twice in an object, at most {@value
 * JsonText#MAX_DEPTH} levels deep, numbers of at most {@value JsonText#MAX_NUMBER_LENGTH} and keys of at most {@value
 * JsonText#MAX_NAME_LENGTH} characters. The memory taken is a small multiple of the text.
 *
 * <p>Immutable. The tree is our own, since loading the classes of a data-binding library takes longer than all the rest of
 * reading a configuration.
 */
public final class JsonValue {
    private final String file;
    private final JsonValue parent;
    private final String step;
    /** Map, List, String, Long, Double (all numbers that are no long), Boolean or null. */
    private final Object value;

    private JsonValue(String file, JsonValue parent, String step, Object value) {
        this.file = file;
        this.parent = parent;
        this.step = step;
        this.value = value;
    }

    /**
     * Reads a whole file.
     *
     * @param utf8 its bytes
     * @param file its name in messages
     * @throws ModelFormatException if it does not keep the rules above
     */
    public static JsonValue parse(byte[] utf8, String file) throws ModelFormatException {
        Objects.requireNonNull(file, "file");
        String text;
        try {
            text = JsonText.decode(utf8);
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(file, "", "UTF-8 text", "other bytes");
        }
        try (JsonParser parser = JsonText.parser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            if (parser.nextToken() == null) {
                throw new ModelFormatException(file, "", "JSON", "nothing");
            }
            JsonValue root = new JsonValue(file, null, "", null);
            Object tree = readTree(parser, root);
            if (parser.nextToken() != null) {
                throw new ModelFormatException(file, "", "one JSON value", "more after it");
            }
            return new JsonValue(file, null, "", tree);
        } catch (JacksonException e) {
            throw new ModelFormatException(file, "", "JSON", JsonText.describe(e, text));
        }
    }

    /** A text as JSON writes it, with its quotes. */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    /** The value of a key that must be there. */
    public JsonValue get(String key) throws ModelFormatException {
        JsonValue found = find(key).orElse(null);
        if (found == null) {
            throw new ModelFormatException(file, pointer(), "the key \"" + key + "\"", "none");
        }
        return found;
    }

    /** The value of a key, if it is there; null is a value. */
    public Optional<JsonValue> find(String key) throws ModelFormatException {
        Map<?, ?> map = map();
        return map.containsKey(key) ? Optional.of(child(key, map.get(key))) : Optional.empty();
    }

    /** The value of a key, if it is there and not null. */
    public Optional<JsonValue> findNonNull(String key) throws ModelFormatException {
        return find(key).filter(found -> !found.isNull());
    }

    /** The members of an object in the order of the file. */
    public Map<String, JsonValue> members() throws ModelFormatException {
        Map<?, ?> map = map();
        Map<String, JsonValue> members = new LinkedHashMap<>(2 * map.size());
        map.forEach((key, member) -> members.put((String) key, child((String) key, member)));
        return members;
    }

    /**
     * The members of an object that are all whole numbers within bounds, both included, in the order of the file: of a
     * vocabulary, for which {@link #members} would make tens of thousands of objects only to be asked once.
     */
    public Map<String, Integer> integers(int min, int max) throws ModelFormatException {
        Map<?, ?> map = map();
        Map<String, Integer> integers = new LinkedHashMap<>(2 * map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = (String) entry.getKey();
            if (entry.getValue() instanceof Long number && number >= min && number <= max) {
                integers.put(key, number.intValue());
            } else {
                child(key, entry.getValue()).integer(min, max);
            }
        }
        return integers;
    }

    /** Refuses an object that has a key other than these. */
    public void onlyKeys(String... known) throws ModelFormatException {
        Set<String> allowed = Set.of(known);
        for (Object key : map().keySet()) {
            if (!allowed.contains(key)) {
                String expected = known.length == 0 ? "no keys" : "only the keys " + String.join(", ", known);
                throw new ModelFormatException(file, pointer(), expected, "\"" + key + "\"");
            }
        }
    }

    /** The elements of a list. */
    public List<JsonValue> elements() throws ModelFormatException {
        if (!(value instanceof List<?> list)) {
            throw error("a list");
        }
        List<JsonValue> elements = new ArrayList<>(list.size());
        for (Object element : list) {
            elements.add(child(Integer.toString(elements.size()), element));
        }
        return elements;
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return value instanceof Map;
    }

    /** Whether this is a list. */
    public boolean isList() {
        return value instanceof List;
    }

    /** Whether this is a string. */
    public boolean isString() {
        return value instanceof String;
    }

    /** Whether this is a number that is written without a point or exponent. */
    public boolean isInteger() {
        return value instanceof Long;
    }

    /** Whether this is null. */
    public boolean isNull() {
        return value == null;
    }

    /** A string. */
    public String string() throws ModelFormatException {
        if (!(value instanceof String string)) {
            throw error("a string");
        }
        return string;
    }

    /** True or false. */
    public boolean bool() throws ModelFormatException {
        if (!(value instanceof Boolean bool)) {
            throw error("true or false");
        }
        return bool;
    }

    /** A whole number within bounds, both included. */
    public long integer(long min, long max) throws ModelFormatException {
        if (!(value instanceof Long number) || number < min || number > max) {
            throw error("a whole number from " + min + " to " + max);
        }
        return number;
    }

    /** A finite number, rounded to the nearest double. */
    public double number() throws ModelFormatException {
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw error("a number");
        }
        return number.doubleValue();
    }

    /** The name of the file in messages. */
    public String file() {
        return file;
    }

    /** The value's place in the file as a JSON pointer (RFC 6901). */
    public String pointer() {
        return parent == null
                ? ""
                : parent.pointer() + "/" + step.replace("~", "~0").replace("/", "~1");
    }

    /** The complaint that this value is not what was expected. */
    public ModelFormatException error(String expected) {
        return new ModelFormatException(file, pointer(), expected, describe());
    }

    private String describe() {
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    private Map<?, ?> map() throws ModelFormatException {
        if (!(value instanceof Map<?, ?> map)) {
            throw error("an object");
        }
        return map;
    }

    private JsonValue child(String childStep, Object child) {
        return new JsonValue(file, this, childStep, child);
    }

    /** The value of the current token; {@code place} is there to be named. Nesting is bounded by the parser. */
    private static Object readTree(JsonParser parser, JsonValue place) throws ModelFormatException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    if (map.containsKey(key)) {
                        throw new ModelFormatException(
                                place.file, place.pointer(), "each key once", "\"" + key + "\" twice");
                    }
                    parser.nextToken();
                    map.put(key, readMember(parser, place, key));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(readMember(parser, place, list.size()));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) parser.getDoubleValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("token " + parser.currentToken());
        };
    }

    private static Object readMember(JsonParser parser, JsonValue place, Object step) throws ModelFormatException {
        // A vocabulary has tens of thousands of plain members: only those with members of their own need a place.
        return readTree(parser, parser.currentToken().isStructStart() ? place.child(step.toString(), null) : place);
    }
}
