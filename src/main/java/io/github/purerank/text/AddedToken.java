package io.github.purerank.text;

import java.util.Objects;

/**
 * A token that is looked for in the text itself, before words are, such as {@code [SEP]}.
 *
 * @param content its text
 * @param singleWord whether it counts only where no letter, digit, mark or underscore stands next to it
 * @param leftStrip whether it takes the whitespace before it
 * @param rightStrip whether it takes the whitespace after it
 * @param normalized whether it is looked for in the normalised text, itself normalised, instead of in the text as it came
 * @param special whether it belongs to the model rather than to the language
 */
public record AddedToken(
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {
    /** Checks that there is a text. */
    public AddedToken {
        Objects.requireNonNull(content, "content");
    }

    /** A special token as a BERT has them: found anywhere, exactly as it is written. */
    public static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }
}
