package io.github.purerank.load;

import io.github.purerank.format.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A vocabulary as a text file: the token of each line has the line's number, from 0, as its id.
 *
 * <p>Follows {@code WordPiece::read_file} of tokenizers 0.23.2 (tokenizers/src/models/wordpiece/mod.rs): whitespace at the end
 * of a line does not count; of two equal lines the later one counts; an empty line is the token "", which no word becomes; a
 * byte order mark is part of the first token.
 */
final class VocabTxt {
    private VocabTxt() {}

    /**
     * Reads a vocabulary.
     *
     * @param file its name in messages
     */
    static Map<String, Integer> parse(byte[] utf8, String file) throws ModelFormatException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // Malformed bytes were replaced by U+FFFD, which encodes to other bytes.
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new ModelFormatException(file, "", "UTF-8 text", "other bytes");
        }
        Map<String, Integer> ids = new LinkedHashMap<>(text.length() / 4);
        int line = 0;
        for (int from = 0; from < text.length(); line++) {
            int newline = text.indexOf('\n', from);
            int next = newline < 0 ? text.length() : newline + 1;
            int end = newline < 0 ? text.length() : newline;
            while (end > from && isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            TokenizerLimits.checkToken(text, from, end, line, file);
            ids.put(text.substring(from, end), line);
            from = next;
        }
        return ids;
    }

    /** The Unicode property White_Space, which has not changed for twenty years; JDK methods leave some of it out. */
    private static boolean isWhitespace(char c) {
        return c <= ' '
                ? c == ' ' || c >= '\t' && c <= '\r'
                : c == '\u0085'
                        || c == '\u00A0'
                        || c == '\u1680'
                        || c >= '\u2000' && c <= '\u200A'
                        || c == '\u2028'
                        || c == '\u2029'
                        || c == '\u202F'
                        || c == '\u205F'
                        || c == '\u3000';
    }
}
