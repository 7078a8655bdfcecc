package io.github.purerank;

import io.github.purerank.format.ModelFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32C;

/** Reads what {@link CheckedSink} wrote. */
final class CheckedSource {
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(CheckedSink.BUFFER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
    private final CRC32C checksum = new CRC32C();

    CheckedSource(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * The buffer, at the first of the next bytes, of which there are so many: {@link CheckedSink#BUFFER_BYTES} at most. The caller
     * reads all of them.
     *
     * @throws EOFException if the file ends before
     */
    ByteBuffer next(int bytes) throws IOException {
        fill(bytes);
        checksum.update(buffer.duplicate().limit(buffer.position() + bytes));
        return buffer;
    }

    private void fill(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            while (buffer.position() < bytes) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
            }
            buffer.flip();
        }
    }

    /** How many bytes there are before the checksum at the end. */
    private long left() throws IOException {
        return channel.size() - channel.position() + buffer.remaining() - CheckedSink.CHECKSUM_BYTES;
    }

    /**
     * Bytes with their number before them.
     *
     * @param name how messages name the file
     * @param what how they name the bytes
     * @throws ModelFormatException if there are fewer
     */
    byte[] bytes(String name, String what) throws IOException {
        if (left() < Integer.BYTES) {
            throw new ModelFormatException(name, what, "a length", "the end of the file");
        }
        int length = next(Integer.BYTES).getInt();
        if (length < 0 || length > left()) {
            throw new ModelFormatException(name, what, "0 to " + left() + " bytes", Integer.toString(length));
        }
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += CheckedSink.BUFFER_BYTES) {
            int count = Math.min(CheckedSink.BUFFER_BYTES, length - at);
            next(count).get(bytes, at, count);
        }
        return bytes;
    }

    /**
     * Reads the checksum, which must be the last.
     *
     * @throws ModelFormatException if it is that of other bytes, or not at the file's end
     */
    void requireChecksum(String name) throws IOException {
        if (left() != 0) {
            throw new ModelFormatException(name, "", "the checksum at the end", left() + " bytes before it");
        }
        fill(CheckedSink.CHECKSUM_BYTES);
        long saved = buffer.getLong();
        if (checksum.getValue() != saved) {
            throw new ModelFormatException(
                    name, "checksum", Long.toHexString(checksum.getValue()), Long.toHexString(saved));
        }
    }
}
