package io.github.purerank.cli;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What a command reads: a file, or standard input under the name "-"; compressed with gzip or not. */
final class InputFile {
    private InputFile() {}

    /** The lines of a file. */
    static LineReader open(String name, InputStream standardInput) throws IOException {
        if (name.equals("-")) {
            // Standard input is not ours to close.
            InputStream open = new FilterInputStream(standardInput) {
                @Override
                public void close() {}
            };
            return new LineReader(new Decompressed(open, "standard input"), "standard input");
        }
        return new LineReader(new Decompressed(stream(name), name), name);
    }

    /** The bytes of a file, which may be a link, a pipe or a device. */
    static InputStream stream(String name) throws IOException {
        if (name.isEmpty()) {
            throw new IOException("expected the name of a file, found an empty one");
        }
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new IOException(name + ": not a file's name: " + e.getReason());
        }
        if (Files.isDirectory(path)) {
            throw new IOException(name + ": expected a file, found a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // Of a pipe, the other kind of stream cannot tell whether there is something to read.
            return new FileInputStream(path.toFile());
        }
        return Files.newInputStream(path);
    }

    /**
     * A stream as it is, or what it decompresses to if its first two bytes are gzip's, with which no text in UTF-8 begins. They are
     * looked at when something is read: to open a pipe must not wait for who writes it.
     */
    private static final class Decompressed extends InputStream {
        private final PushbackInputStream raw;
        private final String name;
        /** Null until the first bytes are known. */
        private InputStream bytes;

        Decompressed(InputStream in, String name) {
            this.raw = new PushbackInputStream(in, 2);
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            return bytes().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return bytes().read(target, offset, length);
        }

        @Override
        public int available() throws IOException {
            return bytes == null ? raw.available() : bytes.available();
        }

        @Override
        public void close() throws IOException {
            if (bytes == null) {
                raw.close();
            } else {
                bytes.close();
            }
        }

        private InputStream bytes() throws IOException {
            if (bytes == null) {
                int first = raw.read();
                int second = first == Gunzip.MAGIC_1 ? raw.read() : -1;
                if (second >= 0) {
                    raw.unread(second);
                }
                if (first >= 0) {
                    raw.unread(first);
                }
                bytes = second == Gunzip.MAGIC_2 ? new Gunzip(raw, name) : raw;
            }
            return bytes;
        }
    }
}
