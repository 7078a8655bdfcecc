package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;

/** What a tokenizer's files may ask for, at most. */
final class TokenizerLimits {
    /** Longest file: tokenizer.json of a multilingual BERT, 120,000 tokens, has 2 MB. */
    static final int MAX_BYTES = 64 << 20;

    /** Most tokens: the largest BERT vocabularies have some 500,000. */
    static final int MAX_TOKENS = 2_000_000;

    /** Longest token in UTF-16 units: a look-up in a word may take steps in proportion to it. */
    static final int MAX_TOKEN_LENGTH = 1_000;

    /** Most added tokens: an unused block has a thousand, and each is an object of its own. */
    static final int MAX_ADDED_TOKENS = 100_000;

    /** Longest word that is looked up, in code points: BERT has 100. */
    static final int MAX_WORD_LENGTH = 10_000;

    private TokenizerLimits() {}

    static void checkToken(String text, int from, int to, int line, String file) throws ModelFormatException {
        if (line >= MAX_TOKENS) {
            throw new ModelFormatException(file, "", "at most " + MAX_TOKENS + " lines", "more");
        }
        if (to - from > MAX_TOKEN_LENGTH) {
            throw new ModelFormatException(
                    file,
                    "line " + (line + 1),
                    "a token of at most " + MAX_TOKEN_LENGTH + " characters",
                    (to - from) + " characters");
        }
    }

    /** A text that may become a token. */
    static String token(JsonValue value) throws ModelFormatException {
        String text = value.string();
        checkToken(text, value);
        return text;
    }

    static void checkToken(String text, JsonValue place) throws ModelFormatException {
        if (text.length() > MAX_TOKEN_LENGTH) {
            throw new ModelFormatException(
                    place.file(),
                    place.pointer(),
                    "a token of at most " + MAX_TOKEN_LENGTH + " characters",
                    text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new ModelFormatException(
                            place.file(),
                            place.pointer(),
                            "Unicode text",
                            "half of a surrogate pair in \"" + text + "\"");
                }
                i++;
            }
        }
    }
}
