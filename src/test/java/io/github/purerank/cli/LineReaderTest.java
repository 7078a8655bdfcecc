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

    @Test
    void quotesHoldLinesTogether() throws IOException {
        LineReader rows = reader("a,\"b\r\nc\"\"\nd\",\r\n5\" disk,e\n \"x\ny\",z\n\n\"\"\n\"last\"");
        assertEquals("a,\"b\r\nc\"\"\nd\",", rows.readCsvRow());
        assertEquals("input, line 1", rows.place());
        assertEquals("5\" disk,e", rows.readCsvRow());
        assertEquals("input, line 4", rows.place());
        assertEquals(" \"x\ny\",z", rows.readCsvRow());
        assertEquals("", rows.readCsvRow());
        assertEquals("\"\"", rows.readCsvRow());
        assertEquals("input, line 8", rows.place());
        assertEquals("\"last\"", rows.readCsvRow());
        assertNull(rows.readCsvRow());
        assertNull(rows.readCsvRow());
    }

    @Test
    void aMarkBeforeAQuoteIsNoText() throws IOException {
        assertEquals("\"a\nb\",c", reader("\uFEFF\"a\nb\",c\n").readCsvRow());
        // Half a mark is an ordinary character, after which a quote is one too.
        assertEquals("\uFF01\"a", reader("\uFF01\"a\nb\",c\n").readCsvRow());
    }

    @Test
    void afterARowThatDoesNotEndTheNextLineIsARow() throws IOException {
        LineReader again = reader("x\n\"a\nb\r\nc\n");
        assertEquals("x", again.readCsvRow());
        assertEquals(
                "input, line 2: expected a quote at the end of the column, found none in the rest of the input",
                assertThrows(BadRowException.class, again::readCsvRow).getMessage());
        assertEquals("b", again.readCsvRow());
        assertEquals("input, line 3", again.place());
        assertEquals("c", again.readCsvRow());
        assertNull(again.readCsvRow());
    }

    /** A quoted text that is too long, over many lines and over one: the rows after it are found, by their right numbers. */
    @Test
    void afterALineThatIsTooLongTheNextIsRead() throws IOException {
        String longLine = "x".repeat(LineReader.MAX_LINE_BYTES + (1 << 17));
        LineReader lines = reader("a\n" + longLine + "\nb\n" + longLine);
        assertEquals("a", lines.readLine());
        assertThrows(BadRowException.class, lines::readLine);
        assertEquals("b", lines.readLine());
        assertEquals("input, line 3", lines.place());
        assertThrows(BadRowException.class, lines::readLine);
        assertNull(lines.readLine());

        LineReader rows = reader("\"" + longLine + "\nb\n\"" + "y\n".repeat(LineReader.MAX_LINE_BYTES / 2 + 9));
        assertThrows(BadRowException.class, rows::readCsvRow);
        assertEquals("b", rows.readCsvRow());
        assertThrows(BadRowException.class, rows::readCsvRow);
        assertEquals("y", rows.readCsvRow());
        assertEquals("input, line 4", rows.place());
    }

    private static LineReader reader(String text) {
        return new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "input");
    }
}
