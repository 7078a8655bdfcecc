package io.github.purerank.cli;

import java.io.IOException;
import java.io.PrintWriter;

/** Standard output. */
final class Output {
    private Output() {}

    /** Hands on what was written; a writer that prints keeps its failures to itself unless asked. */
    static void flush(PrintWriter out) throws IOException {
        if (out.checkError()) {
            throw new IOException("standard output cannot be written to (a full disk, or its reader is gone)");
        }
    }
}
