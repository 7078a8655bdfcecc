package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final byte[] TEXT = "some text, some text".getBytes(StandardCharsets.UTF_8);

    @Test
    void givesWhatWasCompressed() throws IOException {
        Random random = new Random(3);
        for (int length : new int[] {0, 1, 65_535, 65_536, 1_000_000}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            assertArrayEquals(content, read(gzip(content)));
            Arrays.fill(content, (byte) 'a');
            assertArrayEquals(content, read(gzip(content)));
        }
    }

    @Test
    void membersAreOneTextAndZerosMayFollow() throws IOException {
        byte[] members = join(gzip(TEXT), gzip(new byte[0]), gzip(TEXT), new byte[512]);
        assertArrayEquals(join(TEXT, TEXT), read(members));
    }

    /** Extra field, name, comment and checksum of the header. */
    @Test
    void aHeaderMayHaveAllItsParts() throws IOException {
        byte[] plain = gzip(TEXT);
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 | 4 | 8 | 16;
        byte[] parts =
                join(new byte[] {3, 0, 9, 9, 9}, "name\0comment\0".getBytes(StandardCharsets.UTF_8), new byte[2]);
        assertArrayEquals(TEXT, read(join(header, parts, Arrays.copyOfRange(plain, 10, plain.length))));
    }

    @Test
    void cutAnywhereItIsRefused() throws IOException {
        byte[] whole = gzip(TEXT);
        for (int length = 2; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertEquals("file: the gzip data end too early", refusal(cut));
            // A second member that is cut off is no less of a loss.
            assertEquals("file: the gzip data end too early", refusal(join(whole, cut)));
        }
    }

    /** Whatever bit is wrong: it is noticed, or does not matter (time, level and system are passed over). */
    @Test
    void changedAnywhereItIsRefusedOrTheSame() throws IOException {
        byte[] whole = gzip(TEXT);
        int refused = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertArrayEquals(TEXT, read(changed));
            } catch (IOException e) {
                refused++;
                assertTrue(e.getMessage().startsWith("file: "), e.getMessage());
            }
        }
        assertTrue(refused > 8 * (whole.length - 10), refused + " of " + 8 * whole.length);
    }

    @Test
    void otherBytesAfterTheEndAreRefused() throws IOException {
        assertEquals("file: expected gzip data, found other bytes after its end", refusal(join(gzip(TEXT), TEXT)));
    }

    private static String refusal(byte[] compressed) {
        return assertThrows(IOException.class, () -> read(compressed)).getMessage();
    }

    private static byte[] read(byte[] compressed) throws IOException {
        try (Gunzip gunzip = new Gunzip(new ByteArrayInputStream(compressed), "file")) {
            return gunzip.readAllBytes();
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        return compressed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
