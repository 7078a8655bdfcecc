package io.github.purerank.evaluate;

import java.util.List;

/**
 * How far up scores put the relevant documents: of one query, or the means of several.
 *
 * <p>{@code CrossEncoderRerankingEvaluator.compute_metrics} of sentence-transformers 6.0.1, with scikit-learn's {@code
 * average_precision_score} and {@code ndcg_score}. The average precision takes documents of equal score together, nDCG gives each
 * of them the mean gain of all (McSherry and Najork 2008). The reciprocal rank depends on their order: the last of the input
 * comes first, which is what the reference does where numpy's {@code argsort} happens to be stable (numpy does not promise
 * it).
 *
 * @param k how many of the best documents MRR and nDCG look at
 * @param map the average precision, over all documents
 * @param mrr 1 / the rank of the first relevant document; 0 if it is beyond k
 * @param ndcg the discounted cumulative gain at k, with gain 1 for relevant documents, as a share of the best possible one
 */
public record RankingMetrics(int k, double map, double mrr, double ndcg) {
    /** Checks k. */
    public RankingMetrics {
        if (k < 1) {
            throw new IllegalArgumentException("k: expected at least 1, found " + k);
        }
    }

    /**
     * The metrics of one query.
     *
     * @param scores of its documents
     * @param relevant which of them are relevant
     * @throws IllegalArgumentException if there are fewer than two documents, or a score is not finite
     */
    public static RankingMetrics of(double[] scores, boolean[] relevant, int k) {
        Scores.requireSameCount(scores.length, relevant.length);
        if (scores.length < 2) {
            throw new IllegalArgumentException("nDCG needs at least two documents, found " + scores.length);
        }
        Scores.requireFinite(scores);
        Integer[] order = Scores.descending(scores);
        return new RankingMetrics(
                k,
                BinaryMetrics.averagePrecision(scores, relevant, order),
                reciprocalRank(scores, relevant, order, k),
                ndcg(scores, relevant, order, k));
    }

    /** What a query counts for that has no relevant document. */
    static RankingMetrics nothingFound(int k) {
        return new RankingMetrics(k, 0, 0, 0);
    }

    /**
     * The mean over queries.
     *
     * @throws IllegalArgumentException if there are none, or they have not all the same k
     */
    public static RankingMetrics mean(List<RankingMetrics> queries) {
        Scores.requireSome(queries.size());
        int k = queries.get(0).k;
        double map = 0;
        double mrr = 0;
        double ndcg = 0;
        for (RankingMetrics query : queries) {
            if (query.k != k) {
                throw new IllegalArgumentException("metrics at " + k + " and at " + query.k + " have no mean");
            }
            map += query.map;
            mrr += query.mrr;
            ndcg += query.ndcg;
        }
        return new RankingMetrics(k, map / queries.size(), mrr / queries.size(), ndcg / queries.size());
    }

    private static double reciprocalRank(double[] scores, boolean[] relevant, Integer[] order, int k) {
        for (int begin = 0; begin < Math.min(k, order.length); ) {
            int end = endOfEqual(scores, order, begin);
            for (int i = end - 1; i >= begin; i--) {
                int rank = begin + end - i;
                if (relevant[order[i]] && rank <= k) {
                    return 1.0 / rank;
                }
            }
            begin = end;
        }
        return 0;
    }

    private static double ndcg(double[] scores, boolean[] relevant, Integer[] order, int k) {
        double gain = 0;
        for (int begin = 0; begin < Math.min(k, order.length); ) {
            int end = endOfEqual(scores, order, begin);
            int found = 0;
            double discounts = 0;
            for (int i = begin; i < end; i++) {
                found += relevant[order[i]] ? 1 : 0;
                discounts += i < k ? discount(i) : 0;
            }
            gain += discounts * found / (end - begin);
            begin = end;
        }
        double best = 0;
        int relevantCount = Scores.count(relevant);
        for (int i = 0; i < Math.min(k, relevantCount); i++) {
            best += discount(i);
        }
        return best == 0 ? 0 : gain / best;
    }

    /** What a document's gain is worth at a place, counted from 0. */
    private static double discount(int place) {
        return Math.log(2) / Math.log(place + 2);
    }

    /** Behind the last place in the order that has the same score as the one at {@code begin}. */
    private static int endOfEqual(double[] scores, Integer[] order, int begin) {
        int end = begin + 1;
        while (end < order.length && scores[order[end]] == scores[order[begin]]) {
            end++;
        }
        return end;
    }
}
