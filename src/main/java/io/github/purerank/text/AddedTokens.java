package io.github.purerank.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens that are looked for in a text before it is split into words.
 *
 * <p>Follows {@code AddedVocabulary} of tokenizers 0.23.2 (tokenizers/src/tokenizer/added_vocabulary.rs). Immutable.
 */
public final class AddedTokens {
    private final List<AddedToken> tokens = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final Map<String, Integer> idOf = new HashMap<>();
    /** The texts of tokens that were special when they were added, even if a later one of that text is not. */
    private final Set<String> specialContents = new HashSet<>();

    private final boolean splitSpecialTokens;
    private final TokenTrie raw = new TokenTrie();
    private final TokenTrie normalized = new TokenTrie();

    /**
     * Tokens in the order in which they are added.
     *
     * <p>One that the vocabulary has keeps its id there; others get the ids after it. Of two with the same id the later one
     * counts. Of two that are the same once they are normalised the first is found; the reference takes one at random, another
     * in each process.
     *
     * @param model whose vocabulary they are added to
     * @param normalizer what texts go through, and so the contents of tokens that are normalised
     * @param splitSpecialTokens whether special tokens that a text contains are text like any other
     * @throws IllegalArgumentException if a token that is normalised comes to nothing: the reference would find it between any
     *     two characters, and fail in the middle of one
     */
    public AddedTokens(
            Collection<AddedToken> added, WordPiece model, Normalizers normalizer, boolean splitSpecialTokens) {
        this.splitSpecialTokens = splitSpecialTokens;
        Map<Integer, Integer> placeOf = new HashMap<>();
        int highest = -1;
        for (AddedToken token : added) {
            if (token.content().isEmpty()) {
                continue;
            }
            if (token.special()) {
                specialContents.add(token.content());
            }
            Integer id = idOf.get(token.content());
            if (id == null) {
                id = model.ids().get(token.content());
                if (id == null) {
                    id = Math.max(highest + 1, model.size());
                }
                idOf.put(token.content(), id);
                highest = Math.max(highest, id);
            }
            Integer place = placeOf.get(id);
            if (place != null) {
                tokens.set(place, token);
            } else {
                placeOf.put(id, tokens.size());
                tokens.add(token);
                ids.add(id);
            }
        }
        for (int i = 0; i < tokens.size(); i++) {
            AddedToken token = tokens.get(i);
            String content = token.normalized() ? normalizer.normalize(token.content()) : token.content();
            if (content.isEmpty()) {
                throw new IllegalArgumentException("the added token \"" + token.content()
                        + "\" is to be found in normalised text, and the normaliser leaves nothing of it");
            }
            (token.normalized() ? normalized : raw).put(content, i);
        }
    }

    /** The tokens; none has the id of another. */
    public List<AddedToken> tokens() {
        return Collections.unmodifiableList(tokens);
    }

    /** Their ids, in the same order. */
    public List<Integer> ids() {
        return Collections.unmodifiableList(ids);
    }

    /**
     * The id of a token that was added, by its text; of two with the same id both have one.
     *
     * @return null if there is none
     */
    public Integer idOf(String content) {
        return idOf.get(content);
    }

    int id(int index) {
        return ids.get(index);
    }

    /** Whether any token is looked for in the normalised text. */
    boolean hasNormalized() {
        return !normalized.isEmpty();
    }

    /** What becomes of the parts of a text. */
    interface Parts {
        /**
         * A part without added tokens.
         *
         * @return whether to go on
         */
        boolean text(int from, int to);

        /** An added token, with the whitespace that it takes. */
        void token(int index, int from, int to);
    }

    /** Takes the text as it came apart. */
    void splitRaw(CharSequence text, Parts parts) {
        split(text, raw, parts);
    }

    /** Takes the normalised text apart. */
    void splitNormalized(CharSequence text, Parts parts) {
        split(text, normalized, parts);
    }

    /** {@code AddedVocabulary::find_matches}: leftmost, then longest; a match that does not count is passed over whole. */
    private void split(CharSequence text, TokenTrie trie, Parts parts) {
        int length = text.length();
        int done = 0;
        int spaceEnd = 0;
        TokenTrie.Match match = new TokenTrie.Match();
        for (int at = 0; at < length; ) {
            if (!trie.mayBegin(text.charAt(at))) {
                at++;
                continue;
            }
            trie.longestAt(text, at, match);
            if (match.value < 0) {
                at++;
                continue;
            }
            int start = at;
            int end = match.end;
            at = end;
            AddedToken token = tokens.get(match.value);
            if (splitSpecialTokens && specialContents.contains(token.content())
                    || token.singleWord() && (endsWithWord(text, start) || beginsWithWord(text, end))) {
                continue;
            }
            if (token.leftStrip()) {
                start = Math.max(beforeSpace(text, start, done), done);
            }
            if (token.rightStrip()) {
                // Tokens made of whitespace may ask again and again for the end of the same stretch.
                spaceEnd = end < spaceEnd ? spaceEnd : afterSpace(text, end);
                end = spaceEnd;
            }
            if (done < start && !parts.text(done, start)) {
                return;
            }
            if (start < end) {
                parts.token(match.value, start, end);
            }
            done = end;
        }
        if (done < length) {
            parts.text(done, length);
        }
    }

    private static boolean endsWithWord(CharSequence text, int end) {
        return end > 0 && UnicodeTables.INSTANCE.has(Character.codePointBefore(text, end), UnicodeTables.WORD);
    }

    private static boolean beginsWithWord(CharSequence text, int start) {
        return start < text.length()
                && UnicodeTables.INSTANCE.has(Character.codePointAt(text, start), UnicodeTables.WORD);
    }

    private static int beforeSpace(CharSequence text, int end, int limit) {
        int i = end;
        // All whitespace is in the basic plane.
        while (i > limit && UnicodeTables.INSTANCE.has(text.charAt(i - 1), UnicodeTables.WHITESPACE)) {
            i--;
        }
        return i;
    }

    private static int afterSpace(CharSequence text, int start) {
        int i = start;
        while (i < text.length() && UnicodeTables.INSTANCE.has(text.charAt(i), UnicodeTables.WHITESPACE)) {
            i++;
        }
        return i;
    }
}
