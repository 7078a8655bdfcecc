package io.github.purerank.cli;

import java.io.IOException;
import java.io.OutputStream;

/** A stream whose failures are looked at on their way out. */
abstract class GuardedStream extends OutputStream {
    private final OutputStream out;

    /** Writes to a stream. */
    GuardedStream(OutputStream out) {
        this.out = out;
    }

    /** What is thrown in place of a failure to write. */
    abstract IOException failed(IOException e);

    @Override
    public final void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
