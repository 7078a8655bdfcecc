package io.github.purerank.lucene.retrieval;

import io.github.purerank.CrossEncoder;
import io.github.purerank.DocumentIndex;
import io.github.purerank.RetrieveAndRerank;
import io.github.purerank.RetrievedDocument;
import io.github.purerank.SearchOptions;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.lucene.PureRankRescorer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Compares BM25, vectors, and both with a cross-encoder behind them, on descriptions of packages; prints a table in Markdown.
 * tools/retrieval-example runs it.
 */
public final class RetrievalExample {
    private static final String TEXT = "text";
    private static final String NUMBER = "number";
    private static final Analyzer ANALYZER = new StandardAnalyzer();

    private final ExampleOptions options;
    private final PackageSearch data;
    private final PrintStream out;
    private final PrintStream progress;

    private RetrievalExample(ExampleOptions options, PackageSearch data, PrintStream out, PrintStream progress) {
        this.options = options;
        this.data = data;
        this.out = out;
        this.progress = progress;
    }

    public static void main(String[] arguments) throws IOException {
        ExampleOptions options;
        try {
            options = ExampleOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("retrieval-example: " + e.getMessage());
            System.exit(2);
            return;
        }
        run(options, System.out, System.err);
    }

    static void run(ExampleOptions options, PrintStream out, PrintStream progress) throws IOException {
        PackageSearch data = PackageSearch.draw(
                PackageText.read(options.files()), options.documents(), options.queries(), options.seed());
        if (data.queries().isEmpty()) {
            throw new IOException(options.files() + ": no package in it can be a query");
        }
        new RetrievalExample(options, data, out, progress).compare();
    }

    private void compare() throws IOException {
        List<Ranking> rankings = new ArrayList<>();
        try (SentenceEncoder encoder = SentenceEncoder.load(options.encoder());
                CrossEncoder reranker =
                        options.reranker() == null ? CrossEncoder.load() : CrossEncoder.load(options.reranker());
                ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            long begin = System.nanoTime();
            write(directory);
            double bm25Seconds = seconds(begin);
            progress.println("encoding " + data.documents().size() + " documents");
            begin = System.nanoTime();
            try (DocumentIndex index = DocumentIndex.of(encoder, data.documents());
                    DirectoryReader reader = DirectoryReader.open(directory)) {
                double encodeSeconds = seconds(begin);
                IndexSearcher searcher = new IndexSearcher(reader);
                RetrieveAndRerank vectors = new RetrieveAndRerank(encoder, index, null);
                RetrieveAndRerank both = new RetrieveAndRerank(encoder, index, reranker);
                SearchOptions search =
                        SearchOptions.defaults().withTopK(options.candidates()).withCandidates(options.candidates());
                rank(rankings, "BM25", query -> numbers(searcher, bm25(searcher, query)));
                rank(rankings, "vectors", query -> indexes(vectors.search(query, search)));
                rank(
                        rankings,
                        "BM25, reranked",
                        query -> numbers(
                                searcher,
                                new PureRankRescorer(reranker, query, TEXT)
                                        .withDepth(options.candidates())
                                        .rescore(searcher, bm25(searcher, query), options.candidates())));
                rank(rankings, "vectors, reranked", query -> indexes(both.search(query, search)));
                print(rankings, bm25Seconds, encodeSeconds);
            }
        }
    }

    private void rank(List<Ranking> rankings, String name, Ranking.Way way) throws IOException {
        progress.println("searching: " + name);
        rankings.add(Ranking.of(name, data.queries(), way));
    }

    private void write(ByteBuffersDirectory directory) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(ANALYZER))) {
            for (int i = 0; i < data.documents().size(); i++) {
                Document document = new Document();
                document.add(new StoredField(NUMBER, i));
                document.add(new TextField(TEXT, data.documents().get(i), Field.Store.YES));
                writer.addDocument(document);
            }
        }
    }

    private TopDocs bm25(IndexSearcher searcher, String query) throws IOException {
        Query words = new QueryBuilder(ANALYZER).createBooleanQuery(TEXT, query, BooleanClause.Occur.SHOULD);
        // Null where there are no words in it.
        return searcher.search(words == null ? new MatchNoDocsQuery() : words, options.candidates());
    }

    private static List<Integer> numbers(IndexSearcher searcher, TopDocs hits) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (ScoreDoc hit : hits.scoreDocs) {
            numbers.add(searcher.storedFields()
                    .document(hit.doc, Set.of(NUMBER))
                    .getField(NUMBER)
                    .numericValue()
                    .intValue());
        }
        return numbers;
    }

    private static List<Integer> indexes(List<RetrievedDocument> documents) {
        return documents.stream().map(RetrievedDocument::index).toList();
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void print(List<Ranking> rankings, double bm25Seconds, double encodeSeconds) {
        int last = options.candidates();
        line(
                "%d documents, %d queries drawn of %d, one relevant document each; %d candidates; seed %d; texts %s.",
                data.documents().size(),
                data.queries().size(),
                data.eligible(),
                last,
                options.seed(),
                data.fingerprint());
        line("");
        line("| | nDCG@10 | MRR@10 | recall@10 | recall@%d | ms a query |", last);
        line("|---|---|---|---|---|---|");
        for (Ranking ranking : rankings) {
            line(
                    "| %s | %s | %s | %s | %s | %.1f |",
                    ranking.name(),
                    cell(ranking.ndcg()),
                    cell(ranking.mrr()),
                    cell(ranking.recall(Ranking.K)),
                    cell(ranking.recall(last)),
                    ranking.millis());
        }
        line("");
        line("| difference | nDCG@10 | MRR@10 | answers further up | further down |");
        line("|---|---|---|---|---|");
        difference("vectors instead of BM25", rankings.get(1), rankings.get(0));
        difference("reranking BM25", rankings.get(2), rankings.get(0));
        difference("reranking vectors", rankings.get(3), rankings.get(1));
        line("");
        line(
                "Means over queries, with 95 %% intervals of 10,000 bootstrap draws. Indexing: %.1f s for BM25, %.1f s for vectors.",
                bm25Seconds, encodeSeconds);
    }

    private void difference(String name, Ranking after, Ranking before) {
        int up = 0;
        int down = 0;
        for (int q = 0; q < after.places().length; q++) {
            int order = Integer.compareUnsigned(after.places()[q], before.places()[q]);
            up += order < 0 ? 1 : 0;
            down += order > 0 ? 1 : 0;
        }
        line(
                "| %s | %s | %s | %d | %d |",
                name,
                Bootstrap.ofDifferences(after.ndcg(), before.ndcg(), options.seed())
                        .signedCell(),
                Bootstrap.ofDifferences(after.mrr(), before.mrr(), options.seed())
                        .signedCell(),
                up,
                down);
    }

    private String cell(double[] values) {
        return Bootstrap.of(values, options.seed()).cell();
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
    }
}
