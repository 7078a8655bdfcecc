package io.github.purerank;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Writes little-endian numbers through a buffer, and adds up what is written. */
final class CheckedSink {
    /** The checksum at the end. */
    static final int CHECKSUM_BYTES = 8;

    static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();

    CheckedSink(FileChannel channel) {
        this.channel = channel;
    }

    /** The buffer, with room for so many bytes: {@link #BUFFER_BYTES} at most. */
    ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /** Writes bytes with their number before them. */
    void bytes(byte[] bytes) throws IOException {
        room(Integer.BYTES).putInt(bytes.length);
        for (int at = 0; at < bytes.length; at += BUFFER_BYTES) {
            int count = Math.min(BUFFER_BYTES, bytes.length - at);
            room(count).put(bytes, at, count);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is left, and the checksum. */
    void finish() throws IOException {
        flush();
        buffer.putLong(checksum.getValue());
        flush();
    }
}
