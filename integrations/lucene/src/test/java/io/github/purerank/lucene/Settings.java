package io.github.purerank.lucene;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.QueryBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The settings of Spring Boot 3.5 as documents, from the metadata in its jars: a name and a sentence or two about it. The queries are
 * questions of people who do not know the name; which settings answer them was decided before anything was searched.
 */
final class Settings implements AutoCloseable {
    static final String NAME = "name";
    static final String PASSAGE = "passage";

    private static final Analyzer ANALYZER = new StandardAnalyzer();

    private final Directory directory = new ByteBuffersDirectory();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    /** Several segments, so that numbers of documents are not those of one. */
    Settings() throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(ANALYZER).setMaxBufferedDocs(700);
        config.setMergePolicy(NoMergePolicy.INSTANCE);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (Map.Entry<String, String> setting : passages().entrySet()) {
                Document document = new Document();
                document.add(new StringField(NAME, setting.getKey(), Field.Store.YES));
                document.add(new TextField(PASSAGE, setting.getValue(), Field.Store.YES));
                writer.addDocument(document);
            }
        }
        reader = DirectoryReader.open(directory);
        searcher = new IndexSearcher(reader);
    }

    /** A question and the names of the settings that answer it. */
    record Question(String text, Set<String> answers) {}

    static List<Question> questions() {
        try (InputStream in = Settings.class.getResourceAsStream("queries.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .map(columns -> new Question(columns[0], Set.of(columns[1].split(" "))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    IndexSearcher searcher() {
        return searcher;
    }

    int size() {
        return reader.numDocs();
    }

    int segments() {
        return reader.leaves().size();
    }

    String name(int doc) throws IOException {
        return searcher.storedFields().document(doc, Set.of(NAME)).get(NAME);
    }

    boolean contains(String name) throws IOException {
        return searcher.count(new TermQuery(new Term(NAME, name))) == 1;
    }

    /** Any of the words, by BM25, Lucene's default. */
    static Query bm25(String text) {
        Query query = new QueryBuilder(ANALYZER).createBooleanQuery(PASSAGE, text, BooleanClause.Occur.SHOULD);
        return query == null ? new BooleanQuery.Builder().build() : query;
    }

    /** The passage of each setting, by its name, in the order of the names. */
    static Map<String, String> passages() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        for (URL url : Collections.list(
                Settings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                for (JsonNode property : json.readTree(in).get("properties")) {
                    if (property.has("description")) {
                        String name = property.get("name").asString();
                        String words = name.replaceAll("[.-]+", " ");
                        settings.put(
                                name, words + ": " + property.get("description").asString());
                    }
                }
            }
        }
        return settings;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
