package io.github.purerank.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The process's standard output or error in UTF-8; remembers why it could not be written to, which a PrintWriter does not tell. */
final class StandardOutput extends PrintWriter {
    /** Nobody reads any more, as "head" when it has what it wants. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super("standard output is read no more", cause);
        }
    }

    private final Stream stream;

    /** Writes to a file descriptor. */
    StandardOutput(FileDescriptor descriptor) {
        this(new Stream(new FileOutputStream(descriptor)));
    }

    /** Writes to a stream in its place. */
    StandardOutput(OutputStream out) {
        this(new Stream(out));
    }

    private StandardOutput(Stream stream) {
        super(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        this.stream = stream;
    }

    /** What went wrong, after {@link #checkError} was true. */
    IOException failure() {
        IOException failure = stream.failure;
        String reason = failure == null ? "an error" : String.valueOf(failure.getMessage());
        // "Broken pipe", "The pipe is being closed": Java has no better way to tell.
        return reason.toLowerCase(Locale.ROOT).contains("pipe")
                ? new Closed(failure)
                : new IOException("standard output cannot be written to: " + reason, failure);
    }

    private static final class Stream extends GuardedStream {
        private IOException failure;

        Stream(OutputStream out) {
            super(out);
        }

        @Override
        IOException failed(IOException e) {
            failure = failure == null ? e : failure;
            return e;
        }
    }
}
