package io.github.purerank.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** Bytes that several threads may read at any position at once. */
interface PositionedBytes extends Closeable {
    long size() throws IOException;

    /** Reads some bytes; -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** The channel's bytes; closing closes the channel. */
    static PositionedBytes of(SeekableByteChannel channel) {
        if (channel instanceof FileChannel file) {
            return new OfFile(file);
        }
        if (channel instanceof ByteArrayChannel array) {
            return new OfArray(array);
        }
        return new OfChannel(channel);
    }

    /** Reads at a position are part of the file system's interface. */
    record OfFile(FileChannel channel) implements PositionedBytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** An array needs no position of its own. */
    record OfArray(ByteArrayChannel channel) implements PositionedBytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    /** Any other channel has one position: one thread at a time. */
    record OfChannel(SeekableByteChannel channel) implements PositionedBytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (channel) {
                return channel.position(position).read(target);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
