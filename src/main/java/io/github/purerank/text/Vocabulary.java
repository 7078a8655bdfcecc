package io.github.purerank.text;

import java.util.Objects;

/** The text of every token by its id, added tokens included. Immutable. */
public final class Vocabulary {
    /** Null where an id has no token. */
    private final String[] texts;

    /** Takes over the array: the text of every id, null where there is none. */
    Vocabulary(String[] texts) {
        this.texts = texts;
    }

    /** One more than the highest id. */
    public int size() {
        return texts.length;
    }

    /**
     * The text of a token, with the prefix of a piece that continues a word.
     *
     * @return null if no token has the id
     */
    public String token(int id) {
        return texts[Objects.checkIndex(id, texts.length)];
    }
}
