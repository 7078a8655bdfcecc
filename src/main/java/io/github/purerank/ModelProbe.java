package io.github.purerank;

/**
 * What tells one sentence encoder from another: the vector that it makes of a text that is known. All that makes vectors takes part
 * in it, the tokenizer, the weights of every layer, the pooling and what follows, and an encoder that has been loaded makes it in
 * the time of a short text.
 *
 * <p>A hash of the model's files would read all of them, and would refuse the same model in other files (other names, in shards, or
 * in numbers of 16 bits, whose vectors are as good as the same). The hash of this vector would refuse it after the smallest change
 * in the order of a sum. So the vector is kept, and need only be met to {@value #TOLERANCE} of its length: more than what 16 bits make
 * of it, and much less than what lies between models that were trained apart.
 */
final class ModelProbe {
    /** Words, pieces of words, digits, capitals and an accent. */
    private static final String TEXT =
            "The Café's 27 microcontrollers were sold yesterday; who reads the rivers' height?";

    private static final double TOLERANCE = 0.02;

    private ModelProbe() {}

    /** The known text's vector, of all dimensions, without a prompt. */
    static float[] of(SentenceEncoder encoder) {
        return encoder.encode(TEXT, EncodeOptions.defaults().withPrompt("").withTruncateDimensions(Integer.MAX_VALUE));
    }

    /**
     * Whether two vectors are of the same model.
     *
     * @param expected the first elements of one
     * @param found the other, of as many elements at least
     */
    static boolean areAlike(float[] expected, float[] found) {
        double square = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            square += (double) expected[i] * expected[i];
            difference += ((double) expected[i] - found[i]) * ((double) expected[i] - found[i]);
        }
        return difference <= TOLERANCE * TOLERANCE * square;
    }
}
