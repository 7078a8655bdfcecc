package io.github.purerank.text;

/**
 * The pieces of a vocabulary by their text, as a hash table that is asked for ranges of a char array, so that nothing is
 * allocated for a look-up. Immutable once filled.
 *
 * <p>The hash of a text comes from that of the text without its last character. So the hashes of all beginnings of a word
 * cost one pass over it.
 */
final class PieceTable {
    /** The hash of the empty text. */
    static final int EMPTY_HASH = 0x2545F491;

    private static final int MULTIPLIER = 0x9E3779B1;

    /**
     * Look-ups in vain that may come for each text, on average, while the table is filled. A third is usual; a file whose
     * texts were chosen to collide is noticed.
     */
    private static final int MAX_COLLISIONS = 16;

    /** Of each slot: the hash above, the entry's number plus one below; 0 if it is free. */
    private final long[] slots;

    /** The texts end to end, and where each begins. */
    private final char[] chars;

    private final int[] starts;
    private final int[] ids;
    private int size;
    private long collisions;
    private int longest;

    /**
     * An empty table.
     *
     * @param capacity how many texts will be put in, at most
     * @param charCount how many characters these have together, at most
     */
    PieceTable(int capacity, int charCount) {
        slots = new long[Integer.highestOneBit(Math.max(capacity, 1)) * 4];
        chars = new char[charCount];
        starts = new int[capacity + 1];
        ids = new int[capacity];
    }

    /**
     * Puts a text in that is not there yet.
     *
     * @return false if too many of the texts collide
     */
    boolean put(String text, int id) {
        int start = starts[size];
        int length = text.length();
        text.getChars(0, length, chars, start);
        int hash = EMPTY_HASH;
        for (int i = 0; i < length; i++) {
            hash = hash(hash, chars[start + i]);
        }
        ids[size] = id;
        starts[++size] = start + length;
        longest = Math.max(longest, length);
        int slot = slot(hash);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
            collisions++;
        }
        slots[slot] = (long) hash << 32 | size;
        return collisions <= (long) MAX_COLLISIONS * (size + 64);
    }

    /** The length of the longest text in UTF-16 units. */
    int longest() {
        return longest;
    }

    /** The hash of a text with one more character. */
    static int hash(int hash, char next) {
        return (hash ^ next) * MULTIPLIER + (hash >>> 15);
    }

    /**
     * The id of {@code prefix} followed by a range of {@code word}, or -1.
     *
     * @param hash of both together
     */
    int find(char[] prefix, char[] word, int from, int to, int hash) {
        for (int slot = slot(hash); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
            if ((int) (slots[slot] >> 32) == hash) {
                int entry = (int) slots[slot] - 1;
                int start = starts[entry];
                if (starts[entry + 1] - start == prefix.length + to - from
                        && standsAt(start, prefix, 0, prefix.length)
                        && standsAt(start + prefix.length, word, from, to)) {
                    return ids[entry];
                }
            }
        }
        return -1;
    }

    /** Most texts are a few characters long: a loop is faster than what the library has. */
    private boolean standsAt(int start, char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (chars[start + i - from] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where in the table a text with the hash is looked for first. */
    int slot(int hash) {
        return (hash ^ hash >>> 15) * 0x85EBCA6B >>> Integer.numberOfLeadingZeros(slots.length - 1);
    }
}
