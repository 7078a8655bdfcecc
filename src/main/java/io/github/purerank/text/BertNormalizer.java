package io.github.purerank.text;

import java.util.Arrays;

/**
 * How BERT evens out a text before it is split into words: each step that is on, in the order of the components.
 *
 * <p>Follows {@code BertNormalizer} of tokenizers 0.23.2 (tokenizers/src/normalizers/bert.rs), the origins of the code points
 * included ({@code NormalizedString::transform}, tokenizer/normalizer.rs).
 *
 * @param cleanText control characters, U+0000 and U+FFFD are removed, whitespace becomes a space
 * @param handleChineseChars CJK ideographs get spaces round them
 * @param stripAccents the text is decomposed (NFD) and nonspacing marks are removed
 * @param lowercase each code point by itself becomes lower case, whatever stands next to it
 */
public record BertNormalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase) {

    /** A stage that passes the normalised text on to {@code next}. Not thread-safe: for one text at a time. */
    CodePointSink before(CodePointSink next) {
        return new Stage(next);
    }

    private final class Stage implements CodePointSink {
        private final UnicodeTables tables = UnicodeTables.INSTANCE;
        private final CodePointSink next;
        private final int[] mapped = new int[UnicodeTables.MAX_MAPPING];
        private final int[] lowered = new int[UnicodeTables.MAX_MAPPING];

        /** What is to be looked at in a code point: nothing else in it changes the text. */
        private final int interesting = (cleanText ? UnicodeTables.REMOVED | UnicodeTables.SPACED : 0)
                | (handleChineseChars ? UnicodeTables.IDEOGRAPH : 0)
                | (stripAccents ? UnicodeTables.DECOMPOSES | UnicodeTables.MARK | UnicodeTables.STAYING_NONSTARTER : 0)
                | (lowercase ? UnicodeTables.LOWERED : 0);

        private final Nonstarters pending = new Nonstarters();

        Stage(CodePointSink next) {
            this.next = next;
        }

        @Override
        public void accept(int codePoint, int start, int end) {
            int properties = tables.properties(codePoint) & interesting;
            if (properties == 0) {
                starter(codePoint, start, end);
            } else if ((properties & UnicodeTables.REMOVED) != 0) {
                return;
            } else if ((properties & UnicodeTables.SPACED) != 0) {
                starter(' ', start, end);
            } else if ((properties & UnicodeTables.IDEOGRAPH) != 0) {
                starter(' ', start, end);
                decompose(codePoint, properties, start, end);
                starter(' ', start, end);
            } else {
                decompose(codePoint, properties, start, end);
            }
        }

        private void decompose(int codePoint, int properties, int start, int end) {
            if ((properties & UnicodeTables.DECOMPOSES) != 0) {
                int length = tables.decompose(codePoint, mapped);
                for (int i = 0; i < length; i++) {
                    part(mapped[i], tables.properties(mapped[i]) & interesting, i == 0, start, end);
                }
            } else {
                part(codePoint, properties, true, start, end);
            }
        }

        private void part(int codePoint, int properties, boolean first, int start, int end) {
            if ((properties & (UnicodeTables.MARK | UnicodeTables.STAYING_NONSTARTER)) == 0) {
                flush();
                lower(codePoint, properties, start, end);
            } else {
                pending.add(codePoint, (properties & UnicodeTables.STAYING_NONSTARTER) != 0, first, start, end);
            }
        }

        private void starter(int codePoint, int start, int end) {
            flush();
            lower(codePoint, tables.properties(codePoint) & interesting, start, end);
        }

        private void lower(int codePoint, int properties, int start, int end) {
            if ((properties & UnicodeTables.LOWERED) == 0) {
                next.accept(codePoint, start, end);
            } else {
                int length = tables.toLowerCase(codePoint, lowered);
                for (int i = 0; i < length; i++) {
                    next.accept(lowered[i], start, end);
                }
            }
        }

        private void flush() {
            if (pending.size > 0) {
                pending.flush(this);
            }
        }

