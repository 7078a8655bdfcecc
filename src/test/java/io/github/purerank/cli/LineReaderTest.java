package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void aLineMayBeAsLongAsTheLimit() throws IOException {
        byte[] input = new byte[LineReader.MAX_LINE_BYTES + 2];
        Arrays.fill(input, (byte) 'a');
        input[LineReader.MAX_LINE_BYTES] = '\n';
        LineReader lines = new LineReader(new ByteArrayInputStream(input), "input");
        assertEquals(LineReader.MAX_LINE_BYTES, lines.readLine().length());
        assertEquals("a", lines.readLine());
        assertNull(lines.readLine());
    }

    @Test
    void aLineWithoutEndIsRefused() {
        LineReader lines = new LineReader(
                new InputStream() {
                    @Override
                    public int read() {
                        return 'a';
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        Arrays.fill(buffer, offset, offset + length, (byte) 'a');
                        return length;
                    }
                },
                "input");
        IOException e = assertThrows(IOException.class, lines::readLine);
        assertEquals("input, line 1: expected at most 16777216 bytes, found a longer line", e.getMessage());
    }

    /** A character of several bytes is not broken by the edge of the reader's buffer. */
    @Test
    void charactersAcrossTheBuffersEdge() throws IOException {
        for (int padding = (1 << 16) - 4; padding <= 1 << 16; padding++) {
            String line = "x".repeat(padding) + "😀";
            LineReader lines = new LineReader(
                    new ByteArrayInputStream((line + "\r\nb").getBytes(StandardCharsets.UTF_8)), "input");
            assertEquals(line, lines.readLine());
            assertEquals("b", lines.readLine());
        }
    }
}
