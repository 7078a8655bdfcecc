package io.github.purerank.fuzz;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.TokenizerLoader;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The input is tokenizer.json, then a byte 0, tokenizer_config.json, a byte 0 and a text. */
public final class TokenizerFuzz {
    private static final int VOCAB_SIZE = 1 << 16;

    private TokenizerFuzz() {}

    /** Either what is wrong is named, or the tokens of the text are ones that a model could take. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        int first = zero(input, 0);
        int second = zero(input, Math.min(first + 1, input.length));
        check(
                Map.of(
                        "tokenizer.json",
                        Arrays.copyOf(input, first),
                        "tokenizer_config.json",
                        first < second
                                ? Arrays.copyOfRange(input, first + 1, second)
                                : "{}".getBytes(StandardCharsets.US_ASCII)),
                Arrays.copyOfRange(input, Math.min(second + 1, input.length), input.length));
    }

    static int zero(byte[] input, int from) {
        int i = from;
        while (i < input.length && input[i] != 0) {
            i++;
        }
        return i;
    }

    /**
     * Loads the files and tokenises a text.
     *
     * @param text its bytes: each pair is one UTF-16 unit if the first byte is odd, else all are UTF-8
     */
    static void check(Map<String, byte[]> files, byte[] text) throws IOException {
        String string = text.length > 0 && text[0] % 2 != 0
                ? new String(text, StandardCharsets.UTF_16LE)
                : new String(text, StandardCharsets.UTF_8);
        try {
            PairEncoder encoder = TokenizerLoader.load(new MemoryFiles(files), VOCAB_SIZE);
            int maxLength = encoder.specialTokenCount() + 7;
            check(encoder.encode(string, string + string, maxLength), string.length(), maxLength);
            check(encoder.assemble(encoder.tokenize(string), encoder.tokenize(""), 1 << 20), string.length(), 1 << 20);
        } catch (ModelFormatException e) {
            Refusals.check(e);
        }
    }

    private static void check(Encoding encoding, int textLength, int maxLength) {
        if (encoding.size() > maxLength) {
            throw new AssertionError(encoding.size() + " tokens of " + maxLength);
        }
        for (int i = 0; i < encoding.size(); i++) {
            int limit = encoding.text(i) == Encoding.NO_TEXT ? 0 : (encoding.text(i) + 1) * textLength;
            if (encoding.inputId(i) < 0
                    || encoding.inputId(i) >= VOCAB_SIZE
                    || encoding.tokenTypeId(i) < 0
                    || encoding.tokenTypeId(i) > 1
                    || encoding.start(i) < 0
                    || encoding.start(i) > encoding.end(i)
                    || encoding.end(i) > limit) {
                throw new AssertionError("token " + i + ": id " + encoding.inputId(i) + ", type "
                        + encoding.tokenTypeId(i) + ", from " + encoding.start(i) + " to " + encoding.end(i));
            }
        }
    }
}
