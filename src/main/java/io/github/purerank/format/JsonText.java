package io.github.purerank.format;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** How JSON text is taken apart into tokens: strict UTF-8, strict JSON, bounded nesting. */
final class JsonText {
    /** Deepest nesting of objects and lists. tokenizer.json, the deepest of the model files, has 7. */
    static final int MAX_DEPTH = 64;

    /** Longest number in characters: more than any double needs, short enough that none is slow to convert. */
    static final int MAX_NUMBER_LENGTH = 100;

    /** Longest key in characters: a vocabulary's longest piece or a tensor's name is far shorter. */
    static final int MAX_NAME_LENGTH = 10_000;

    // A table of known names pays off for many small texts; a vocabulary of 30,000 names would only fill it.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private JsonText() {}

    /**
     * The text of UTF-8 bytes, which must be well formed. The parser is given text, never bytes: given bytes it would guess
     * the encoding and take UTF-16 as well.
     */
    static String decode(byte[] utf8) throws CharacterCodingException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // Malformed bytes were replaced by U+FFFD, which encodes to other bytes.
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new CharacterCodingException();
        }
        return text;
    }

    static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /**
     * The parser's complaint in one line, with its place.
     *
     * @param text what was parsed: of a single line, which may be one of a file's, the column alone is told
     */
    static String describe(JacksonException e, String text) {
        TokenStreamLocation place = e.getLocation();
        String message = e.getOriginalMessage();
        return place == null
                ? message
                : message + " (" + (text.indexOf('\n') < 0 ? "" : "line " + place.getLineNr() + ", ") + "column "
                        + place.getColumnNr() + ")";
    }
}
