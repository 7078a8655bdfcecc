package io.github.purerank.jmh;

import io.github.purerank.TextPair;
import io.github.purerank.load.ModelLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Pairs of texts that have exactly the wanted numbers of tokens: their words are drawn from those that are one token each.
 *
 * <p>{@code pair-N} is one pair of N tokens, {@code batch-N} 32 of them, {@code rerank-100} a query with 100 passages.
 */
public final class Workload {
    /** Tokens of each query. */
    private static final int QUERY_TOKENS = 8;

    /** [CLS] and two [SEP]. */
    private static final int SPECIAL_TOKENS = 3;

    private Workload() {}

    /** Prints the pairs of a workload as JSON lines, for peers that are not on the JVM. */
    public static void main(String[] arguments) throws IOException {
        for (TextPair pair : pairs(arguments[0])) {
            // The words are plain letters: nothing needs escaping.
            System.out.println("{\"query\": \"" + pair.query() + "\", \"passage\": \"" + pair.passage() + "\"}");
        }
    }

    /** The pairs of a workload by its name. */
    static List<TextPair> pairs(String name) throws IOException {
        return pairs(tokenCounts(name));
    }

    /** The tokens of each pair of a workload. */
    static int[] tokenCounts(String name) {
        int dash = name.indexOf('-');
        int number = Integer.parseInt(name.substring(dash + 1));
        return switch (name.substring(0, dash)) {
            case "pair" -> new int[] {number};
            case "batch" -> filled(32, number);
            case "rerank" -> passageLengths(number);
            default -> throw new IllegalArgumentException("no workload " + name);
        };
    }

    /** The texts of a workload for encoders of sentences: {@code short}, one of 12 tokens, or {@code mixed-N}, N of 8 to 250. */
    static List<String> texts(String name) throws IOException {
        List<String> words = words();
        Random random = new Random(43);
        if (name.equals("short")) {
            return List.of(text(words, 10, random));
        }
        List<String> texts = new ArrayList<>();
        for (int i = Integer.parseInt(name.substring("mixed-".length())); i > 0; i--) {
            // As many of 8 to 16 tokens as of 16 to 32, and so on.
            double tokens = 8 * Math.exp(random.nextDouble() * Math.log(250 / 8.0));
            texts.add(text(words, (int) tokens - 2, random));
        }
        return texts;
    }

    private static int[] filled(int count, int tokens) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, tokens);
        return lengths;
    }

    /**
     * Tokens of the pairs of a ranking: exp(4.43 + 0.5 z) with z normally distributed (seed 7), anything outside of 25 to 250
     * drawn again. Lengths of passages look like that; the mean of 100 is about 95.
     */
    static int[] passageLengths(int count) {
        Random random = new Random(7);
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            double length;
            do {
                length = Math.exp(4.43 + 0.5 * random.nextGaussian());
            } while (length < 25 || length > 250);
            lengths[i] = (int) length;
        }
        return lengths;
    }

    private static List<TextPair> pairs(int[] tokenCounts) throws IOException {
        List<String> words = words();
        Random random = new Random(42);
        String query = text(words, QUERY_TOKENS, random);
        List<TextPair> pairs = new ArrayList<>();
        for (int tokens : tokenCounts) {
            pairs.add(new TextPair(query, text(words, tokens - QUERY_TOKENS - SPECIAL_TOKENS, random)));
        }
        return pairs;
    }

    private static String text(List<String> words, int count, Random random) {
        List<String> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(words.get(random.nextInt(words.size())));
        }
        return String.join(" ", drawn);
    }

    /** Entries of the vocabulary of bert-base-uncased that are English words. */
    private static List<String> words() throws IOException {
        String vocabulary =
                new String(ModelLoader.defaultFiles().read("vocab.txt", 1 << 20), StandardCharsets.UTF_8);
        return vocabulary.lines().filter(word -> word.matches("[a-z]{2,12}")).toList();
    }
}
