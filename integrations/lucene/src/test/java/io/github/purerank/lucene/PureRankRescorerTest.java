package io.github.purerank.lucene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.ScoringTimeoutException;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PureRankRescorerTest {
    private static final String QUERY = "how many requests can tomcat handle at the same time";

    private static CrossEncoder model;
    private static Settings settings;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
        settings = new Settings();
    }

    @AfterAll
    static void close() throws IOException {
        settings.close();
        model.close();
    }

    @Test
    void scoresAreThoseOfTheModelAndDescend() throws IOException {
        TopDocs hits = hits(20);
        TopDocs rescored = rescorer().rescore(settings.searcher(), hits, 20);
        assertEquals(20, rescored.scoreDocs.length);
        assertEquals(hits.totalHits, rescored.totalHits);
        float last = Float.POSITIVE_INFINITY;
        for (ScoreDoc hit : rescored.scoreDocs) {
            assertEquals(model.predict(new TextPair(QUERY, passage(hit.doc))), hit.score);
            assertTrue(hit.score <= last);
            last = hit.score;
        }
    }

    @Test
    void theFirstPassIsLeftAsItIs() throws IOException {
        TopDocs hits = hits(20);
        String before = Arrays.toString(hits.scoreDocs);
        rescorer().rescore(settings.searcher(), hits, 5);
        assertEquals(before, Arrays.toString(hits.scoreDocs));
    }

    @Test
    void onlyTheFirstHitsAreRescored() throws IOException {
        TopDocs hits = hits(20);
        TopDocs rescored = rescorer().withDepth(3).rescore(settings.searcher(), hits, 10);
        int[] expected = {hits.scoreDocs[0].doc, hits.scoreDocs[1].doc, hits.scoreDocs[2].doc};
        int[] found = Arrays.stream(rescored.scoreDocs).mapToInt(hit -> hit.doc).toArray();
        Arrays.sort(expected);
        Arrays.sort(found);
        assertArrayEquals(expected, found);
        assertEquals(2, rescorer().withDepth(3).rescore(settings.searcher(), hits, 2).scoreDocs.length);
        assertThrows(IllegalArgumentException.class, () -> rescorer().withDepth(0));
    }

    @Test
    void shardsAreKept() throws IOException {
        TopDocs hits = hits(3);
        hits.scoreDocs[2].shardIndex = 7;
        int doc = hits.scoreDocs[2].doc;
        for (ScoreDoc hit : rescorer().rescore(settings.searcher(), hits, 3).scoreDocs) {
            assertEquals(hit.doc == doc ? 7 : -1, hit.shardIndex);
        }
    }

    @Test
    void anExplanationHasTheScoreAndWhatWasRead() throws IOException {
        TopDocs hits = hits(20);
        ScoreDoc best = rescorer().rescore(settings.searcher(), hits, 1).scoreDocs[0];
        Explanation firstPass = settings.searcher().explain(Settings.bm25(QUERY), best.doc);
        Explanation explanation = rescorer().explain(settings.searcher(), firstPass, best.doc);
        assertEquals(best.score, explanation.getValue());
        assertTrue(explanation.getDescription().contains(QUERY), explanation.toString());
        assertEquals(0, explanation.getDetails()[0].getValue());
        assertEquals(passage(best.doc).length(), explanation.getDetails()[1].getValue());
        assertEquals(firstPass.getValue(), explanation.getDetails()[2].getValue());
        assertEquals(firstPass, explanation.getDetails()[2].getDetails()[0]);
    }

    @Test
    void nothingFoundStaysNothing() throws IOException {
        TopDocs none = settings.searcher().search(Settings.bm25("zzzzzz"), 10);
        assertEquals(0, rescorer().rescore(settings.searcher(), none, 10).scoreDocs.length);
    }

    @Test
    void passagesMayBeMissingLongOrOfSeveralValues() throws IOException {
        String filler = "Nothing of interest is said here. ".repeat(200);
        String answer = "Mount Everest is 8,849 m high.";
        String query = "how tall is everest";
        try (Directory directory = new ByteBuffersDirectory()) {
            try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
                writer.addDocument(new Document());
                writer.addDocument(document("Everest base camp", "has a bakery."));
                writer.addDocument(document(filler + answer));
                writer.addDocument(document(""));
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                TopDocs all = searcher.search(MatchAllDocsQuery.INSTANCE, 10);
                PureRankRescorer rescorer = new PureRankRescorer(model, query, "text");
                float[] scores = byDocument(rescorer.rescore(searcher, all, 10));
                assertEquals(model.predict(new TextPair(query, "")), scores[0]);
                assertEquals(model.predict(new TextPair(query, "Everest base camp has a bakery.")), scores[1]);
                assertEquals(scores[0], scores[3]);

                PureRankRescorer windows =
                        rescorer.withOptions(PredictOptions.defaults().withLongText(LongText.MAX_OF_WINDOWS));
                float[] best = byDocument(windows.rescore(searcher, all, 10));
                assertTrue(best[2] > scores[2], Arrays.toString(best) + " and " + Arrays.toString(scores));
                Explanation explanation = windows.explain(searcher, Explanation.match(1, "all"), 2);
                assertEquals(best[2], explanation.getValue());
                assertTrue(explanation.getDetails()[0].getValue().intValue() > 0, explanation.toString());

                PureRankRescorer wrongField = new PureRankRescorer(model, query, "txet");
                IllegalArgumentException failure =
                        assertThrows(IllegalArgumentException.class, () -> wrongField.rescore(searcher, all, 10));
                assertTrue(failure.getMessage().contains("txet"), failure.getMessage());
            }
        }
    }

    @Test
    void nullIsRefusedAndAnEmptyQueryScored() throws IOException {
        assertThrows(NullPointerException.class, () -> new PureRankRescorer(model, null, Settings.PASSAGE));
        assertThrows(NullPointerException.class, () -> new PureRankRescorer(model, QUERY, null));
        assertEquals(
                5,
                new PureRankRescorer(model, "", Settings.PASSAGE)
                        .rescore(settings.searcher(), hits(5), 5)
                        .scoreDocs
                        .length);
    }

    @Test
    void anInterruptedThreadGetsNoScores() throws IOException {
        TopDocs hits = hits(20);
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, () -> rescorer().rescore(settings.searcher(), hits, 20));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aTimeoutEndsTheCall() throws IOException {
        TopDocs hits = hits(1000);
        PureRankRescorer hasty =
                rescorer().withDepth(1000).withOptions(PredictOptions.defaults().withTimeout(Duration.ofMillis(1)));
        assertThrows(ScoringTimeoutException.class, () -> hasty.rescore(settings.searcher(), hits, 10));
    }

    private static PureRankRescorer rescorer() {
        return new PureRankRescorer(model, QUERY, Settings.PASSAGE);
    }

    private static TopDocs hits(int count) throws IOException {
        return settings.searcher().search(Settings.bm25(QUERY), count);
    }

    private static String passage(int doc) throws IOException {
        return settings.searcher()
                .storedFields()
                .document(doc, Set.of(Settings.PASSAGE))
                .get(Settings.PASSAGE);
    }

    private static Document document(String... values) {
        Document document = new Document();
        for (String value : values) {
            document.add(new StoredField("text", value));
        }
        return document;
    }

    private static float[] byDocument(TopDocs hits) {
        float[] scores = new float[hits.scoreDocs.length];
        for (ScoreDoc hit : hits.scoreDocs) {
            scores[hit.doc] = hit.score;
        }
        return scores;
    }
}
