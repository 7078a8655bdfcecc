package io.github.purerank;

import io.github.purerank.load.LoadedModel;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.Parts;
import io.github.purerank.model.RaggedBatch;
import io.github.purerank.model.Workspace;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import io.github.purerank.text.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * From texts to logits: tokenises pairs, lays them out in batches, and shares the batches out to threads.
 *
 * <p>Long lists go through in slices, so that the memory for tokens does not grow with the list. Within a slice the longest
 * pairs come first: then no thread begins a long batch when the others are about to end.
 */
final class PairScorer {
    /** Pairs that are tokenised before they are computed: enough for any number of threads to share. */
    private static final int SLICE_PAIRS = 4096;
    /** Pairs that one thread tokenises at a time. */
    private static final int TOKENIZE_PAIRS = 16;
    /**
     * Tokens of a batch: enough rows that reading the weights is a small part of multiplying by them, few enough that a
     * layer's values (of 384 columns) stay within a few megabytes of cache.
     */
    private static final int BATCH_TOKENS = 768;
    /** A batch is not made smaller than this for the sake of more threads. */
    private static final int MIN_BATCH_TOKENS = 96;
    /** Fewer tokens than this are computed before a second thread is awake. */
    private static final int MIN_TEAM_TOKENS = 24;
    /** With several threads there are about this many batches for each, so that they end at about the same time. */
    private static final int BATCHES_PER_THREAD = 4;

    private final PairEncoder encoder;
    private final CrossEncoderModel network;
    private final ModelPrompts prompts;
    private final int maxLength;
    private final WorkCrew crew;
    /** Workspaces that no thread uses at the moment. */
    private final ArrayBlockingQueue<Desk> freeDesks;

    PairScorer(LoadedModel loaded, WorkCrew crew) {
        this.encoder = loaded.encoder();
        this.network = loaded.network();
        this.prompts = new ModelPrompts(loaded.config());
        this.maxLength = loaded.config().maxLength();
        this.crew = crew;
        this.freeDesks = new ArrayBlockingQueue<>(crew.threads());
    }

    /** (pairs, L), row after row. */
    float[] logits(List<TextPair> pairs, PredictOptions options) {
        String prompt = prompts.resolve(options);
        int tokenLimit = options.maxLength() == 0 ? maxLength : options.maxLength();
        return logits(pairs.size(), options, (from, to) -> encode(pairs.subList(from, to), prompt, tokenLimit));
    }

    /** (pairs, L), row after row; options about texts do not matter. */
    float[] logitsOfEncoded(Encoding[] pairs, PredictOptions options) {
        return logits(pairs.length, options, (from, to) -> Arrays.copyOfRange(pairs, from, to));
    }

    private float[] logits(int pairCount, PredictOptions options, Slices slices) {
        int labelCount = network.config().labelCount();
        float[] logits = new float[Math.multiplyExact(pairCount, labelCount)];
        ProgressCount progress = new ProgressCount(options.progress(), pairCount);
        for (int from = 0; from < pairCount; from += SLICE_PAIRS) {
            int offset = from * labelCount;
            Encoding[] encodings = slices.encodings(from, Math.min(pairCount, from + SLICE_PAIRS));
            requirePositions(encodings, from);
            boolean together = isForTeam(encodings);
            List<int[]> batches = batches(encodings, options.batchSize(), together ? 1 : crew.threads());
            if (together) {
                try (Team team = crew.team()) {
                    for (int[] members : batches) {
                        compute(encodings, members, team, logits, offset);
                        progress.add(members.length);
                    }
                }
            } else {
                crew.run(batches.size(), b -> {
                    int[] members = batches.get(b);
                    compute(encodings, members, Parts.IN_TURN, logits, offset);
                    progress.add(members.length);
                });
            }
        }
        return logits;
    }

    private void requirePositions(Encoding[] encodings, int from) {
        int positions = network.config().maxPositionEmbeddings();
        for (int i = 0; i < encodings.length; i++) {
            if (encodings[i].size() > positions) {
                throw new IllegalArgumentException("pair " + (from + i) + ": " + encodings[i].size()
                        + " tokens where the model has " + positions + " positions");
            }
        }
    }

    private Encoding[] encode(List<TextPair> pairs, String prompt, int tokenLimit) {
        Encoding[] encodings = new Encoding[pairs.size()];
        int tasks = (pairs.size() + TOKENIZE_PAIRS - 1) / TOKENIZE_PAIRS;
        crew.run(tasks, task -> {
            int to = Math.min(pairs.size(), (task + 1) * TOKENIZE_PAIRS);
            // In a ranking all pairs have the same query.
            String query = null;
            Tokens queryTokens = null;
            for (int i = task * TOKENIZE_PAIRS; i < to; i++) {
                TextPair pair = pairs.get(i);
                if (!pair.query().equals(query)) {
                    query = pair.query();
                    queryTokens = encoder.tokenize(prompt.isEmpty() ? query : prompt + query);
                }
                encodings[i] = encoder.assemble(queryTokens, encoder.tokenize(pair.passage()), tokenLimit);
            }
        });
        return encodings;
    }

