package io.github.purerank.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What the reference's tokenizer knows of each code point. The tables of the running JDK are not used: they differ from the
 * reference's and from one JDK to the next, and with them the tokens would.
 *
 * <p>The resource unicode-tables.bin is made by tools/make_unicode_tables.py, which describes it, from tokenizers 0.23.2.
 * Immutable.
 */
final class UnicodeTables {
    /** clean_text drops it. */
    static final int REMOVED = 1;
    /** clean_text makes it a space. */
    static final int SPACED = 2;
    /** handle_chinese_chars puts spaces round it. */
    static final int IDEOGRAPH = 4;
    /** Words end at it; lstrip and rstrip of an added token take it. */
    static final int WHITESPACE = 8;
    /** A word of its own. */
    static final int PUNCTUATION = 16;
    /** strip_accents drops it. */
    static final int MARK = 32;
    /** Part of a word, for an added token that must stand alone. */
    static final int WORD = 64;
    /** Has a canonical decomposition. */
    static final int DECOMPOSES = 128;
    /** Has another lower case. */
    static final int LOWERED = 256;
    /** Has a combining class and is left by strip_accents. */
    static final int STAYING_NONSTARTER = 512;

    static final UnicodeTables INSTANCE = load();

    private static final String RESOURCE = "unicode-tables.bin";
    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'U' << 8 | 'T';
    private static final int FORMAT = 1;
    private static final int PAGE_BITS = 8;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;
    private static final int HANGUL_FIRST = 0xAC00;
    private static final int HANGUL_LAST = 0xD7A3;

    /** Of a page of code points: where its properties begin. Equal pages that are all of one kind are there once. */
    private final int[] pageStarts = new int[(Character.MAX_CODE_POINT + 1) >> PAGE_BITS];

    private short[] pages = new short[64 * PAGE_SIZE];
    private final Mappings decompositions;
    private final Mappings lowerCase;
    private final int[] classed;
    private final byte[] classes;

    private UnicodeTables(Varints in) {
        readProperties(in);
        decompositions = new Mappings(in);
        lowerCase = new Mappings(in);
        classed = new int[in.next()];
        classes = new byte[classed.length];
        int codePoint = 0;
        for (int i = 0; i < classed.length; i++) {
            codePoint += in.next();
            classed[i] = codePoint;
            classes[i] = (byte) in.next();
        }
    }

    /** The set of the code point's properties. */
    int properties(int codePoint) {
        return pages[pageStarts[codePoint >> PAGE_BITS] + (codePoint & PAGE_SIZE - 1)];
    }

    boolean has(int codePoint, int property) {
        return (properties(codePoint) & property) != 0;
    }

    /**
     * The canonical decomposition of a code point that has one.
     *
     * @param into takes it; long enough for any, see {@link #MAX_MAPPING}
     * @return its length
     */
    int decompose(int codePoint, int[] into) {
        if (codePoint < HANGUL_FIRST || codePoint > HANGUL_LAST) {
            return decompositions.get(codePoint, into);
        }
        // The Unicode Standard, 3.12: 19 leading consonants, 21 vowels, 27 trailing consonants or none.
        int index = codePoint - HANGUL_FIRST;
        into[0] = 0x1100 + index / (21 * 28);
        into[1] = 0x1161 + index / 28 % 21;
        into[2] = 0x11A7 + index % 28;
        return index % 28 == 0 ? 2 : 3;
    }

    /** The lower case of a code point that has another, as {@link #decompose}. */
    int toLowerCase(int codePoint, int[] into) {
        if (codePoint < 0x80) {
            into[0] = codePoint + ('a' - 'A');
            return 1;
        }
        return lowerCase.get(codePoint, into);
    }

    /** The most code points that one may be mapped to. */
    static final int MAX_MAPPING = 4;

    /** The canonical combining class, of a code point that has no decomposition. */
    int combiningClass(int codePoint) {
        int i = Arrays.binarySearch(classed, codePoint);
        return i < 0 ? 0 : classes[i] & 0xff;
    }

