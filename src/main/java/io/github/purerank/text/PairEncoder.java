package io.github.purerank.text;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns pairs of texts into what a model takes, token for token as Hugging Face's tokenizers 0.23.2 does for a BERT.
 *
 * <p>A text goes this way: {@link AddedTokens} are cut out; what is left is normalised ({@link BertNormalizer}), split into
 * words ({@code WordSplitter}) and taken apart into pieces ({@link WordPiece}); the tokens of both texts are cut to a length
 * ({@link Truncation}) and put together ({@link PairTemplate}).
 *
 * <p>A lone surrogate, which is not a character and which the reference cannot be given, is treated as U+FFFD.
 *
 * <p>Immutable and thread-safe.
 */
public final class PairEncoder {
    private final Vocabulary vocabulary;
    private final AddedTokens addedTokens;
    private final Normalizers normalizers;
    private final WordPiece wordPiece;
    private final PairTemplate template;
    /** Null in an encoder of pairs. */
    private final PairTemplate singleTemplate;

    private final boolean truncatesLeft;
    private final boolean usesTokenTypes;

    /**
     * An encoder of these parts.
     *
     * @param addedTokens made with {@code normalizers} and {@code wordPiece}
     * @param template how two texts are put together
     * @param singleTemplate how a text alone is; null if that is not asked for
     * @param truncatesLeft whether texts that are too long lose their beginning, not their end
     * @param usesTokenTypes whether the model is given the token types; if not, all are 0
     */
    public PairEncoder(
            AddedTokens addedTokens,
            Normalizers normalizers,
            WordPiece wordPiece,
            PairTemplate template,
            PairTemplate singleTemplate,
            boolean truncatesLeft,
            boolean usesTokenTypes) {
        this.addedTokens = Objects.requireNonNull(addedTokens, "addedTokens");
        this.normalizers = Objects.requireNonNull(normalizers, "normalizers");
        this.wordPiece = Objects.requireNonNull(wordPiece, "wordPiece");
        this.template = Objects.requireNonNull(template, "template");
        this.singleTemplate = singleTemplate;
        this.truncatesLeft = truncatesLeft;
        this.usesTokenTypes = usesTokenTypes;
        this.vocabulary = vocabulary(wordPiece, addedTokens);
    }

    private static Vocabulary vocabulary(WordPiece wordPiece, AddedTokens added) {
        int size = 0;
        for (int id : wordPiece.ids().values()) {
            size = Math.max(size, id + 1);
        }
        List<Integer> addedIds = added.ids();
        for (int id : addedIds) {
            size = Math.max(size, id + 1);
        }
        String[] texts = new String[size];
        for (Map.Entry<String, Integer> entry : wordPiece.ids().entrySet()) {
            texts[entry.getValue()] = entry.getKey();
        }
        for (int i = 0; i < addedIds.size(); i++) {
            texts[addedIds.get(i)] = added.tokens().get(i).content();
        }
        return new Vocabulary(texts);
    }

    /** The tokens there are. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How many of a pair's tokens are special ones. */
    public int specialTokenCount() {
        return template.specialCount();
    }

    /** The largest token type that a pair's tokens can have; those of a text alone, in an encoder of texts. */
    public int largestTokenTypeId() {
        return usesTokenTypes ? (singleTemplate == null ? template : singleTemplate).largestTypeId() : 0;
    }

    /** The fewest tokens that a pair can be cut to: its special tokens. */
    public int pairSpecialCount() {
        return template.specialCount();
    }

    /**
     * The same of a text alone.
     *
     * @throws IllegalStateException if the encoder was made for pairs alone
     */
    public int textSpecialCount() {
        return singleTemplate().specialCount();
    }

    private PairTemplate singleTemplate() {
        if (singleTemplate == null) {
            throw new IllegalStateException("this encoder puts pairs of texts together, not texts alone");
        }
        return singleTemplate;
    }

    /**
     * A text alone, cut to a length.
     *
     * @param maxLength the most tokens, special tokens included
     * @throws IllegalArgumentException if {@code maxLength} is less than the special tokens need
     * @throws IllegalStateException if the encoder was made for pairs alone
     */
    public Encoding encode(String text, int maxLength) {
        int specialCount = textSpecialCount();
        if (maxLength < specialCount) {
            throw new IllegalArgumentException("a length of " + maxLength + " tokens: the " + specialCount
                    + " special tokens of a text need more");
        }
        Tokens tokens = tokenize(text, truncatesLeft ? Integer.MAX_VALUE : maxLength);
        Tokens kept = cut(tokens, Math.min(tokens.size(), maxLength - specialCount));
        return singleTemplate.apply(kept, kept.slice(0, 0), usesTokenTypes);
    }

    /**
     * A pair of texts, cut to a length.
     *
     * @param maxLength the most tokens, special tokens included
     * @throws IllegalArgumentException if {@code maxLength} is less than the special tokens need
     */
    public Encoding encode(String first, String second, int maxLength) {
        return assemble(tokenizeUpTo(first, maxLength), tokenizeUpTo(second, maxLength), maxLength);
    }

    /** As {@link #assemble(Tokens, Tokens, int, Truncation)} with {@link Truncation#LONGEST_FIRST}. */
    public Encoding assemble(Tokens first, Tokens second, int maxLength) {
        return assemble(first, second, maxLength, Truncation.LONGEST_FIRST);
    }

