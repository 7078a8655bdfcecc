package io.github.purerank.load;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads what tools/make_tokenizer_reference.py has written and compares it with the tokens found here: ids, types, which text
 * and offsets.
 *
 * <p>As a program it compares whole files: the exit status is 1 if there is a difference.
 */
public final class TokenizerCases implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int MAX_VOCABULARY = 1 << 20;

    /** One pair of texts and what the reference makes of it. */
    record Case(
            String configuration,
            PairEncoder encoder,
            String first,
            String second,
            int maxLength,
            int[] ids,
            int[] types,
            int[] texts,
            int[] starts,
            int[] ends) {

        /** What is different, or null. */
        String difference() {
            Encoding encoding = encoder.encode(first, second, maxLength);
            boolean same = encoding.size() == ids.length;
            for (int i = 0; same && i < ids.length; i++) {
                same = encoding.inputId(i) == ids[i]
                        && encoding.tokenTypeId(i) == types[i]
                        && encoding.text(i) == texts[i]
                        && encoding.start(i) == starts[i]
                        && encoding.end(i) == ends[i];
            }
            return same ? null : describe(encoding);
        }

        private String describe(Encoding encoding) {
            StringBuilder text = new StringBuilder(configuration)
                    .append(": ")
                    .append(escaped(first))
                    .append(" | ")
                    .append(escaped(second))
                    .append(" | ")
                    .append(maxLength)
                    .append("\n  reference:");
            for (int i = 0; i < ids.length; i++) {
                append(text, ids[i], types[i], texts[i], starts[i], ends[i]);
            }
            text.append("\n  here:     ");
            for (int i = 0; i < encoding.size(); i++) {
                append(
                        text,
                        encoding.inputId(i),
                        encoding.tokenTypeId(i),
                        encoding.text(i),
                        encoding.start(i),
                        encoding.end(i));
            }
            return text.toString();
        }

        private void append(StringBuilder into, int id, int type, int text, int start, int end) {
            into.append(' ')
                    .append(id)
                    .append('=')
                    .append(escaped(encoder.vocabulary().token(id)));
            into.append(':').append(type);
            if (text != Encoding.NO_TEXT) {
                into.append('@')
                        .append(text)
                        .append('[')
                        .append(start)
                        .append(',')
                        .append(end)
                        .append(')');
            }
        }
    }

    private final InputStream in;
    private final String versions;
    private final List<String> names = new ArrayList<>();
    private final List<PairEncoder> encoders = new ArrayList<>();

    TokenizerCases(InputStream file) throws IOException {
        in = new BufferedInputStream(new GZIPInputStream(file, 1 << 16), 1 << 16);
        if (!new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("PRTC") || number() != FORMAT) {
            throw new IOException("not a file of tokenizer cases");
        }
        versions = text();
        for (int configurations = number(); configurations > 0; configurations--) {
            names.add(text());
            Map<String, byte[]> files = new HashMap<>();
            for (int count = number(); count > 0; count--) {
                String name = text();
                files.put(name, in.readNBytes(number()));
            }
            encoders.add(
                    TokenizerLoader.load(files.isEmpty() ? defaultModel() : new MemoryFiles(files), MAX_VOCABULARY));
        }
    }

    static ModelFiles defaultModel() {
        return ModelFiles.inResources(io.github.purerank.TextPair.class, "default-model");
    }

    /** The versions of the reference. */
    String versions() {
        return versions;
    }

    /** The names of the configurations. */
    List<String> configurations() {
        return names;
    }

    /** The next case, or null at the end. */
    Case next() throws IOException {
        if (number() == 0) {
            return null;
        }
        int configuration = number();
        String first = text();
        String second = text();
        int maxLength = number();
        int size = number();
        int[] ids = new int[size];
        int[] types = new int[size];
        int[] texts = new int[size];
        int[] starts = new int[size];
        int[] ends = new int[size];
        int[] last = new int[2];
        for (int i = 0; i < size; i++) {
            ids[i] = number();
            texts[i] = number() - 1;
            types[i] = number();
            if (texts[i] != Encoding.NO_TEXT) {
                starts[i] = last[texts[i]] + signed();
                ends[i] = starts[i] + signed();
                last[texts[i]] = ends[i];
            }
        }
        return new Case(
                names.get(configuration),
                encoders.get(configuration),
                first,
                second,
                maxLength,
                ids,
                types,
                texts,
                starts,
                ends);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int signed() throws IOException {
        int number = number();
        return number >>> 1 ^ -(number & 1);
    }

    private int number() throws IOException {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
    }

    private String text() throws IOException {
        return new String(in.readNBytes(number()), StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                escaped.append((char) c);
            } else {
                escaped.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return escaped.toString();
    }

    /** Compares the cases of files. */
    public static void main(String[] files) throws IOException {
        boolean allSame = files.length > 0;
        for (String file : files) {
            long different = 0;
            long count = 0;
            long tokens = 0;
            try (TokenizerCases cases = new TokenizerCases(Files.newInputStream(Path.of(file)))) {
                for (Case next = cases.next(); next != null; next = cases.next()) {
                    count++;
                    tokens += next.ids().length;
                    String difference = next.difference();
                    if (difference != null && different++ < 20) {
                        System.out.println(difference);
                    }
                }
                System.out.println(file + " (" + cases.versions() + "): " + count + " cases, " + tokens + " tokens, "
                        + cases.configurations().size() + " configurations, " + different + " differences");
                allSame &= different == 0;
            }
        }
        if (!allSame) {
            System.exit(1);
        }
    }
}
