package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.load.TestModels;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A pair has the same bits alone and in any batch, at any place in it, with any number of threads and with scalar kernels: for
 * networks of odd shapes, and lists of pairs, all of them random. A failure names the seed that it comes from.
 */
class AnyBatchTest {
    private static final long SEED = Long.getLong("purerank.any-batch.seed", 20261101);
    private static final int SHAPES = 18;
    private static final int PAIRS = 60;
    private static final int ROUNDS = 8;

    @TestFactory
    Stream<DynamicTest> goldenShapes() {
        return TestModels.tiny().stream()
                // Its only token type is not enough for pairs.
                .filter(model -> !model.golden().name().equals("gelu-tanh-heads-of-one"))
                .map(model -> DynamicTest.dynamicTest(
                        model.toString(),
                        () -> check(model.toString(), (MemoryFiles) model.files(), new Random(SEED))));
    }

    @TestFactory
    Stream<DynamicTest> randomShapes() {
        return Stream.iterate(SEED, seed -> seed + 1).limit(SHAPES).map(seed -> {
            Random random = new Random(seed);
            String network = randomNetwork(random);
            return DynamicTest.dynamicTest("seed " + seed, () -> {
                JsonValue json = JsonValue.parse(network.getBytes(StandardCharsets.UTF_8), "network");
                check(network, TestModels.files(json), random);
            });
        });
    }

    private static void check(String what, MemoryFiles network, Random random) throws IOException {
        MemoryFiles files = ManyLabelsTest.withLetters(network);
        List<TextPair> pairs = pairs(random);
        float[][] alone = new float[PAIRS][];
        try (CrossEncoder model = scalar(files)) {
            for (int i = 0; i < PAIRS; i++) {
                alone[i] = model.predictLabels(List.of(pairs.get(i)), PredictOptions.defaults())[0];
            }
        }
        for (int threads : new int[] {1, 2, 3, 5}) {
            try (CrossEncoder model =
                    CrossEncoder.load(files, LoadOptions.defaults().withThreads(threads))) {
                for (int round = 0; round < ROUNDS; round++) {
                    check(what + ", " + threads + " threads", model, pairs, alone, random);
                }
            }
        }
    }

    /** Some of the pairs, some more than once, in any order. */
    private static void check(String what, CrossEncoder model, List<TextPair> pairs, float[][] alone, Random random) {
        int count = 1 + random.nextInt(random.nextBoolean() ? 5 : 2 * PAIRS);
        int[] chosen = random.ints(count, 0, PAIRS).toArray();
        int batchSize = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(count + 2);
        PredictOptions options = batchSize == 0
                ? PredictOptions.defaults()
                : PredictOptions.defaults().withBatchSize(batchSize);
        List<TextPair> list = new ArrayList<>();
        List<Encoding> encoded = new ArrayList<>();
        for (int i : chosen) {
            list.add(pairs.get(i));
            encoded.add(model.tokenize(pairs.get(i), 0));
        }
        float[][] found = model.predictLabels(list, options);
        assertEquals(count, found.length);
        for (int i = 0; i < count; i++) {
            int place = i;
            assertArrayEquals(
                    alone[chosen[i]],
                    found[i],
                    () -> what + ", batches of " + batchSize + ", pair " + place + " of " + count + ": "
                            + list.get(place));
        }
        if (model.labels().size() == 1) {
            float[] again = model.predictEncoded(encoded, options);
            for (int i = 0; i < count; i++) {
                assertEquals(alone[chosen[i]][0], again[i], what + ", tokenised before, batches of " + batchSize);
            }
        }
    }

    private static CrossEncoder scalar(MemoryFiles files) throws IOException {
        String before = System.getProperty(KernelChoice.PROPERTY);
        System.setProperty(KernelChoice.PROPERTY, "scalar");
        try {
            return CrossEncoder.load(files, LoadOptions.defaults().withThreads(1));
        } finally {
            if (before == null) {
                System.clearProperty(KernelChoice.PROPERTY);
            } else {
                System.setProperty(KernelChoice.PROPERTY, before);
            }
        }
    }

    /** Of all lengths, up to more tokens than the model has positions, most of them short. */
    private static List<TextPair> pairs(Random random) {
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            int most = 1 + random.nextInt(random.nextInt(4) == 0 ? 90 : 12);
            pairs.add(new TextPair(words(random, random.nextInt(most)), words(random, random.nextInt(most))));
        }
        return pairs;
    }

    private static String words(Random random, int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append((char) ('a' + random.nextInt(26))).append(random.nextInt(20) == 0 ? "ü " : " ");
        }
        return words.toString();
    }

    /** As in tiny.json. */
    private static String randomNetwork(Random random) {
        int heads = 1 + random.nextInt(5);
        int labels = 1 + random.nextInt(3);
        StringBuilder id2label = new StringBuilder();
        for (int l = 0; l < labels; l++) {
            id2label.append(l == 0 ? "" : ",").append("\"" + l + "\":\"L" + l + "\"");
        }
        String architecture = List.of("Bert", "DistilBert", "Electra").get(random.nextInt(3));
        // DistilBERT understands the common names of sizes too, apart from two.
        boolean distilbert = architecture.equals("DistilBert");
        String config = "\"model_type\":\"" + architecture.toLowerCase(Locale.ROOT) + "\",\"architectures\":[\""
                + architecture
                + "ForSequenceClassification\"],\"vocab_size\":97"
                + ",\"hidden_size\":" + heads * (1 + random.nextInt(40))
                + ",\"embedding_size\":" + (1 + random.nextInt(70))
                + ",\"num_hidden_layers\":" + (1 + random.nextInt(3))
                + ",\"num_attention_heads\":" + heads
                + (distilbert ? ",\"hidden_dim\":" : ",\"intermediate_size\":") + (1 + random.nextInt(150))
                + (distilbert ? ",\"activation\":\"" : ",\"hidden_act\":\"")
                + List.of("gelu", "relu", "gelu_new").get(random.nextInt(3)) + "\""
                + ",\"max_position_embeddings\":" + (5 + random.nextInt(90))
                + ",\"type_vocab_size\":2,\"layer_norm_eps\":0.00001,\"id2label\":{" + id2label + "}";
        String layout = "\"seed\":" + random.nextInt(1000)
                + ",\"dtype\":\"F32\",\"prefix\":true,\"old_names\":false,\"shards\":1";
        return "{\"config\":{" + config + "},\"layout\":{" + layout + "}}";
    }
}
