package io.github.purerank;

import io.github.purerank.load.Calibration;
import io.github.purerank.load.LoadedModel;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.Parts;
import io.github.purerank.model.RaggedBatch;
import io.github.purerank.model.Workspace;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import io.github.purerank.text.Tokens;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;

/**
 * From texts to logits: tokenises pairs, lays them out in batches, and shares the batches out to threads.
 *
 * <p>Long lists go through in slices, so that the memory for tokens does not grow with the list.
 */
final class PairScorer {
    /** Pairs that are tokenised before they are computed: enough for any number of threads to share. */
    private static final int SLICE_PAIRS = 4096;
    /** Characters of a slice's passages, if windows are to be made of all of them: some tens of megabytes of tokens. */
    private static final int SLICE_CHARACTERS = 1 << 22;
    /** Pairs that one thread tokenises at a time. */
    private static final int TOKENIZE_PAIRS = 16;

    private final PairEncoder encoder;
    private final CrossEncoderModel network;
    private final ModelPrompts prompts;
    private final int maxLength;
    private final WorkCrew crew;
    private final BatchRunner<Desk> runner;

    PairScorer(LoadedModel loaded, WorkCrew crew) {
        this.encoder = loaded.encoder();
        this.network = loaded.network();
        this.prompts = new ModelPrompts(loaded.config());
        this.maxLength = loaded.config().maxLength();
        this.crew = crew;
        this.runner = new BatchRunner<>(crew, network.encoder(), () -> new Desk(network, crew.threads()));
    }

    /**
     * Refuses options that this model cannot be used with, whatever the texts.
     *
     * @throws OptionException naming one of them
     */
    void requirePossible(PredictOptions options) {
        int labelCount = network.config().labelCount();
        if (options.longText().method() != LongText.Method.TRUNCATE && labelCount != 1) {
            throw new OptionException(
                    "longText", "windows are chosen by the score, and this model gives " + labelCount + " a pair");
        }
        prompts.resolve(options.prompt(), options.promptName());
        OptionChecks.requireLength(tokenLimit(options), encoder.pairSpecialCount(), "a pair");
    }

    /** How pairs are read with these options. */
    Calibration.Inputs inputs(PredictOptions options) {
        return new Calibration.Inputs(
                prompts.resolve(options.prompt(), options.promptName()),
                tokenLimit(options),
                options.longText().brief());
    }

    /**
     * (pairs, L), row after row.
     *
     * @param names how messages name a pair, by its place in the list
     * @param options which are possible
     * @param ranges receives the part of each passage that its score is of; null if nobody wants to know
     */
    float[] logits(
            List<TextPair> pairs,
            IntFunction<String> names,
            PredictOptions options,
            Cancellation cancellation,
            TextRange[] ranges) {
        LongText longText = options.longText();
        String prompt = prompts.resolve(options.prompt(), options.promptName());
        int tokenLimit = tokenLimit(options);
        float[] logits = newLogits(pairs.size());
        ProgressCount progress = new ProgressCount(options.progress(), pairs.size());
        for (int from = 0; from < pairs.size(); ) {
            List<TextPair> slice = pairs.subList(from, sliceEnd(pairs, from));
            Windows[] windows = windows(slice, prompt, tokenLimit, longText, ranges != null, cancellation);
            score(windows, from, names, options, cancellation, progress, logits, ranges);
            from += slice.size();
        }
        return logits;
    }

    /** (pairs, L), row after row; options about texts do not matter. */
    float[] logitsOfEncoded(Encoding[] pairs, PredictOptions options, Cancellation cancellation) {
        float[] logits = newLogits(pairs.length);
        ProgressCount progress = new ProgressCount(options.progress(), pairs.length);
        for (int from = 0; from < pairs.length; from += SLICE_PAIRS) {
            Windows[] windows = new Windows[Math.min(SLICE_PAIRS, pairs.length - from)];
            for (int i = 0; i < windows.length; i++) {
                windows[i] = Windows.of(pairs[from + i]);
            }
            score(windows, from, CrossEncoder.PAIRS, options, cancellation, progress, logits, null);
        }
        return logits;
    }

    private float[] newLogits(int pairCount) {
        return new float[Math.multiplyExact(pairCount, network.config().labelCount())];
    }

    /** Where the slice that begins with pair {@code from} ends. */
    private static int sliceEnd(List<TextPair> pairs, int from) {
        int mostPairs = Math.min(SLICE_PAIRS, pairs.size() - from);
        long characters = 0;
        for (int i = 0; i < mostPairs; i++) {
            characters += pairs.get(from + i).passage().length();
            if (characters > SLICE_CHARACTERS) {
                return from + i + 1;
            }
        }
        return from + mostPairs;
    }

