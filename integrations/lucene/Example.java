import io.github.purerank.CrossEncoder;
import io.github.purerank.lucene.PureRankRescorer;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Example {
    public static void main(String[] arguments) throws Exception {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (String text : List.of(
                    "I do not know how a user of the library met a friend there.",
                    "The user guide is printed twice a year.",
                    "Use the account settings page to send a password reset link.")) {
                Document document = new Document();
                document.add(new TextField("text", text, Field.Store.YES));
                writer.addDocument(document);
            }
        }
        // Without a directory it is the small model in the jar; load(Path.of("my-model")) loads another.
        try (CrossEncoder model = CrossEncoder.load();
                DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            String question = "How do I reset a user password?";
            Query words = new QueryBuilder(new StandardAnalyzer())
                    .createBooleanQuery("text", question, BooleanClause.Occur.SHOULD);
            TopDocs hits = searcher.search(words, 100);
            TopDocs rescored = new PureRankRescorer(model, question, "text").rescore(searcher, hits, 10);
            for (ScoreDoc hit : rescored.scoreDocs) {
                String text = searcher.storedFields().document(hit.doc).get("text");
                System.out.printf("%8.4f  %s%n", hit.score, text);
            }
        }
    }
}
