package io.github.purerank.text;

import java.util.ArrayList;
import java.util.List;

/**
 * How the tokens of two texts, or of one alone, and special tokens make one sequence. A BERT has {@code [CLS] first [SEP] second
 * [SEP]} with the types 0 0 0 1 1, and {@code [CLS] text [SEP]}.
 *
 * <p>Follows {@code TemplateProcessing} of tokenizers 0.23.2 (tokenizers/src/processors/template.rs). Immutable.
 */
public final class PairTemplate {
    private static final int SPECIAL = -1;

    /**
     * A part of the template: a text's tokens or a special token.
     *
     * @param text 0 for the first text, 1 for the second, -1 for a special token
     * @param id of the special token
     * @param typeId the token type of all that the part stands for
     */
    private record Part(int text, int id, int typeId) {}

    private final Part[] parts;
    private final int specialCount;

    private PairTemplate(List<Part> parts, int specialCount) {
        this.parts = parts.toArray(Part[]::new);
        this.specialCount = specialCount;
    }

    /** The template of BERT. */
    public static PairTemplate bert(int cls, int sep) {
        return new Builder()
                .special(cls, 0)
                .text(0, 0)
                .special(sep, 0)
                .text(1, 1)
                .special(sep, 1)
                .build();
    }

    /** The template of BERT for one text. */
    public static PairTemplate bertSingle(int cls, int sep) {
        return new Builder().special(cls, 0).text(0, 0).special(sep, 0).buildSingle();
    }

    /** How many special tokens the template has. */
    public int specialCount() {
        return specialCount;
    }

    /** The ids of the special tokens, in order. */
    public int[] specialIds() {
        int[] ids = new int[specialCount];
        int i = 0;
        for (Part part : parts) {
            if (part.text == SPECIAL) {
                ids[i++] = part.id;
            }
        }
        return ids;
    }

    /** The largest token type there is in the template. */
    int largestTypeId() {
        int largest = 0;
        for (Part part : parts) {
            largest = Math.max(largest, part.typeId);
        }
        return largest;
    }

    /**
     * The sequence.
     *
     * @param useTypes false to give all tokens the type 0
     */
    Encoding apply(Tokens first, Tokens second, boolean useTypes) {
        int size = first.size() + second.size() + specialCount;
        int[] ids = new int[size];
        int[] types = new int[size];
        int[] starts = new int[size];
        int[] ends = new int[size];
        byte[] texts = new byte[size];
        int at = 0;
        for (Part part : parts) {
            int count = 1;
            if (part.text == SPECIAL) {
                ids[at] = part.id;
            } else {
                Tokens tokens = part.text == 0 ? first : second;
                tokens.copyTo(ids, starts, ends, at);
                count = tokens.size();
            }
            for (int end = at + count; at < end; at++) {
                types[at] = useTypes ? part.typeId : 0;
                texts[at] = (byte) part.text;
            }
        }
        return new Encoding(ids, types, starts, ends, texts);
    }

    /** Puts a template together, part by part. */
    public static final class Builder {
        private final List<Part> parts = new ArrayList<>();
        private final int[] uses = new int[2];
        private int specialCount;

        /** Adds a special token. */
        public Builder special(int id, int typeId) {
            parts.add(new Part(SPECIAL, id, typeId));
            specialCount++;
            return this;
        }

        /**
         * Adds the tokens of a text.
         *
         * @param text 0 for the first, 1 for the second
         */
        public Builder text(int text, int typeId) {
            uses[text]++;
            parts.add(new Part(text, 0, typeId));
            return this;
        }

        /**
         * The template.
         *
         * @throws IllegalArgumentException unless each text is in it once
         */
        public PairTemplate build() {
            if (uses[0] != 1 || uses[1] != 1) {
                throw new IllegalArgumentException(
                        "the template has the first text " + uses[0] + " times and the second " + uses[1] + " times");
            }
            return new PairTemplate(parts, specialCount);
        }

        /**
         * The template of one text.
         *
         * @throws IllegalArgumentException unless the first text is in it once, and the second is not
         */
        public PairTemplate buildSingle() {
            if (uses[0] != 1 || uses[1] != 0) {
                throw new IllegalArgumentException(
                        "the template has the text " + uses[0] + " times and a second one " + uses[1] + " times");
            }
            return new PairTemplate(parts, specialCount);
        }
    }
}