    /** The most tokens of a window. */
    private int tokenLimit(PredictOptions options) {
        int limit = options.maxLength() == 0 ? maxLength : options.maxLength();
        // Windows are there so that no text is too long for the model's positions.
        return options.longText().method() == LongText.Method.TRUNCATE
                ? limit
                : Math.min(limit, network.config().maxPositionEmbeddings());
    }

    private Windows[] windows(
            List<TextPair> pairs,
            String prompt,
            int tokenLimit,
            LongText longText,
            boolean withRanges,
            Cancellation cancellation) {
        boolean cuts = longText.method() == LongText.Method.TRUNCATE;
        Windows[] windows = new Windows[pairs.size()];
        crew.runBlocks(pairs.size(), TOKENIZE_PAIRS, cancellation, (from, to) -> {
            // In a ranking all pairs have the same query.
            String query = null;
            Tokens queryTokens = null;
            for (int i = from; i < to; i++) {
                TextPair pair = pairs.get(i);
                if (!pair.query().equals(query)) {
                    query = pair.query();
                    queryTokens = encoder.tokenizeUpTo(prompt.isEmpty() ? query : prompt + query, tokenLimit);
                }
                String passage = pair.passage();
                Tokens passageTokens = cuts ? encoder.tokenizeUpTo(passage, tokenLimit) : encoder.tokenize(passage);
                windows[i] = Windows.of(encoder, queryTokens, passage, passageTokens, tokenLimit, longText, withRanges);
            }
        });
        return windows;
    }

    /** Computes the logits of the pairs from {@code firstPair} on. */
    private void score(
            Windows[] windows,
            int firstPair,
            IntFunction<String> names,
            PredictOptions options,
            Cancellation cancellation,
            ProgressCount progress,
            float[] logits,
            TextRange[] ranges) {
        for (int p = 0; p < windows.length; p++) {
            for (Encoding encoding : windows[p].encodings()) {
                BatchRunner.requirePositions(encoding, network.config().maxPositionEmbeddings(), names, firstPair + p);
            }
        }
        int windowCount = 0;
        for (Windows pair : windows) {
            windowCount += pair.count();
        }
        Encoding[] encodings = new Encoding[windowCount];
        int[] pairOf = new int[windowCount];
        AtomicIntegerArray windowsLeft = new AtomicIntegerArray(windows.length);
        int next = 0;
        for (int p = 0; p < windows.length; p++) {
            windowsLeft.set(p, windows[p].count());
            for (Encoding encoding : windows[p].encodings()) {
                pairOf[next] = p;
                encodings[next++] = encoding;
            }
        }

        int labelCount = network.config().labelCount();
        float[] windowLogits = new float[windowCount * labelCount];
        runner.run(encodings, options.batchSize(), cancellation, (desk, batch, members, parts) -> {
            compute(desk, batch, members, parts, windowLogits);
            progress.add(finished(members, pairOf, windowsLeft));
        });

        int first = 0;
        for (int p = 0; p < windows.length; p++) {
            int count = windows[p].count();
            if (count == 1) {
                System.arraycopy(windowLogits, first * labelCount, logits, (firstPair + p) * labelCount, labelCount);
            } else {
                logits[firstPair + p] = Windows.combined(windowLogits, first, first + count, options.longText());
            }
            if (ranges != null) {
                ranges[firstPair + p] = windows[p].best(windowLogits, first);
            }
            first += count;
        }
    }

    /** How many pairs have no window left to compute, now that these have been. */
    private static int finished(int[] windows, int[] pairOf, AtomicIntegerArray windowsLeft) {
        int finished = 0;
        for (int window : windows) {
            if (windowsLeft.decrementAndGet(pairOf[window]) == 0) {
                finished++;
            }
        }
        return finished;
    }

    private void compute(Desk desk, RaggedBatch batch, int[] members, Parts parts, float[] logits) {
        int labelCount = network.config().labelCount();
        network.forward(batch, desk.workspaceFor(batch), parts, desk.results, 0);
        for (int b = 0; b < members.length; b++) {
            System.arraycopy(desk.results, b * labelCount, logits, members[b] * labelCount, labelCount);
        }
    }

    /** What one thread needs to compute a batch. */
    private static final class Desk {
        private final CrossEncoderModel network;
        private final int threads;
        private final Workspace workspace;
        final float[] results;

        Desk(CrossEncoderModel network, int threads) {
            this.network = network;
            this.threads = threads;
            this.workspace = network.newWorkspace(BatchPlan.MAX_TOKENS, BatchPlan.MAX_PAIRS, threads);
            this.results = new float[BatchPlan.MAX_PAIRS * network.config().labelCount()];
        }

        /** The desk's own workspace; a pair that is longer than all of it gets one for once. */
        Workspace workspaceFor(RaggedBatch filled) {
            return workspace.fits(filled)
                    ? workspace
                    : network.newWorkspace(filled.rowCount(), filled.pairCount(), threads);
        }
    }
}
