package io.github.purerank.text;

import java.util.Map;
import java.util.Objects;

/**
 * Takes words apart into the pieces of a vocabulary: always the longest piece that the rest of the word begins with. A word
 * that cannot be taken apart to its end is one unknown token, and so is one that is too long.
 *
 * <p>Follows {@code WordPiece::tokenize} of tokenizers 0.23.2 (tokenizers/src/models/wordpiece/mod.rs). Immutable.
 */
public final class WordPiece {
    private final PieceTable pieces;
    private final Map<String, Integer> ids;
    private final String unknownToken;
    private final int unknownId;
    private final char[] continuingPrefix;
    private final int continuingHash;
    private final int maxWordLength;

    /**
     * A model.
     *
     * @param ids the vocabulary; it is kept, not copied
     * @param unknownToken what a word becomes that is not made of the vocabulary; one of its texts
     * @param continuingPrefix what a piece has before it that does not begin a word
     * @param maxWordLength a word of more code points is unknown
     * @throws IllegalArgumentException if the unknown token is not in the vocabulary, or the vocabulary was made to be slow
     */
    public WordPiece(Map<String, Integer> ids, String unknownToken, String continuingPrefix, int maxWordLength) {
        this.ids = Objects.requireNonNull(ids, "ids");
        this.unknownToken = Objects.requireNonNull(unknownToken, "unknownToken");
        Integer unknown = ids.get(unknownToken);
        if (unknown == null) {
            throw new IllegalArgumentException("the unknown token " + unknownToken + " is not in the vocabulary");
        }
        unknownId = unknown;
        this.continuingPrefix = continuingPrefix.toCharArray();
        this.maxWordLength = maxWordLength;
        int hash = PieceTable.EMPTY_HASH;
        for (char c : this.continuingPrefix) {
            hash = PieceTable.hash(hash, c);
        }
        continuingHash = hash;

        int charCount = 0;
        for (String text : ids.keySet()) {
            charCount += text.length();
        }
        pieces = new PieceTable(ids.size(), charCount);
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            if (!pieces.put(entry.getKey(), entry.getValue())) {
                throw new IllegalArgumentException("the texts of the vocabulary collide in a hash table");
            }
        }
    }

    /** How many texts the vocabulary has. */
    int size() {
        return ids.size();
    }

    /** The texts and their ids. */
    Map<String, Integer> ids() {
        return ids;
    }

    /** What begins a piece that continues a word. */
    public String continuingPrefix() {
        return new String(continuingPrefix);
    }

    /** What a word becomes that is not made of the vocabulary. */
    public String unknownToken() {
        return unknownToken;
    }

    /** The most code points of a word. */
    int maxWordLength() {
        return maxWordLength;
    }

    /** The unknown token's id. */
    int unknownId() {
        return unknownId;
    }

    /**
     * Adds the tokens of one word. Plainly: of the rest of the word look up all of it, then all but its last character, and so on,
     * until something is found; go on behind that. The hashes of all beginnings are made in one pass, so that each of these
     * look-ups costs no more than a glance.
     *
     * @param word its UTF-16 units, and with each the range of the original text that it came from
     * @param hashes room for as many numbers as the word has units
     */
    void tokenize(char[] word, int[] starts, int[] ends, int length, int[] hashes, TokenBuffer into) {
        int before = into.size();
        int longest = pieces.longest();
        for (int from = 0; from < length; ) {
            char[] prefix = from == 0 ? NO_PREFIX : continuingPrefix;
            int last = Math.min(length, from + Math.max(longest - prefix.length, 0));
            int hash = from == 0 ? PieceTable.EMPTY_HASH : continuingHash;
            for (int i = from; i < last; i++) {
                hash = PieceTable.hash(hash, word[i]);
                hashes[i] = hash;
            }
            int to = last;
            int id = -1;
            while (to > from && (id = pieces.find(prefix, word, from, to, hashes[to - 1])) < 0) {
                to--;
            }
            if (id < 0) {
                into.truncate(before);
                into.add(unknownId, starts[0], ends[length - 1], Tokens.WORD_START | Tokens.WORD_END);
                return;
            }
            int place = (from == 0 ? Tokens.WORD_START : 0) | (to == length ? Tokens.WORD_END : 0);
            into.add(id, starts[from], ends[to - 1], place);
            from = to;
        }
    }

    private static final char[] NO_PREFIX = {};
}
