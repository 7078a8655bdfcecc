package io.github.purerank.text;

import java.util.Arrays;

/**
 * Splits normalised text into words, at whitespace and round each punctuation mark, and has each word taken apart at once: so
 * only one word is held, and of a word that is too long only its beginning.
 *
 * <p>Follows {@code BertPreTokenizer} of tokenizers 0.23.2 (tokenizers/src/pre_tokenizers/bert.rs). Not thread-safe.
 */
final class WordSplitter implements CodePointSink {
    private static final int ENDS_WORD = UnicodeTables.WHITESPACE | UnicodeTables.PUNCTUATION;

    private final UnicodeTables tables = UnicodeTables.INSTANCE;
    private final WordPiece model;
    private final int maxWordLength;
    private final TokenBuffer tokens;

    private char[] word = new char[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] hashes = new int[64];
    /** Of the word: its code points, and the UTF-16 units of those that are held. */
    private int codePoints;

    private int length;
    private int wordEnd;

    private final int limit;
    private boolean full;

    /**
     * A splitter.
     *
     * @param limit after the word that brings the tokens to this number or beyond, everything is passed over
     */
    WordSplitter(WordPiece model, TokenBuffer tokens, int limit) {
        this.limit = limit;
        this.model = model;
        this.maxWordLength = model.maxWordLength();
        this.tokens = tokens;
    }

    /** Whether everything is passed over from now on. */
    boolean isFull() {
        return full;
    }

    @Override
    public void accept(int codePoint, int start, int end) {
        int properties = tables.properties(codePoint);
        if ((properties & ENDS_WORD) == 0) {
            append(codePoint, start, end);
            return;
        }
        finish();
        if ((properties & UnicodeTables.WHITESPACE) == 0) {
            append(codePoint, start, end);
            finish();
        }
    }

    private void append(int codePoint, int start, int end) {
        wordEnd = end;
        if (codePoints++ >= maxWordLength) {
            if (length == 0) {
                starts[0] = start;
                length = 1;
            }
            return;
        }
        if (length + 2 > word.length) {
            int capacity = 2 * word.length;
            word = Arrays.copyOf(word, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            hashes = new int[capacity];
        }
        if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            word[length] = (char) codePoint;
        } else {
            word[length] = Character.highSurrogate(codePoint);
            starts[length] = start;
            ends[length++] = end;
            word[length] = Character.lowSurrogate(codePoint);
        }
        starts[length] = start;
        ends[length++] = end;
    }

    /** The word has ended. */
    @Override
    public void finish() {
        if (codePoints > 0 && !full) {
            endWord();
        }
        codePoints = 0;
        length = 0;
    }

    private void endWord() {
        if (codePoints > maxWordLength) {
            tokens.add(model.unknownId(), starts[0], wordEnd, Tokens.WORD_START | Tokens.WORD_END);
        } else {
            model.tokenize(word, starts, ends, length, hashes, tokens);
        }
        full = tokens.size() >= limit;
    }
}
