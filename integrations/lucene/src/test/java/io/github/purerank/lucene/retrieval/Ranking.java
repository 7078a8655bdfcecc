package io.github.purerank.lucene.retrieval;

import io.github.purerank.evaluate.RankingMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one way of searching did with all queries.
 *
 * @param name of the way
 * @param metrics at 10, of each query
 * @param places where the relevant document of each query was found, from 0; -1 for nowhere
 * @param millis the mean time of a query
 */
record Ranking(String name, List<RankingMetrics> metrics, int[] places, double millis) {
    static final int K = 10;

    /** Searched before the clock runs, while code is compiled. */
    private static final int UNTIMED = 10;

    /** A way of searching. */
    interface Way {
        /** The indexes of the documents that are found, best first. */
        List<Integer> search(String query) throws IOException;
    }

    static Ranking of(String name, List<PackageSearch.Query> queries, Way way) throws IOException {
        List<RankingMetrics> metrics = new ArrayList<>();
        int[] places = new int[queries.size()];
        for (int q = 0; q < Math.min(UNTIMED, places.length); q++) {
            way.search(queries.get(q).text());
        }
        long nanos = 0;
        for (int q = 0; q < places.length; q++) {
            long begin = System.nanoTime();
            List<Integer> found = way.search(queries.get(q).text());
            nanos += System.nanoTime() - begin;
            places[q] = found.indexOf(queries.get(q).relevant());
            metrics.add(metrics(found.size(), places[q]));
        }
        return new Ranking(name, metrics, places, nanos / 1e6 / places.length);
    }

    /** Which document came where: one that was not found comes last, beyond the first ten. */
    private static RankingMetrics metrics(int found, int place) {
        int size = Math.max(found, K) + 1;
        double[] scores = new double[size];
        boolean[] relevant = new boolean[size];
        for (int i = 0; i < size; i++) {
            scores[i] = -i;
        }
        relevant[place < 0 ? size - 1 : place] = true;
        return RankingMetrics.of(scores, relevant, K);
    }

    double[] ndcg() {
        return metrics.stream().mapToDouble(RankingMetrics::ndcg).toArray();
    }

    double[] mrr() {
        return metrics.stream().mapToDouble(RankingMetrics::mrr).toArray();
    }

    /** For each query, whether its document is among the first k: 1 or 0, as there is but one. */
    double[] recall(int k) {
        double[] recall = new double[places.length];
        for (int q = 0; q < recall.length; q++) {
            recall[q] = places[q] >= 0 && places[q] < k ? 1 : 0;
        }
        return recall;
    }
}
