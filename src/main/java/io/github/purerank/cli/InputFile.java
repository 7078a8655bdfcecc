package io.github.purerank.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What a command reads: a file, or standard input under the name "-". */
final class InputFile {
    private InputFile() {}

    /** The lines of a file. */
    static LineReader open(String name, InputStream standardInput) throws IOException {
        if (name.equals("-")) {
            // Standard input is not ours to close.
            return new LineReader(
                    new FilterInputStream(standardInput) {
                        @Override
                        public void close() {}
                    },
                    "standard input");
        }
        return new LineReader(stream(name), name);
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
        return Files.newInputStream(path);
    }
}
