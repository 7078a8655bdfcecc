package io.github.purerank.cli;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word in a text, as people see words: a run of letters and digits, an ideograph, or a symbol; no spaces and no punctuation.
 *
 * @param start where it begins, in UTF-16 units
 * @param end where it ends
 */
record Word(int start, int end) {
    /** The words of a text, in their order. */
    static List<Word> of(String text) {
        List<Word> words = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
        breaks.setText(text);
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            add(text, from, to, words);
        }
        return words;
    }

    /** Adds what stands between two breaks; of ideographs, which have no spaces between words, each by itself. */
    private static void add(String text, int from, int to, List<Word> words) {
        int start = from;
        boolean counts = false;
        for (int i = from; i < to; ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (Character.isIdeographic(c)) {
                if (counts) {
                    words.add(new Word(start, i));
                }
                words.add(new Word(i, next));
                start = next;
                counts = false;
            } else {
                counts |= isWordCharacter(c);
            }
            i = next;
        }
        if (counts) {
            words.add(new Word(start, to));
        }
    }

    private static boolean isWordCharacter(int c) {
        return switch (Character.getType(c)) {
            case Character.OTHER_SYMBOL,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> true;
            default -> Character.isLetterOrDigit(c);
        };
    }

    /** The text without the word. */
    String leftOut(String text) {
        return text.substring(0, start) + text.substring(end);
    }

    /** Whether a range of the same text has a character in common with the word. */
    boolean overlaps(int from, int to) {
        return from < end && start < to;
    }
}
