import io.github.purerank.CrossEncoder;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.lucene.PureRankRescorer;
import io.github.purerank.lucene.VectorSimilarities;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;

public class VectorExample {
    public static void main(String[] arguments) throws Exception {
        List<String> texts = List.of(
                "Use the account settings page to send a password reset link.",
                "A password that many people use is soon guessed.",
                "The user guide is printed twice a year.",
                "Rotate the signing key before deploying a new release.");
        try (SentenceEncoder encoder = SentenceEncoder.load(Path.of(arguments[0]));
                CrossEncoder reranker = CrossEncoder.load();
                ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            float[][] vectors = encoder.encodeDocuments(texts);
            try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
                for (int i = 0; i < vectors.length; i++) {
                    Document document = new Document();
                    document.add(new StoredField("text", texts.get(i)));
                    document.add(new KnnFloatVectorField("vector", vectors[i], VectorSimilarities.of(encoder)));
                    writer.addDocument(document);
                }
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                String question = "How do I reset a user password?";
                TopDocs near = searcher.search(new KnnFloatVectorQuery("vector", encoder.encodeQuery(question), 3), 3);
                TopDocs best = new PureRankRescorer(reranker, question, "text").rescore(searcher, near, 2);
                for (ScoreDoc hit : best.scoreDocs) {
                    String text = searcher.storedFields().document(hit.doc).get("text");
                    System.out.printf("%8.4f  %s%n", hit.score, text);
                }
            }
        }
    }
}
