package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {
    private static JsonValue parse(String json) throws ModelFormatException {
        return JsonValue.parse(json.getBytes(StandardCharsets.UTF_8), "test.json");
    }

    private static ModelFormatException refused(Executable executable) {
        return assertThrows(ModelFormatException.class, executable);
    }

    @Test
    void everyKindOfValueIsRead() throws ModelFormatException {
        JsonValue json = parse("{\"s\": \"\\u00e9\\ud83d\\ude00\", \"i\": -3, \"n\": 1.5e3, \"t\": true, \"f\": false,"
                + " \"z\": null, \"l\": [1, [2]], \"o\": {\"a\": {}}, \"\": 0}");
        assertEquals("é😀", json.get("s").string());
        assertEquals(-3, json.get("i").integer(-3, -3));
        assertEquals(-3.0, json.get("i").number());
        assertEquals(1500.0, json.get("n").number());
        assertTrue(json.get("t").bool());
        assertFalse(json.get("f").bool());
        assertTrue(json.get("z").isNull());
        assertTrue(json.find("z").isPresent());
        assertTrue(json.findNonNull("z").isEmpty());
        assertTrue(json.find("none").isEmpty());
        assertEquals(2, json.get("l").elements().get(1).elements().get(0).integer(0, 9));
        assertTrue(json.get("o").get("a").isObject());
        assertTrue(json.get("l").isList());
        assertTrue(json.get("s").isString());
        assertEquals(
                List.of("s", "i", "n", "t", "f", "z", "l", "o", ""),
                List.copyOf(json.members().keySet()));
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() throws ModelFormatException {
        JsonValue json = parse("{\"a\": [{\"b/c~d\": \"x\"}, 5000000000]}");
        JsonValue x = json.get("a").elements().get(0).get("b/c~d");
        assertEquals("/a/0/b~1c~0d", x.pointer());
        ModelFormatException e = refused(() -> x.integer(0, 9));
        assertEquals("test.json", e.file());
        assertEquals("/a/0/b~1c~0d", e.location());
        assertEquals("a whole number from 0 to 9", e.expected());
        assertEquals("\"x\"", e.found());
        assertEquals(
                "/a/1",
                refused(() -> json.get("a").elements().get(1).integer(0, 9)).location());
        assertEquals("/a", refused(() -> json.get("a").get("b")).location());
        assertEquals(
                "/a/0", refused(() -> json.get("a").elements().get(0).get("z")).location());
        refused(json::string);
        refused(json::bool);
        refused(json::number);
        refused(json::elements);
        refused(() -> json.get("a").members());
        json.onlyKeys("a", "b");
        assertEquals("\"a\"", refused(() -> json.onlyKeys("b")).found());
        assertEquals("no keys", refused(json::onlyKeys).expected());
    }

    @ParameterizedTest
    @CsvSource({"1.0", "1e2", "9223372036854775808", "true", "null", "'\"1\"'", "[]", "-0.5", "1e400"})
    void onlyIntegersAreIntegers(String number) throws ModelFormatException {
        JsonValue value = parse("[" + number + "]").elements().get(0);
        refused(() -> value.integer(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void numbersAreTheNearestDouble() throws ModelFormatException {
        assertEquals(1e30, parse("1000000000000000019884624838656").number());
        assertEquals(1e-12, parse("1e-12").number());
        assertEquals(Double.MIN_VALUE, parse("4.9e-324").number());
        refused(() -> parse("1e400").number());
        assertEquals(Long.MIN_VALUE, parse("-9223372036854775808").integer(Long.MIN_VALUE, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "NaN",
                "Infinity",
                "-Infinity",
                "+1",
                "01",
                ".5",
                "1.",
                "1e",
                "0x10",
                "tru",
                "// c\n1",
                "/* c */1",
                "# c\n1",
                "1 2",
                "{}{}",
                "\"a",
                "\"\u0001\"",
                "\"\\x\"",
                "\"\\u12\"",
                "nul",
                "[1 2]",
                "{\"a\" 1}",
                "{1:1}",
                "]",
                "\u0000"
            })
    void textThatIsNoJsonIsRefused(String text) {
        assertEquals("", refused(() -> parse(text)).location());
    }

    @Test
    void aKeyTwiceIsRefusedWithItsPlace() {
        assertEquals("", refused(() -> parse("{\"a\":1,\"a\":1}")).location());
        ModelFormatException e = refused(() -> parse("{\"a\":[0,{\"b\":1,\"c\":2,\"\\u0062\":3}]}"));
        assertEquals("/a/1", e.location());
        assertEquals("\"b\" twice", e.found());
    }

    @Test
    void limitsHold() throws ModelFormatException {
        parse("[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH));
        refused(() -> parse("[".repeat(JsonText.MAX_DEPTH + 1) + "]".repeat(JsonText.MAX_DEPTH + 1)));
        refused(() -> parse("[".repeat(1_000_000)));
        refused(() -> parse("{\"a\":".repeat(1_000_000)));
        parse("9".repeat(JsonText.MAX_NUMBER_LENGTH));
        refused(() -> parse("9".repeat(JsonText.MAX_NUMBER_LENGTH + 1)));
        refused(() -> parse("1e999999999999999999999999999").number());
        parse("{\"" + "k".repeat(JsonText.MAX_NAME_LENGTH) + "\":1}");
        refused(() -> parse("{\"" + "k".repeat(JsonText.MAX_NAME_LENGTH + 1) + "\":1}"));
        assertEquals(
                5_000_000, parse("\"" + "s".repeat(5_000_000) + "\"").string().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1"})
    void otherEncodingsAreRefused(String encoding) {
        byte[] bytes = "{\"é\": 1}".getBytes(Charset.forName(encoding));
        refused(() -> JsonValue.parse(bytes, "test.json"));
        byte[] plain = "[1]".getBytes(Charset.forName(encoding));
        if (plain.length != 3) {
            refused(() -> JsonValue.parse(plain, "test.json"));
        }
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws ModelFormatException {
        assertEquals(1, parse("\ufeff1").integer(0, 9));
        refused(() -> parse("\ufeff\ufeff1"));
    }

    @Test
    void messagesAreSafeToPrintAndShort() throws ModelFormatException {
        JsonValue value = parse("{\"\\u001b[31m\\n\\u202e\": \"" + "x".repeat(10_000) + "\"}");
        ModelFormatException e = refused(() -> value.get("\u001b[31m\n\u202e").bool());
        assertTrue(e.getMessage().length() < 1000, e.getMessage());
        assertTrue(e.getMessage().contains("/\\u{1b}[31m\\u{a}\\u{202e}"), e.getMessage());
        assertEquals(10_002, e.found().length());
    }
}
