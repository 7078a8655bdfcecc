package io.github.purerank.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads streams that may be longer than they should be. */
public final class CappedInput {
    private CappedInput() {}

    /**
     * The whole stream.
     *
     * @throws ModelFormatException if it is longer than {@code maxBytes}, of which no more is then read than needed to know
     */
    public static byte[] readAll(InputStream in, String file, int maxBytes) throws IOException {
        // Files and the entries of a jar say how much is left: one array of that length, instead of many small ones.
        byte[] bytes = new byte[Math.min(Math.max(in.available(), 0), maxBytes)];
        int count = in.readNBytes(bytes, 0, bytes.length);
        if (count < bytes.length) {
            return Arrays.copyOf(bytes, count);
        }
        int next = in.read();
        if (next < 0) {
            return bytes;
        }
        if (count == maxBytes) {
            throw new ModelFormatException(file, "", "at most " + maxBytes + " bytes", "more");
        }
        byte[] rest = in.readNBytes(maxBytes - count);
        if (rest.length == maxBytes - count) {
            throw new ModelFormatException(file, "", "at most " + maxBytes + " bytes", "more");
        }
        byte[] all = Arrays.copyOf(bytes, count + 1 + rest.length);
        all[count] = (byte) next;
        System.arraycopy(rest, 0, all, count + 1, rest.length);
        return all;
    }
}
