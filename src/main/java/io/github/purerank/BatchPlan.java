package io.github.purerank;

import io.github.purerank.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is computed together. The longest pairs come first: then no thread begins a long batch when the others are about to end.
 *
 * @param batches indexes of encodings; each is in one batch
 * @param together whether all threads work on each batch together, row by row, because there are too few pairs, or one of them
 *     is too long, to give each thread batches of its own and have all end at about the same time
 */
record BatchPlan(List<int[]> batches, boolean together) {
    /**
     * Tokens of a batch: enough rows that reading the weights is a small part of multiplying by them, few enough that a
     * layer's values (of 384 columns) stay within a few megabytes of cache. A pair that is longer is a batch of its own.
     */
    static final int MAX_TOKENS = 768;
    /** The most pairs of a batch. */
    static final int MAX_PAIRS = MAX_TOKENS / 8;

    /** A batch is not made smaller than this for the sake of more threads. */
    private static final int MIN_BATCH_TOKENS = 96;
    /** Tokens times bytes of weights: less than this is computed before a second thread is awake. */
    private static final long MIN_TEAM_WORK = 16L << 20;
    /** With several threads there are about this many batches for each, so that they end at about the same time. */
    private static final int BATCHES_PER_THREAD = 4;

    /**
     * A plan for so many threads.
     *
     * @param batchSize the most pairs of a batch; 0 for no limit of the caller's
     * @param layerBytes the memory of the weights that each token is multiplied by
     */
    static BatchPlan of(Encoding[] encodings, int batchSize, int threads, long layerBytes) {
        long tokens = 0;
        int longest = 0;
        for (Encoding encoding : encodings) {
            tokens += encoding.size();
            longest = Math.max(longest, encoding.size());
        }
        boolean together = threads > 1
                && tokens * layerBytes >= MIN_TEAM_WORK
                && (encodings.length < 2 * threads || (long) longest * threads > tokens);
        int mostPairs = batchSize == 0 ? MAX_PAIRS : Math.min(batchSize, MAX_PAIRS);
        return new BatchPlan(batches(encodings, mostPairs, tokenBudget(tokens, together ? 1 : threads)), together);
    }

    private static int tokenBudget(long tokens, int threads) {
        if (threads == 1) {
            return MAX_TOKENS;
        }
        long share = tokens / ((long) threads * BATCHES_PER_THREAD) + 1;
        return (int) Math.max(MIN_BATCH_TOKENS, Math.min(MAX_TOKENS, share));
    }

    private static List<int[]> batches(Encoding[] encodings, int mostPairs, int tokenBudget) {
        int[] order = longestFirst(encodings);
        List<int[]> batches = new ArrayList<>();
        int begin = 0;
        int rows = 0;
        for (int i = 0; i < order.length; i++) {
            int tokenCount = encodings[order[i]].size();
            if (i > begin && (rows + tokenCount > tokenBudget || i - begin == mostPairs)) {
                batches.add(Arrays.copyOfRange(order, begin, i));
                begin = i;
                rows = 0;
            }
            rows += tokenCount;
        }
        if (begin < order.length) {
            batches.add(Arrays.copyOfRange(order, begin, order.length));
        }
        return batches;
    }

    private static int[] longestFirst(Encoding[] encodings) {
        long[] byLength = new long[encodings.length];
        for (int i = 0; i < byLength.length; i++) {
            byLength[i] = (long) -encodings[i].size() << 32 | i;
        }
        Arrays.sort(byLength);
        int[] order = new int[byLength.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) byLength[i];
        }
        return order;
    }
}