    /**
     * A pair of texts that have been tokenised before, cut to a length.
     *
     * <p>The reference does not refuse a length that the special tokens do not fit into: its count wraps round below zero, and
     * the pair comes out longer than was asked for. Here that is an error.
     *
     * @param maxLength the most tokens, special tokens included
     * @param truncation which text gives way
     * @throws IllegalArgumentException if {@code maxLength} is less than the special tokens need, or if {@code truncation}
     *     names one text and that is not longer than what is to go
     */
    public Encoding assemble(Tokens first, Tokens second, int maxLength, Truncation truncation) {
        int specialCount = template.specialCount();
        if (maxLength < specialCount) {
            throw new IllegalArgumentException("a length of " + maxLength + " tokens: the " + specialCount
                    + " special tokens of a pair need more");
        }
        Truncation.Lengths lengths = truncation.cut(
                first.countedUpTo(maxLength, truncatesLeft),
                second.countedUpTo(maxLength, truncatesLeft),
                maxLength - specialCount);
        return template.apply(cut(first, lengths.first()), cut(second, lengths.second()), usesTokenTypes);
    }

    /**
     * How many tokens of the second text there is room for beside the first, which gets half of the room at most if both are long.
     *
     * @param maxLength the most tokens, special tokens included
     */
    public int windowRoom(Tokens first, int maxLength) {
        int room = Math.max(0, maxLength - template.specialCount());
        return room - Math.min(first.size(), room / 2);
    }

    /**
     * A pair with a part of its second text that fits, as {@link #windowRoom} says. The first text is cut to what that leaves it.
     *
     * @param maxLength the most tokens, special tokens included
     */
    public Encoding assembleWindow(Tokens first, Tokens window, int maxLength) {
        int room = maxLength - template.specialCount();
        return template.apply(cut(first, Math.min(first.size(), room / 2)), window, usesTokenTypes);
    }

    private Tokens cut(Tokens tokens, int size) {
        int from = truncatesLeft ? tokens.size() - size : 0;
        return tokens.slice(from, from + size);
    }

    /** The tokens of one text, all of them. */
    public Tokens tokenize(String text) {
        return tokenize(text, Integer.MAX_VALUE);
    }

    /** The tokens of one text that can count in a pair of up to {@code maxLength} tokens; there may be some more. */
    public Tokens tokenizeUpTo(String text, int maxLength) {
        // A text that loses its beginning is needed to its end.
        return tokenize(text, truncatesLeft || maxLength < template.specialCount() ? Integer.MAX_VALUE : maxLength);
    }

    private Tokens tokenize(String text, int limit) {
        String whole = withoutLoneSurrogates(text);
        TokenBuffer tokens = new TokenBuffer(Math.min(text.length() / 4, limit) + 8);
        WordSplitter words = new WordSplitter(wordPiece, tokens, limit);
        addedTokens.splitRaw(
                whole,
                addedTokens.hasNormalized()
                        ? new NormalizedParts(whole, tokens, words)
                        : new RawParts(whole, tokens, words));
        return tokens.toTokens();
    }

    /** What stands between added tokens is normalised and split into words at once. */
    private final class RawParts implements AddedTokens.Parts {
        private final String text;
        private final TokenBuffer tokens;
        private final WordSplitter words;
        private final CodePointSink chain;

        RawParts(String text, TokenBuffer tokens, WordSplitter words) {
            this.text = text;
            this.tokens = tokens;
            this.words = words;
            chain = normalizers.before(words);
        }

        @Override
        public boolean text(int from, int to) {
            Normalizers.feed(text, from, to, chain, words);
            return !words.isFull();
        }

        @Override
        public void token(int index, int from, int to) {
            tokens.add(addedTokens.id(index), from, to, 0);
        }
    }

    /** What stands between added tokens is normalised, and searched for other added tokens before it is split into words. */
    private final class NormalizedParts implements AddedTokens.Parts {
        private final String text;
        private final TokenBuffer tokens;
        private final WordSplitter words;
        private final NormalizedText normalized;
        private final CodePointSink chain;

        private final AddedTokens.Parts inNormalized = new AddedTokens.Parts() {
            @Override
            public boolean text(int from, int to) {
                normalized.replay(from, to, words);
                return !words.isFull();
            }

            @Override
            public void token(int index, int from, int to) {
                tokens.add(addedTokens.id(index), normalized.start(from), normalized.end(to - 1), 0);
            }
        };

        NormalizedParts(String text, TokenBuffer tokens, WordSplitter words) {
            this.text = text;
            this.tokens = tokens;
            this.words = words;
            normalized = new NormalizedText(text.length());
            chain = normalizers.before(normalized);
        }

        @Override
        public boolean text(int from, int to) {
            normalized.clear();
            Normalizers.feed(text, from, to, chain, words);
            addedTokens.splitNormalized(normalized, inNormalized);
            return !words.isFull();
        }

        @Override
        public void token(int index, int from, int to) {
            tokens.add(addedTokens.id(index), from, to, 0);
        }
    }

    /** The text with U+FFFD for each lone surrogate; as long as before. */
    private static String withoutLoneSurrogates(String text) {
        char[] replaced = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    if (replaced == null) {
                        replaced = text.toCharArray();
                    }
                    replaced[i] = '\uFFFD';
                }
            }
        }
        return replaced == null ? text : String.valueOf(replaced);
    }
}