        @Override
        public void finish() {
            flush();
            next.finish();
        }
    }

    /**
     * Marks that wait for the next starter. NFD puts them in the order of their combining classes; it is seen only where one of
     * them stays, since then the origins are given out anew: those of the characters before go to the marks after by place.
     */
    private static final class Nonstarters {
        private static final int FIRST = 1 << 30;
        private static final int STAYING = 1 << 29;
        private static final int CODE_POINT = (1 << 21) - 1;

        private int size;
        private boolean staying;
        /** Each a code point, with FIRST if it is the first of its origin and STAYING if it is not removed. */
        private int[] marks = new int[8];

        private int originCount;
        private int[] starts = new int[8];
        private int[] ends = new int[8];
        /** The origin of the starter, for marks that it was decomposed into. */
        private int starterStart;

        private int starterEnd;

        void add(int codePoint, boolean stays, boolean first, int start, int end) {
            if (first) {
                if (originCount == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * originCount);
                    ends = Arrays.copyOf(ends, 2 * originCount);
                }
                starts[originCount] = start;
                ends[originCount++] = end;
            } else if (size == 0) {
                starterStart = start;
                starterEnd = end;
            }
            if (size == marks.length) {
                marks = Arrays.copyOf(marks, 2 * size);
            }
            marks[size++] = codePoint | (first ? FIRST : 0) | (stays ? STAYING : 0);
            staying |= stays;
        }

        void flush(Stage stage) {
            if (staying) {
                int[] ordered = size == 1 ? marks : inOrder();
                int start = starterStart;
                int end = starterEnd;
                int origin = 0;
                for (int i = 0; i < size; i++) {
                    if ((ordered[i] & FIRST) != 0) {
                        start = starts[origin];
                        end = ends[origin++];
                    }
                    if ((ordered[i] & STAYING) != 0) {
                        int codePoint = ordered[i] & CODE_POINT;
                        stage.lower(
                                codePoint,
                                UnicodeTables.INSTANCE.properties(codePoint) & stage.interesting,
                                start,
                                end);
                    }
                }
            }
            size = 0;
            originCount = 0;
            staying = false;
        }

        /** Sorted by combining class between marks of class 0, which stay where they are; equal ones as they came. */
        private int[] inOrder() {
            int[] ordered = Arrays.copyOf(marks, size);
            int[] classes = new int[size];
            for (int i = 0; i < size; i++) {
                classes[i] = UnicodeTables.INSTANCE.combiningClass(marks[i] & CODE_POINT);
            }
            for (int from = 0; from < size; ) {
                int to = from;
                while (to < size && classes[to] != 0) {
                    to++;
                }
                if (to - from > MAX_INSERTIONS) {
                    countingSort(ordered, classes, from, to);
                } else {
                    insertionSort(ordered, classes, from, to);
                }
                from = to + 1;
            }
            return ordered;
        }

        /** Longest run of marks that is sorted by insertion: text has one to four, and only a made-up one a million. */
        private static final int MAX_INSERTIONS = 32;

        private static void insertionSort(int[] ordered, int[] classes, int from, int to) {
            for (int i = from + 1; i < to; i++) {
                int mark = ordered[i];
                int combiningClass = classes[i];
                int j = i;
                for (; j > from && classes[j - 1] > combiningClass; j--) {
                    ordered[j] = ordered[j - 1];
                    classes[j] = classes[j - 1];
                }
                ordered[j] = mark;
                classes[j] = combiningClass;
            }
        }

        private void countingSort(int[] ordered, int[] classes, int from, int to) {
            int[] places = new int[257];
            for (int i = from; i < to; i++) {
                places[classes[i] + 1]++;
            }
            places[0] = from;
            for (int i = 1; i < places.length; i++) {
                places[i] += places[i - 1];
            }
            for (int i = from; i < to; i++) {
                ordered[places[classes[i]]++] = marks[i];
            }
        }
    }
}
