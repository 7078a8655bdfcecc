package io.github.purerank.cli;

import io.github.purerank.format.WholeFile;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Where results go: standard output, or a file that appears when all of them are in it. */
final class Output implements Closeable {
    private final Writer writer;
    /** Null for standard output. */
    private final PartFile file;

    private Output(Writer writer, PartFile file) {
        this.writer = writer;
        this.file = file;
    }

    /**
     * Opens a file.
     *
     * @param name null for standard output, which /dev/stdout is, too
     */
    static Output open(String name, PrintWriter standardOutput) throws IOException {
        if (name == null || WholeFile.isStandardOutput(name)) {
            return new Output(standardOutput, null);
        }
        PartFile file = PartFile.create(name);
        return new Output(new BufferedWriter(new OutputStreamWriter(file.stream(), StandardCharsets.UTF_8)), file);
    }

    /** Writes a line. */
    void println(String line) throws IOException {
        writer.write(line);
        writer.write(System.lineSeparator());
    }

    /**
     * Hands on what was written.
     *
     * @throws StandardOutput.Closed if nobody reads standard output any more
     * @throws IOException if it cannot be written
     */
    void flush() throws IOException {
        if (writer instanceof PrintWriter standardOutput) {
            flush(standardOutput);
        } else {
            writer.flush();
        }
    }

    /** All is written: a file gets its name. */
    void complete() throws IOException {
        flush();
        if (file != null) {
            file.complete();
        }
    }

    /** Without {@link #complete} nothing is left of a file. */
    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** Hands on what was written to standard output; a writer that prints keeps its failures to itself unless asked. */
    static void flush(PrintWriter out) throws IOException {
        if (out.checkError()) {
            throw out instanceof StandardOutput known
                    ? known.failure()
                    : new IOException("standard output cannot be written to (a full disk, or its reader is gone)");
        }
    }
}
