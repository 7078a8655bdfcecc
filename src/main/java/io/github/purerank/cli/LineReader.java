package io.github.purerank.cli;

import io.github.purerank.format.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows of a UTF-8 stream, each with the number of its first line for error messages; bounded, and strict about the encoding.
 * A row is a line or, in CSV, as many lines as its quotes hold together. After one that is refused the next can be read.
 */
final class LineReader implements Closeable {
    /** Longest row in bytes: far more than any model reads, little enough for any heap. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private static final int FIRST_BUFFER_BYTES = 1 << 16;
    /** U+FEFF, with which some programs begin a file. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Where in a CSV row the reader is. */
    private enum Csv {
        /** At a field's first character, or at spaces before a quote. */
        START,
        PLAIN,
        QUOTED,
        /** After a quote in a quoted field: its end, or the first of two that stand for one. */
        QUOTE
    }

    private final InputStream in;
    private final String name;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    /** Where the row begins that is being read. */
    private int begin;
    /** What has not been looked at yet. */
    private int position;

    private int limit;
    private boolean ended;
    /** Whether the rest of a line is to be passed over first. */
    private boolean overlong;

    private long lineNumber;
    private long nextLine = 1;

    private Csv csv;
    /** In the row that is being read: how many line breaks there are, and where, from its begin, the first is. */
    private int breaks;

    private int firstBreak;

    /**
     * Reads from a stream, which is closed with the reader.
     *
     * @param name how messages name it
     */
    LineReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * The next line without its end (\n or \r\n); null after the last.
     *
     * @throws BadRowException if the line is too long or not UTF-8
     */
    String readLine() throws IOException {
        return read(false);
    }

    /**
     * The next row of a CSV file without its end; null after the last.
     *
     * @throws BadRowException if the row is too long, not UTF-8, or ends within quotes. If it has several lines then the next
     *     row is looked for from the second on
     */
    String readCsvRow() throws IOException {
        return read(true);
    }

    /** Whether the next row, or some of it, is there without waiting for whoever writes it. */
    boolean ready() throws IOException {
        return position < limit || in.available() > 0;
    }

    /** The file and the number of the line that the row that was read last began with. */
    String place() {
        return name + ", line " + lineNumber;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private String read(boolean quoting) throws IOException {
        passOverRest();
        lineNumber = nextLine;
        begin = position;
        csv = Csv.START;
        breaks = 0;
        while (true) {
            if (position == limit && !fill()) {
                if (quoting && csv == Csv.QUOTED) {
                    throw unended("a quote at the end of the column", "none in the rest of the input");
                }
                nextLine += breaks + 1;
                return begin == position ? null : decode(position);
            }
            position = quoting ? endOfCsvRow() : endOfLine();
            if (position - begin > MAX_LINE_BYTES) {
                throw unended("at most " + MAX_LINE_BYTES + " bytes", "a longer " + (quoting ? "row" : "line"));
            }
            if (position < limit) {
                nextLine += breaks + 1;
                return decode(position++);
            }
        }
    }

    /** The index of the next line break, or the limit. */
    private int endOfLine() {
        int end = position;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    /** The index of the next line break outside quotes, or the limit. */
    private int endOfCsvRow() {
        for (int i = position; i < limit; i++) {
            byte b = buffer[i];
            if (b == '\n') {
                if (csv != Csv.QUOTED) {
                    return i;
                }
                if (breaks++ == 0) {
                    firstBreak = i - begin;
                }
            }
            csv = switch (csv) {
                case START -> {
                    boolean isMark = lineNumber == 1 && i - begin < MARK.length && b == MARK[i - begin];
                    yield b == '"' ? Csv.QUOTED : b == ',' || b == ' ' || isMark ? Csv.START : Csv.PLAIN;
                }
                case PLAIN -> b == ',' ? Csv.START : Csv.PLAIN;
                case QUOTED -> b == '"' ? Csv.QUOTE : Csv.QUOTED;
                case QUOTE -> b == '"' ? Csv.QUOTED : b == ',' ? Csv.START : Csv.PLAIN;
            };
        }
        return limit;
    }

    /** Refuses a row whose end is not known, and goes to the line after its first. */
    private BadRowException unended(String expected, String found) {
        if (breaks > 0) {
            position = begin + firstBreak + 1;
        } else {
            overlong = true;
        }
        nextLine++;
        return refused(expected, found);
    }

    private void passOverRest() throws IOException {
        while (overlong) {
            // What is passed over need not be kept.
            begin = position;
            if (position == limit && !fill()) {
                overlong = false;
            } else {
                position = endOfLine();
                if (position < limit) {
                    position++;
                    overlong = false;
                }
            }
        }
    }

    /** Reads more behind what there is of the row; false at the end. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (begin > 0) {
            System.arraycopy(buffer, begin, buffer, 0, limit - begin);
            position -= begin;
            limit -= begin;
            begin = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, MAX_LINE_BYTES + FIRST_BUFFER_BYTES));
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        ended = count < 0;
        limit += Math.max(0, count);
        return !ended;
    }

    private String decode(int end) throws BadRowException {
        int length = end - begin;
        if (length > 0 && buffer[end - 1] == '\r') {
            length--;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, begin, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("UTF-8 text", "other bytes");
        }
        return lineNumber == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private BadRowException refused(String expected, String found) {
        return new BadRowException(new ModelFormatException(place(), "", expected, found));
    }
}
