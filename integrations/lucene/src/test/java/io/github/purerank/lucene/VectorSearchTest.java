package io.github.purerank.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.DocumentIndex;
import io.github.purerank.RetrieveAndRerank;
import io.github.purerank.RetrievedDocument;
import io.github.purerank.SearchHit;
import io.github.purerank.SearchOptions;
import io.github.purerank.SemanticIndex;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.Similarity;
import io.github.purerank.testing.MiniLm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lucene's graph of vectors beside the exact search, on the same vectors of real documents. */
class VectorSearchTest {
    private static final String VECTOR = "vector";
    private static final String NUMBER = "number";
    private static final int K = 10;
    private static final int CANDIDATES = 50;
    /** Every so many documents one is a query, as the questions are few. */
    private static final int STEP = 10;

    private static SentenceEncoder encoder;
    private static List<String> passages;
    private static DocumentIndex exact;
    private static Directory directory;
    private static DirectoryReader reader;
    private static IndexSearcher searcher;

    @BeforeAll
    static void load() throws IOException {
        encoder = SentenceEncoder.load(MiniLm.directory());
        passages = List.copyOf(Settings.passages().values());
        exact = DocumentIndex.of(encoder, passages);
        directory = new ByteBuffersDirectory();
        write(directory, vectors(exact.vectors()), VectorSimilarities.of(encoder));
        reader = DirectoryReader.open(directory);
        searcher = new IndexSearcher(reader);
    }

    @AfterAll
    static void close() throws IOException {
        reader.close();
        directory.close();
        exact.close();
        encoder.close();
    }

    @Test
    void theGraphFindsWhatTheExactSearchFinds() throws IOException {
        assertTrue(passages.size() > 1500, () -> passages.size() + " documents");
        requireGraph(reader);
        List<float[]> queries = queries();
        double narrow = 0;
        double wide = 0;
        for (float[] query : queries) {
            List<SearchHit> best = exact.vectors().search(query, K);
            narrow += recall(best, searcher.search(new KnnFloatVectorQuery(VECTOR, query, K), K));
            wide += recall(best, searcher.search(new KnnFloatVectorQuery(VECTOR, query, CANDIDATES), K));
        }
        narrow /= queries.size();
        wide /= queries.size();
        System.out.printf(
                "%d documents, %d queries: recall@%d %.4f with k = %d, %.4f with k = %d%n",
                passages.size(), queries.size(), K, narrow, K, wide, CANDIDATES);
        assertTrue(narrow >= 0.9, narrow + "");
        assertTrue(wide >= 0.99, wide + "");
    }

    @Test
    void scoresAreOfTheSameDocuments() throws IOException {
        float[] query = encoder.encodeQuery(Settings.questions().get(0).text());
        List<SearchHit> all = exact.vectors().search(query, passages.size());
        float[] cosines = new float[passages.size()];
        for (SearchHit hit : all) {
            cosines[hit.index()] = hit.score();
        }
        TopDocs found = searcher.search(new KnnFloatVectorQuery(VECTOR, query, CANDIDATES), CANDIDATES);
        assertEquals(CANDIDATES, found.scoreDocs.length);
        for (ScoreDoc hit : found.scoreDocs) {
            assertEquals((1 + cosines[number(searcher, hit)]) / 2, hit.score, 1e-6);
            assertEquals(passages.get(number(searcher, hit)), passage(hit));
        }
    }

    @Test
    void theRescorerMakesOfThemWhatTheLibraryDoes() throws IOException {
        int same = 0;
        try (CrossEncoder reranker = CrossEncoder.load()) {
            RetrieveAndRerank search = new RetrieveAndRerank(encoder, exact, reranker);
            SearchOptions options =
                    SearchOptions.defaults().withTopK(CANDIDATES).withCandidates(CANDIDATES);
            List<Settings.Question> questions = Settings.questions();
            for (Settings.Question question : questions) {
                float[] query = encoder.encodeQuery(question.text());
                TopDocs near = searcher.search(new KnnFloatVectorQuery(VECTOR, query, CANDIDATES), CANDIDATES);
                TopDocs rescored = new PureRankRescorer(reranker, question.text(), Settings.PASSAGE)
                        .rescore(searcher, near, CANDIDATES);
                Set<String> ours = new HashSet<>();
                for (RetrievedDocument document : search.search(question.text(), options)) {
                    ours.add(document.index() + " " + document.score());
                }
                Set<String> lucenes = new HashSet<>();
                for (ScoreDoc hit : rescored.scoreDocs) {
                    lucenes.add(number(searcher, hit) + " " + hit.score);
                }
                // Where the graph found the same candidates; it misses one now and then.
                same += ours.equals(lucenes) ? 1 : 0;
            }
            assertTrue(same >= questions.size() / 2, same + " of " + questions.size());
        }
    }

