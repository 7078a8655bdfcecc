package io.github.purerank.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.evaluate.RankingMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.junit.jupiter.api.Test;

/** What rescoring does to a search of real documents. */
class SettingsSearchTest {
    private static final int DEPTH = 50;
    private static final int K = 10;

    @Test
    void rescoringPutsAnswersFurtherUpThanBm25Does() throws IOException {
        try (CrossEncoder model = CrossEncoder.load();
                Settings settings = new Settings()) {
            assertTrue(settings.size() > 1500, () -> settings.size() + " documents");
            assertTrue(settings.segments() > 1, () -> settings.segments() + " segments");
            List<RankingMetrics> before = new ArrayList<>();
            List<RankingMetrics> after = new ArrayList<>();
            int found = 0;
            for (Settings.Question question : Settings.questions()) {
                for (String answer : question.answers()) {
                    assertTrue(settings.contains(answer), answer);
                }
                TopDocs hits = settings.searcher().search(Settings.bm25(question.text()), DEPTH);
                TopDocs rescored = new PureRankRescorer(model, question.text(), Settings.PASSAGE)
                        .rescore(settings.searcher(), hits, DEPTH);
                assertEquals(documents(hits), documents(rescored));
                RankingMetrics bm25 = metrics(settings, hits, question);
                before.add(bm25);
                after.add(metrics(settings, rescored, question));
                found += bm25.map() > 0 ? 1 : 0;
            }
            RankingMetrics mean = RankingMetrics.mean(before);
            RankingMetrics rescoredMean = RankingMetrics.mean(after);
            String table = String.format(
                    Locale.ROOT,
                    "| BM25 | %.3f | %.3f |\n| BM25, then PureRank | %.3f | %.3f |\n",
                    mean.mrr(),
                    mean.ndcg(),
                    rescoredMean.mrr(),
                    rescoredMean.ndcg());
            System.out.printf(
                    "%d documents, %d queries, an answer among the first %d hits for %d%n%s",
                    settings.size(), before.size(), DEPTH, found, table);
            // The same on every machine: scores do not depend on it.
            assertTrue(Files.readString(Path.of("README.md")).contains(table), table);
            assertTrue(rescoredMean.mrr() > mean.mrr(), rescoredMean + " after " + mean);
            assertTrue(rescoredMean.ndcg() > mean.ndcg(), rescoredMean + " after " + mean);
        }
    }

    /** Of the order of the hits; answers that the first pass did not find count as missed by both. */
    private static RankingMetrics metrics(Settings settings, TopDocs hits, Settings.Question question)
            throws IOException {
        List<Boolean> relevant = new ArrayList<>();
        Set<String> left = new HashSet<>(question.answers());
        for (ScoreDoc hit : hits.scoreDocs) {
            relevant.add(left.remove(settings.name(hit.doc)));
        }
        int missed = left.size();
        int size = relevant.size();
        // Beyond k, where they are worth nothing but count in the best possible gain.
        int total = Math.max(size, K) + missed;
        double[] scores = new double[total];
        boolean[] flags = new boolean[total];
        for (int i = 0; i < total; i++) {
            scores[i] = -i;
            flags[i] = i < size ? relevant.get(i) : i >= total - missed;
        }
        return RankingMetrics.of(scores, flags, K);
    }

    private static Set<Integer> documents(TopDocs hits) {
        Set<Integer> documents = new HashSet<>();
        for (ScoreDoc hit : hits.scoreDocs) {
            documents.add(hit.doc);
        }
        return documents;
    }
}
