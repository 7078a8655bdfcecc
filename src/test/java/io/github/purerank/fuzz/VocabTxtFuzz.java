package io.github.purerank.fuzz;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The input is vocab.txt, then a byte 0 and a text. */
public final class VocabTxtFuzz {
    private VocabTxtFuzz() {}

    /** Either what is wrong is named, or the tokens of the text are ones that a model could take. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        int end = TokenizerFuzz.zero(input, 0);
        TokenizerFuzz.check(
                Map.of("vocab.txt", Arrays.copyOf(input, end)),
                Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length));
    }
}