    @Test
    void everyFunctionOrdersAsOursDoes() throws IOException {
        Random random = new Random(1);
        float[][] vectors = new float[400][8];
        for (float[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian();
            }
        }
        for (Similarity similarity : new Similarity[] {Similarity.COSINE, Similarity.DOT, Similarity.EUCLIDEAN}) {
            float[] query = vectors[7].clone();
            query[0] += 1;
            int best = 0;
            for (int i = 0; i < vectors.length; i++) {
                best = similarity.of(query, vectors[i]) > similarity.of(query, vectors[best]) ? i : best;
            }
            try (Directory small = new ByteBuffersDirectory()) {
                write(small, vectors, VectorSimilarities.of(similarity));
                try (DirectoryReader its = DirectoryReader.open(small)) {
                    IndexSearcher search = new IndexSearcher(its);
                    TopDocs found = search.search(new KnnFloatVectorQuery(VECTOR, query, CANDIDATES), CANDIDATES);
                    assertEquals(best, number(search, found.scoreDocs[0]), similarity.toString());
                    for (int i = 1; i < found.scoreDocs.length; i++) {
                        float before = similarity.of(query, vectors[number(search, found.scoreDocs[i - 1])]);
                        float after = similarity.of(query, vectors[number(search, found.scoreDocs[i])]);
                        assertTrue(before >= after - 1e-5f, similarity + ": " + before + " before " + after);
                    }
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> VectorSimilarities.of(Similarity.MANHATTAN));
    }

    private static void write(Directory directory, float[][] vectors, VectorSimilarityFunction similarity)
            throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (int i = 0; i < vectors.length; i++) {
                Document document = new Document();
                document.add(new StoredField(NUMBER, i));
                document.add(new StoredField(Settings.PASSAGE, passages.get(i)));
                document.add(new KnnFloatVectorField(VECTOR, vectors[i], similarity));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    /** Small segments have none: then Lucene's search is exact too, and nothing is compared. */
    private static void requireGraph(DirectoryReader reader) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            PerFieldKnnVectorsFormat.FieldsReader fields =
                    (PerFieldKnnVectorsFormat.FieldsReader) ((CodecReader) leaf.reader()).getVectorReader();
            HnswGraph graph = ((HnswGraphProvider) fields.getFieldReader(VECTOR)).getGraph(VECTOR);
            assertTrue(graph != null && graph.size() == leaf.reader().maxDoc(), () -> "no graph in " + leaf);
        }
    }

    private static float[][] vectors(SemanticIndex index) {
        float[][] vectors = new float[index.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = index.vector(i);
        }
        return vectors;
    }

    /** The questions, and the first sentence of some documents. */
    private static List<float[]> queries() throws IOException {
        List<float[]> queries = new ArrayList<>();
        for (Settings.Question question : Settings.questions()) {
            queries.add(encoder.encodeQuery(question.text()));
        }
        for (int i = 0; i < passages.size(); i += STEP) {
            String text = passages.get(i).substring(passages.get(i).indexOf(": ") + 2);
            queries.add(encoder.encodeQuery(text.substring(0, (text + ".").indexOf('.'))));
        }
        return queries;
    }

    private static double recall(List<SearchHit> best, TopDocs found) throws IOException {
        Set<Integer> numbers = new HashSet<>();
        for (ScoreDoc hit : found.scoreDocs) {
            numbers.add(number(searcher, hit));
        }
        int common = 0;
        for (SearchHit hit : best) {
            common += numbers.contains(hit.index()) ? 1 : 0;
        }
        return (double) common / best.size();
    }

    private static int number(IndexSearcher in, ScoreDoc hit) throws IOException {
        return in.storedFields()
                .document(hit.doc, Set.of(NUMBER))
                .getField(NUMBER)
                .numericValue()
                .intValue();
    }

    private static String passage(ScoreDoc hit) throws IOException {
        return searcher.storedFields().document(hit.doc).get(Settings.PASSAGE);
    }
}