    private void readProperties(Varints in) {
        int[] uniform = new int[1024];
        Arrays.fill(uniform, -1);
        int used = 0;
        int codePoint = 0;
        int pageStart = 0;
        for (int runs = in.next(); runs > 0; runs--) {
            int end = codePoint + in.next();
            short properties = (short) in.next();
            while (codePoint < end) {
                int offset = codePoint & PAGE_SIZE - 1;
                boolean whole = offset == 0 && end - codePoint >= PAGE_SIZE;
                if (whole && uniform[properties] >= 0) {
                    pageStarts[codePoint >> PAGE_BITS] = uniform[properties];
                    codePoint += PAGE_SIZE;
                    continue;
                }
                if (offset == 0) {
                    pageStart = used;
                    pageStarts[codePoint >> PAGE_BITS] = pageStart;
                    used += PAGE_SIZE;
                    if (used > pages.length) {
                        pages = Arrays.copyOf(pages, 2 * pages.length);
                    }
                    if (whole) {
                        uniform[properties] = pageStart;
                    }
                }
                int count = Math.min(PAGE_SIZE - offset, end - codePoint);
                Arrays.fill(pages, pageStart + offset, pageStart + offset + count, properties);
                codePoint += count;
            }
        }
        if (codePoint != Character.MAX_CODE_POINT + 1) {
            throw new IllegalStateException(RESOURCE + " ends at U+" + Integer.toHexString(codePoint));
        }
        pages = Arrays.copyOf(pages, used);
    }

    private static UnicodeTables load() {
        try (InputStream in = UnicodeTables.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing");
            }
            return read(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("resource " + RESOURCE + " cannot be read", e);
        }
    }

    /**
     * Reads the tables.
     *
     * @throws IllegalStateException if the bytes are not those that were written
     */
    static UnicodeTables read(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, Math.max(bytes.length - 4, 0));
        if (bytes.length < 9
                || bigEndian(bytes, 0) != MAGIC
                || bigEndian(bytes, bytes.length - 4) != (int) crc.getValue()) {
            throw new IllegalStateException(RESOURCE + " is damaged");
        }
        Varints in = new Varints(bytes, 4);
        int format = in.next();
        if (format != FORMAT) {
            throw new IllegalStateException(RESOURCE + " has format " + format + ", not " + FORMAT);
        }
        UnicodeTables tables = new UnicodeTables(in);
        if (in.position != bytes.length - 4) {
            throw new IllegalStateException(RESOURCE + " goes on after its tables");
        }
        return tables;
    }

    private static int bigEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    /** Code points that are mapped to one or more, sorted. */
    private static final class Mappings {
        private final int[] keys;
        private final int[] starts;
        private final int[] values;

        Mappings(Varints in) {
            keys = new int[in.next()];
            starts = new int[keys.length + 1];
            int[] found = new int[MAX_MAPPING * keys.length];
            int key = 0;
            int end = 0;
            for (int i = 0; i < keys.length; i++) {
                key += in.next();
                keys[i] = key;
                int length = in.next();
                if (length > MAX_MAPPING) {
                    throw new IllegalStateException(RESOURCE + " maps to " + length + " code points");
                }
                for (int j = 0; j < length; j++) {
                    found[end++] = in.next();
                }
                starts[i + 1] = end;
            }
            values = Arrays.copyOf(found, end);
        }

        int get(int key, int[] into) {
            int i = Arrays.binarySearch(keys, key);
            int start = starts[i];
            int length = starts[i + 1] - start;
            for (int j = 0; j < length; j++) {
                into[j] = values[start + j];
            }
            return length;
        }
    }

    /** Whole numbers as LEB128. */
    private static final class Varints {
        private final byte[] bytes;
        private int position;

        Varints(byte[] bytes, int position) {
            this.bytes = bytes;
            this.position = position;
        }

        int next() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                int b = bytes[position++];
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }
    }
}
