package io.github.purerank.cli;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The lines of a UTF-8 stream, each with a number for error messages; bounded, and strict about the encoding. */
final class LineReader implements Closeable {
    /** Longest line in bytes: far more than any model reads, little enough for any heap. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private final InputStream in;
    private final String name;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long lineNumber;

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
     * @throws IOException if the line is too long or not UTF-8
     */
    String readLine() throws IOException {
        ByteArrayOutputStream pieces = null;
        lineNumber++;
        while (true) {
            if (position == limit && !fill()) {
                return pieces == null ? null : decode(pieces.toByteArray());
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            if (pieces == null) {
                pieces = new ByteArrayOutputStream(end - position + 1);
            }
            pieces.write(buffer, position, end - position);
            if (pieces.size() > MAX_LINE_BYTES) {
                throw new IOException(place() + ": expected at most " + MAX_LINE_BYTES + " bytes, found a longer line");
            }
            boolean complete = end < limit;
            position = complete ? end + 1 : end;
            if (complete) {
                return decode(pieces.toByteArray());
            }
        }
    }

    /** Whether the next line, or some of it, is there without waiting for whoever writes it. */
    boolean ready() throws IOException {
        return position < limit || in.available() > 0;
    }

    /** The file and the number of the line that was read last. */
    String place() {
        return name + ", line " + lineNumber;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private String decode(byte[] line) throws IOException {
        int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(place() + ": expected UTF-8 text, found other bytes");
        }
        return lineNumber == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
