package io.github.purerank.evaluate;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures how a model ranks documents: the means of {@link RankingMetrics} over queries, and, where samples have {@code
 * documents}, those of the order in which they came ("base_"). {@code CrossEncoderRerankingEvaluator} of sentence-transformers
 * 6.0.1. Only for models of one label.
 *
 * <p>A query without a relevant document counts as 0, as in the reference.
 */
public final class CrossEncoderRerankingEvaluator implements Evaluator {
    private final Options options;
    private final List<RerankingSample> samples;

    /**
     * What can be chosen.
     *
     * @param atK how many of the best documents MRR and nDCG look at
     * @param alwaysRerankPositives whether all relevant documents are ranked, or only those among a sample's {@code documents},
     *     so that what the search missed cannot be made good; samples with {@code negative} do not care
     * @param name is put before the metrics' names; empty for nothing
     * @param predict how the pairs are scored
     */
    public record Options(int atK, boolean alwaysRerankPositives, String name, PredictOptions predict) {
        /** Checks the number. */
        public Options {
            if (atK < 1) {
                throw new IllegalArgumentException("atK: expected at least 1, found " + atK);
            }
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(predict, "predict");
        }

        /** At 10, with all relevant documents, no name, scored as the model does by default. */
        public static Options defaults() {
            return new Options(10, true, "", PredictOptions.defaults());
        }
    }

    /** With the options of the reference. */
    public CrossEncoderRerankingEvaluator(List<RerankingSample> samples) {
        this(samples, Options.defaults());
    }

    /**
     * With other options.
     *
     * @throws IllegalArgumentException if there are no samples, or one has but a single document to rank
     */
    public CrossEncoderRerankingEvaluator(List<RerankingSample> samples, Options options) {
        this.samples = List.copyOf(samples);
        this.options = Objects.requireNonNull(options, "options");
        Scores.requireSome(this.samples.size());
        for (int i = 0; i < this.samples.size(); i++) {
            try {
                this.samples.get(i).requireRankable(options.alwaysRerankPositives());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("sample " + i + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Evaluation evaluate(CrossEncoder model) {
        return evaluate(model.predict(pairs(), options.predict()));
    }

    /** All pairs that are scored, query by query. A query without a relevant document has none. */
    public List<TextPair> pairs() {
        List<TextPair> pairs = new ArrayList<>();
        for (RerankingSample sample : samples) {
            RerankingSample.Arrangement ranked = toRank(sample);
            if (ranked.hasRelevant()) {
                for (String text : ranked.texts()) {
                    pairs.add(new TextPair(sample.query(), text));
                }
            }
        }
        return pairs;
    }

    /** The labels of {@link #pairs}: 1 for relevant, 0 for irrelevant. */
    public int[] labels() {
        int[] labels = new int[pairs().size()];
        int next = 0;
        for (RerankingSample sample : samples) {
            RerankingSample.Arrangement ranked = toRank(sample);
            if (ranked.hasRelevant()) {
                for (boolean relevant : ranked.relevant()) {
                    labels[next++] = relevant ? 1 : 0;
                }
            }
        }
        return labels;
    }

    /**
     * The metrics for scores that are there already.
     *
     * @param scores of {@link #pairs}
     */
    public Evaluation evaluate(float[] scores) {
        Scores.requireSameCount(scores.length, pairs().size());
        double[] all = Scores.doubles(scores);
        List<RankingMetrics> reranked = new ArrayList<>();
        List<RankingMetrics> base = new ArrayList<>();
        int done = 0;
        for (RerankingSample sample : samples) {
            RerankingSample.Arrangement ranked = toRank(sample);
            if (ranked.hasRelevant()) {
                int end = done + ranked.texts().size();
                double[] its = Arrays.copyOfRange(all, done, end);
                reranked.add(RankingMetrics.of(its, ranked.relevant(), options.atK()));
                done = end;
            } else {
                reranked.add(RankingMetrics.nothingFound(options.atK()));
            }
            if (sample.documents() != null) {
                base.add(
                        sample.hasRelevantFound()
                                ? inThisOrder(sample.found())
                                : RankingMetrics.nothingFound(options.atK()));
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        put(metrics, "", RankingMetrics.mean(reranked));
        if (!base.isEmpty()) {
            put(metrics, "base_", RankingMetrics.mean(base));
        }
        return Evaluation.named(options.name(), metrics, "ndcg@" + options.atK());
    }

    private RerankingSample.Arrangement toRank(RerankingSample sample) {
        return sample.toRank(options.alwaysRerankPositives());
    }

    private RankingMetrics inThisOrder(boolean[] relevant) {
        double[] scores = new double[relevant.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scores.length - i;
        }
        return RankingMetrics.of(scores, relevant, options.atK());
    }

    private static void put(Map<String, Double> metrics, String prefix, RankingMetrics means) {
        metrics.put(prefix + "map", means.map());
        metrics.put(prefix + "mrr@" + means.k(), means.mrr());
        metrics.put(prefix + "ndcg@" + means.k(), means.ndcg());
    }
}
