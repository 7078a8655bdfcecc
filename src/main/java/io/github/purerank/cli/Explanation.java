package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.trace.StageTime;
import io.github.purerank.trace.Trace;
import io.github.purerank.trace.TracedToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Why a pair has the score it has: its trace, what each word adds to the logit, and where it stands among other pairs.
 *
 * @param trace all that was computed
 * @param words of the query, then of the passage
 * @param references pairs of which one knows what to expect
 * @param times the median of each stage's time, in the order of {@link Trace#times()}
 * @param passes how many passes the medians are of
 */
record Explanation(Trace trace, List<WordEffect> words, List<Reference> references, List<StageTime> times, int passes) {
    /** Passes whose times are taken: as many as fit into this time, but not more than so many. */
    private static final long TIMING_NANOS = 1_000_000_000L;

    private static final int MOST_PASSES = 25;

    /**
     * A word and the logit without it.
     *
     * @param text 0 if it is in the query, 1 if it is in the passage
     */
    record WordEffect(int text, Word word, float logitWithout) {}

    /** A pair to compare with. */
    record Reference(String kind, TextPair pair, float logit) {}

    /** Explains a pair's logit. */
    static Explanation of(CrossEncoder model, TextPair pair) throws IOException {
        Trace trace = model.trace(pair);
        TextPair whole = new TextPair(trace.query(), trace.passage());
        List<WordEffect> words = new ArrayList<>();
        List<TextPair> pairs = new ArrayList<>();
        for (int text = 0; text < 2; text++) {
            for (Word word : Word.of(text == 0 ? whole.query() : whole.passage())) {
                if (isSeen(text, word, trace)) {
                    words.add(new WordEffect(text, word, 0));
                    pairs.add(
                            text == 0
                                    ? new TextPair(word.leftOut(whole.query()), whole.passage())
                                    : new TextPair(whole.query(), word.leftOut(whole.passage())));
                }
            }
        }
        // The query of the trace has the model's prompt before it already.
        float[] logits = model.predict(
                pairs,
                PredictOptions.defaults()
                        .withActivation(ScoreActivation.IDENTITY)
                        .withPrompt(""));
        for (int w = 0; w < logits.length; w++) {
            WordEffect effect = words.get(w);
            words.set(w, new WordEffect(effect.text(), effect.word(), logits[w]));
        }
        List<List<StageTime>> passes = passes(model, pair);
        return new Explanation(trace, words, references(model), medians(passes), passes.size());
    }

    /** Whether any of the word is left in the tokens: a text that is too long has been cut. */
    private static boolean isSeen(int text, Word word, Trace trace) {
        for (TracedToken token : trace.tokens()) {
            if (token.text() == text && word.overlaps(token.start(), token.end())) {
                return true;
            }
        }
        return false;
    }

    private static List<Reference> references(CrossEncoder model) throws IOException {
        String file = "reference-pairs.json";
        byte[] json = ModelFiles.inResources(Explanation.class, "explain").read(file, 1 << 20);
        List<String> kinds = new ArrayList<>();
        List<TextPair> pairs = new ArrayList<>();
        for (JsonValue row : JsonValue.parse(json, file).get("pairs").elements()) {
            kinds.add(row.get("kind").string());
            pairs.add(new TextPair(row.get("query").string(), row.get("passage").string()));
        }
        float[] logits = model.predict(pairs, PredictOptions.defaults().withActivation(ScoreActivation.IDENTITY));
        List<Reference> references = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            references.add(new Reference(kinds.get(i), pairs.get(i), logits[i]));
        }
        return references;
    }

    /** The times of some passes; by now the code has run a few times. */
    private static List<List<StageTime>> passes(CrossEncoder model, TextPair pair) {
        List<List<StageTime>> passes = new ArrayList<>();
        long began = System.nanoTime();
        do {
            passes.add(model.trace(pair).times());
        } while (passes.size() < MOST_PASSES && System.nanoTime() - began < TIMING_NANOS);
        return passes;
    }

    private static List<StageTime> medians(List<List<StageTime>> passes) {
        List<StageTime> medians = new ArrayList<>();
        for (int i = 0; i < passes.get(0).size(); i++) {
            StageTime stage = passes.get(0).get(i);
            long[] nanoseconds = new long[passes.size()];
            for (int p = 0; p < nanoseconds.length; p++) {
                nanoseconds[p] = passes.get(p).get(i).nanoseconds();
            }
            Arrays.sort(nanoseconds);
            medians.add(new StageTime(stage.stage(), stage.layer(), nanoseconds[nanoseconds.length / 2]));
        }
        return medians;
    }
}
