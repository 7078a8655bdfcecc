package io.github.purerank.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What was compressed with gzip (RFC 1952). Members that follow one another are one text, as for gzip(1).
 *
 * <p>The JDK's stream takes a pause of a pipe between two members for the end, and passes over a second member that is broken;
 * both would lose rows without a word.
 */
final class Gunzip extends InputStream {
    static final int MAGIC_1 = 0x1f;
    static final int MAGIC_2 = 0x8b;

    private static final int DEFLATE = 8;
    private static final int HAS_HEADER_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int TRAILER_BYTES = 8;

    private final InputStream in;
    private final String name;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    /** What the inflater has not been given yet. */
    private int position;

    private int limit;
    private boolean inMember;
    private boolean isFirst = true;
    private boolean ended;

    /**
     * Reads from a stream, which is closed with this one.
     *
     * @param name how messages name it
     */
    Gunzip(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (inMember || beginMember()) {
            int count;
            try {
                count = inflater.inflate(target, offset, length);
            } catch (DataFormatException e) {
                throw corrupt(e.getMessage());
            }
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsDictionary()) {
                throw corrupt("a preset dictionary");
            } else {
                if (position == limit && !fill()) {
                    throw truncated();
                }
                inflater.setInput(buffer, position, limit - position);
                position = limit;
            }
        }
        return -1;
    }

    /** 1 if it is likely that more can be read without waiting. */
    @Override
    public int available() throws IOException {
        boolean buffered;
        if (!inMember) {
            buffered = position < limit;
        } else if (inflater.finished()) {
            buffered = inflater.getRemaining() > TRAILER_BYTES;
        } else {
            buffered = !inflater.needsInput();
        }
        return !ended && (buffered || in.available() > 0) ? 1 : 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    /** Reads a header; false at the end. */
    private boolean beginMember() throws IOException {
        if (ended) {
            return false;
        }
        int first = next();
        while (!isFirst && first == 0) {
            // Tapes and some disks fill the last block up with zeros.
            first = next();
        }
        if (first < 0 && !isFirst) {
            ended = true;
            return false;
        }
        if (first != MAGIC_1 || require() != MAGIC_2) {
            throw corrupt("other bytes after its end");
        }
        if (require() != DEFLATE) {
            throw corrupt("an unknown method");
        }
        int flags = require();
        if ((flags & RESERVED) != 0) {
            throw corrupt("unknown flags");
        }
        // Time, level and system.
        skip(6);
        if ((flags & HAS_EXTRA) != 0) {
            skip(require() | require() << 8);
        }
        if ((flags & HAS_NAME) != 0) {
            skipString();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipString();
        }
        if ((flags & HAS_HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
        inMember = true;
        isFirst = false;
        return true;
    }

    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        if (requireInt() != (int) checksum.getValue() || requireInt() != (int) inflater.getBytesWritten()) {
            throw corrupt("a wrong checksum");
        }
        inMember = false;
    }

    private int requireInt() throws IOException {
        return require() | require() << 8 | require() << 16 | require() << 24;
    }

    private void skipString() throws IOException {
        while (require() != 0) {
            // The name of the file that was compressed, or a comment.
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            require();
        }
    }

    private int require() throws IOException {
        int value = next();
        if (value < 0) {
            throw truncated();
        }
        return value;
    }

    private int next() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private IOException corrupt(String found) {
        return new IOException(name + ": expected gzip data, found " + found);
    }

    private IOException truncated() {
        return new IOException(name + ": the gzip data end too early");
    }
}
