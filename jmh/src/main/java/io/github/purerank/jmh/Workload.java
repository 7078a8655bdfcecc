package io.github.purerank.jmh;

import java.util.Random;

/** What is scored: token ids of pairs with lengths that are written down here, and texts of about the same lengths. */
final class Workload {
    /** [CLS] and [SEP] of the vocabulary of bert-base-uncased. */
    private static final int CLS = 101;

    private static final int SEP = 102;
    /** Ids of ordinary words and pieces lie from here on. */
    private static final int FIRST_WORD = 1_996;

    private static final int WORD_COUNT = 28_000;

    /** Tokens of the query of {@link #rerank100()}, and of each pair's first text elsewhere. */
    private static final int QUERY_TOKENS = 8;

    /** (pairs, tokens): ids as a tokenizer would give them. */
    final int[][] inputIds;

    /** (pairs, tokens): 0 for the query's tokens, 1 for the passage's. */
    final int[][] tokenTypeIds;

    private Workload(int... tokenCounts) {
        Random random = new Random(42);
        int[] query = words(random, QUERY_TOKENS);
        inputIds = new int[tokenCounts.length][];
        tokenTypeIds = new int[tokenCounts.length][];
        for (int i = 0; i < tokenCounts.length; i++) {
            int n = tokenCounts[i];
            int[] ids = words(random, n);
            int[] types = new int[n];
            ids[0] = CLS;
            System.arraycopy(query, 0, ids, 1, QUERY_TOKENS);
            ids[QUERY_TOKENS + 1] = SEP;
            ids[n - 1] = SEP;
            java.util.Arrays.fill(types, QUERY_TOKENS + 2, n, 1);
            inputIds[i] = ids;
            tokenTypeIds[i] = types;
        }
    }

    /** One pair of so many tokens. */
    static Workload pair(int tokens) {
        return new Workload(tokens);
    }

    /** 32 pairs of so many tokens. */
    static Workload batch32(int tokens) {
        int[] counts = new int[32];
        java.util.Arrays.fill(counts, tokens);
        return new Workload(counts);
    }

    /** A query with 100 passages: {@link #rerankLengths()} tokens a pair. */
    static Workload rerank100() {
        return new Workload(rerankLengths());
    }

    /**
     * Tokens of the 100 pairs: exp(4.43 + 0.5 z) with z from a normal distribution (seed 7), those outside of 25 to 250 drawn
     * again; a log-normal distribution is what the lengths of passages look like. Mean about 95.
     */
    static int[] rerankLengths() {
        Random random = new Random(7);
        int[] lengths = new int[100];
        for (int i = 0; i < lengths.length; i++) {
            double length;
            do {
                length = Math.exp(4.43 + 0.5 * random.nextGaussian());
            } while (length < 25 || length > 250);
            lengths[i] = (int) length;
        }
        return lengths;
    }

    private static int[] words(Random random, int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = FIRST_WORD + random.nextInt(WORD_COUNT);
        }
        return ids;
    }
}
