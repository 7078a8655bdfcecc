package io.github.purerank;

import io.github.purerank.format.JsonValue;
import io.github.purerank.load.TestModels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores again and again in a heap that is full but for a little, more each time, so that memory runs out at another place; after
 * each time there is room again, and the same model must give the bits that it gave before. Prints how many calls ran out of
 * memory and how many did not.
 */
final class ScarceMemory {
    private static final int CHUNK = 1 << 14;
    private static final int ROUNDS = 30;

    /** Positions for a pair that does not fit into the memory that a thread keeps. */
    private static final String NETWORK = """
            {"config": {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 97,
            "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 60, "hidden_act": "gelu",
            "max_position_embeddings": 1200, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "id2label": {"0": "LABEL_0"}},
            "layout": {"seed": 3, "dtype": "F32", "prefix": true, "old_names": false, "shards": 1}}
            """;

    private ScarceMemory() {}

    /** Takes the number of threads. */
    public static void main(String[] arguments) throws Exception {
        JsonValue network = JsonValue.parse(NETWORK.getBytes(StandardCharsets.UTF_8), "network");
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pairs.add(new TextPair("a b c", "x y z ".repeat(i == 5 ? 270 : i)));
        }
        int[] outcomes = new int[2];
        try (CrossEncoder model = CrossEncoder.load(
                ManyLabelsTest.withLetters(TestModels.files(network)),
                LoadOptions.defaults().withThreads(Integer.parseInt(arguments[0])))) {
            float[] expected = model.predict(pairs);
            Object[] ballast = new Object[(int) (Runtime.getRuntime().maxMemory() / CHUNK)];
            for (int round = 0; round < ROUNDS; round++) {
                fill(ballast, round * 16);
                float[] found = null;
                try {
                    found = model.predict(pairs);
                } catch (OutOfMemoryError e) {
                    outcomes[0]++;
                }
                Arrays.fill(ballast, null);
                if (found != null) {
                    outcomes[1]++;
                    require(Arrays.equals(expected, found), "wrong scores in round " + round);
                }
                require(Arrays.equals(expected, model.predict(pairs)), "wrong scores after round " + round);
            }
        }
        System.out.println(outcomes[0] + " " + outcomes[1]);
    }

    /** Fills the heap, then makes room for so many chunks. */
    private static void fill(Object[] ballast, int room) {
        int count = 0;
        try {
            while (count < ballast.length) {
                ballast[count] = new byte[CHUNK];
                count++;
            }
        } catch (OutOfMemoryError e) {
            for (int i = 0; i < room && count > 0; i++) {
                ballast[--count] = null;
            }
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