    /**
     * Whether all threads work on each batch together, row by row, because there are too few pairs, or one of them is too long,
     * to give each thread batches of its own and have all end at about the same time.
     */
    private boolean isForTeam(Encoding[] encodings) {
        long tokens = 0;
        int longest = 0;
        for (Encoding encoding : encodings) {
            tokens += encoding.size();
            longest = Math.max(longest, encoding.size());
        }
        int threads = crew.threads();
        return threads > 1
                && tokens >= MIN_TEAM_TOKENS
                && (encodings.length < 2 * threads || (long) longest * threads > tokens);
    }

    /** The pairs' indexes, the longest first, cut into batches for so many threads that each take some. */
    private List<int[]> batches(Encoding[] encodings, int batchSize, int threads) {
        long[] byLength = new long[encodings.length];
        long tokens = 0;
        for (int i = 0; i < encodings.length; i++) {
            int tokenCount = encodings[i].size();
            byLength[i] = (long) -tokenCount << 32 | i;
            tokens += tokenCount;
        }
        Arrays.sort(byLength);
        int[] order = new int[byLength.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) byLength[i];
        }

        int budget = tokenBudget(tokens, threads);
        int mostPairs = batchSize == 0 ? Desk.MAX_PAIRS : Math.min(batchSize, Desk.MAX_PAIRS);
        List<int[]> batches = new ArrayList<>();
        int begin = 0;
        int rows = 0;
        for (int i = 0; i < order.length; i++) {
            int tokenCount = encodings[order[i]].size();
            if (i > begin && (rows + tokenCount > budget || i - begin == mostPairs)) {
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

    private static int tokenBudget(long tokens, int threads) {
        if (threads == 1) {
            return BATCH_TOKENS;
        }
        long share = tokens / ((long) threads * BATCHES_PER_THREAD) + 1;
        return (int) Math.max(MIN_BATCH_TOKENS, Math.min(BATCH_TOKENS, share));
    }

    private void compute(Encoding[] encodings, int[] members, Parts parts, float[] logits, int offset) {
        Desk desk = freeDesks.poll();
        if (desk == null) {
            desk = new Desk(network, crew.threads());
        }
        RaggedBatch batch = desk.batch;
        batch.clear();
        for (int member : members) {
            batch.add(encodings[member].inputIds(), encodings[member].tokenTypeIds());
        }
        int labelCount = network.config().labelCount();
        float[] results = desk.results;
        network.forward(batch, desk.workspaceFor(batch), parts, results, 0);
        for (int b = 0; b < members.length; b++) {
            System.arraycopy(results, b * labelCount, logits, offset + members[b] * labelCount, labelCount);
        }
        // A desk at which a computation failed is not put back.
        freeDesks.offer(desk);
    }

    /** Where the tokens of a slice come from. */
    private interface Slices {
        Encoding[] encodings(int from, int to);
    }

    /** What one thread needs to compute a batch. */
    private static final class Desk {
        /** The most pairs of a batch. */
        static final int MAX_PAIRS = BATCH_TOKENS / 8;

        private final CrossEncoderModel network;
        private final int threads;
        private final Workspace workspace;
        final RaggedBatch batch = new RaggedBatch();
        final float[] results;

        Desk(CrossEncoderModel network, int threads) {
            this.network = network;
            this.threads = threads;
            this.workspace = network.newWorkspace(BATCH_TOKENS, MAX_PAIRS, threads);
            this.results = new float[MAX_PAIRS * network.config().labelCount()];
        }

        /** The desk's own workspace; a pair that is longer than all of it gets one for once. */
        Workspace workspaceFor(RaggedBatch filled) {
            return workspace.fits(filled)
                    ? workspace
                    : network.newWorkspace(filled.rowCount(), filled.pairCount(), threads);
        }
    }

    /** Counts what the threads have done, one after another. */
    private static final class ProgressCount {
        private final ProgressListener listener;
        private final int total;
        private int done;

        ProgressCount(ProgressListener listener, int total) {
            this.listener = listener;
            this.total = total;
        }

        void add(int pairs) {
            if (listener != null) {
                synchronized (this) {
                    done += pairs;
                    listener.scored(done, total);
                }
            }
        }
    }
}
