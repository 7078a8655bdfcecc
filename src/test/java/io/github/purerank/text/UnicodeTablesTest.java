package io.github.purerank.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class UnicodeTablesTest {
    private static final UnicodeTables TABLES = UnicodeTables.INSTANCE;

    private static byte[] shipped() throws IOException {
        try (InputStream in = UnicodeTables.class.getResourceAsStream("unicode-tables.bin")) {
            return in.readAllBytes();
        }
    }

    @Test
    void theShippedFileIsTheOneThatWasMade() throws IOException, NoSuchAlgorithmException {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(shipped());
        assertEquals(
                "026aab5ec5ec85786a37de4192b4222655b1b50264e52b0cd31b331bb54308a5",
                HexFormat.of().formatHex(sha256));
    }

    @Test
    void anyDamageIsNoticed() throws IOException {
        byte[] bytes = shipped();
        for (int at = 0; at < bytes.length; at += at < 16 ? 1 : 97) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            assertThrows(IllegalStateException.class, () -> UnicodeTables.read(damaged), "at " + at);
        }
        assertThrows(IllegalStateException.class, () -> UnicodeTables.read(new byte[0]));
        assertThrows(IllegalStateException.class, () -> UnicodeTables.read(Arrays.copyOf(bytes, bytes.length - 1)));
    }

    @Test
    void everyCodePointIsCoveredAndItsMappingsAreThere() {
        int[] into = new int[UnicodeTables.MAX_MAPPING];
        int decomposing = 0;
        int lowered = 0;
        int marks = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (TABLES.has(codePoint, UnicodeTables.DECOMPOSES)) {
                decomposing++;
                int length = TABLES.decompose(codePoint, into);
                assertTrue(length >= 1 && length <= UnicodeTables.MAX_MAPPING);
                for (int i = 0; i < length; i++) {
                    assertFalse(TABLES.has(into[i], UnicodeTables.DECOMPOSES), "U+" + Integer.toHexString(into[i]));
                }
            }
            if (TABLES.has(codePoint, UnicodeTables.LOWERED)) {
                lowered++;
                assertTrue(TABLES.toLowerCase(codePoint, into) >= 1);
            }
            if (TABLES.has(codePoint, UnicodeTables.STAYING_NONSTARTER)) {
                assertTrue(TABLES.combiningClass(codePoint) > 0);
            }
            marks += TABLES.has(codePoint, UnicodeTables.MARK) ? 1 : 0;
        }
        // 11,172 Hangul syllables and some 2,060 others; Unicode 15 has 1,400 upper-case letters and 1,985 nonspacing
        // marks.
        assertTrue(decomposing > 13_000 && decomposing < 14_000, decomposing + " decompose");
        assertTrue(lowered > 1_350 && lowered < 1_500, lowered + " have a lower case");
        assertTrue(marks > 1_500 && marks < 2_500, marks + " marks");
    }

    @Test
    void asciiIsAsEveryoneKnowsIt() {
        int[] into = new int[UnicodeTables.MAX_MAPPING];
        for (char c = 0; c < 0x80; c++) {
            boolean letter = Character.isLetterOrDigit(c);
            boolean graphic = c > ' ' && c < 0x7f;
            assertEquals(graphic && !letter, TABLES.has(c, UnicodeTables.PUNCTUATION), Integer.toHexString(c));
            assertEquals(letter || c == '_', TABLES.has(c, UnicodeTables.WORD), Integer.toHexString(c));
            assertEquals(Character.isUpperCase(c), TABLES.has(c, UnicodeTables.LOWERED), Integer.toHexString(c));
            if (Character.isUpperCase(c)) {
                assertEquals(1, TABLES.toLowerCase(c, into));
                assertEquals(Character.toLowerCase(c), into[0]);
            }
        }
    }

    @Test
    void whatTheJdkSeesOtherwiseIsAsTheReferenceSeesIt() {
        assertTrue(TABLES.has(0x00A0, UnicodeTables.WHITESPACE));
        assertTrue(TABLES.has(0x0085, UnicodeTables.REMOVED));
        assertTrue(TABLES.has(0x001C, UnicodeTables.REMOVED));
        assertFalse(TABLES.has(0x0378, UnicodeTables.REMOVED));
        assertFalse(TABLES.has(0x2B820, UnicodeTables.IDEOGRAPH));
        assertTrue(TABLES.has(0x2B920, UnicodeTables.IDEOGRAPH));
    }
}
