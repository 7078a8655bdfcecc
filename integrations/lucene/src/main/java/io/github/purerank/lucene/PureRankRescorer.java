package io.github.purerank.lucene;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.RankOptions;
import io.github.purerank.RankedItem;
import io.github.purerank.TextRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Rescorer;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;

/**
 * Scores the first hits of a search again, by a cross-encoder that reads the query beside the stored passage of each.
 *
 * <p>The passage is the text of a stored field; several values of it are read with spaces between them. A hit that has none is
 * scored as an empty passage; if none of the hits has any, the field is taken to be wrong.
 *
 * <p>Immutable and safe for many threads at once. It does not close the model. Lucene's query timeout does not end a call; that of
 * the options does.
 */
public final class PureRankRescorer extends Rescorer {
    private static final int DEFAULT_DEPTH = 100;

    private final CrossEncoder model;
    private final String query;
    private final String field;
    private final int depth;
    private final PredictOptions options;

    /**
     * A rescorer for one query, of the first hundred hits.
     *
     * @param model a model of one label
     * @param query what the user typed, not a query of Lucene
     * @param field the stored field that has the passage
     */
    public PureRankRescorer(CrossEncoder model, String query, String field) {
        this(model, query, field, DEFAULT_DEPTH, PredictOptions.defaults());
    }

    private PureRankRescorer(CrossEncoder model, String query, String field, int depth, PredictOptions options) {
        this.model = Objects.requireNonNull(model, "model");
        this.query = Objects.requireNonNull(query, "query");
        this.field = Objects.requireNonNull(field, "field");
        this.depth = depth;
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * The same for another number of first hits.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public PureRankRescorer withDepth(int hits) {
        if (hits < 1) {
            throw new IllegalArgumentException("depth: expected at least 1, found " + hits);
        }
        return new PureRankRescorer(model, query, field, hits, options);
    }

    /** The same with options for the scores. */
    public PureRankRescorer withOptions(PredictOptions newOptions) {
        return new PureRankRescorer(model, query, field, depth, newOptions);
    }

    /**
     * The best of the first hits by their new scores; hits of equal score keep their order. Hits behind the first are not among
     * them: their scores could not be compared.
     *
     * @param firstPass hits, best first; left as it is
     * @param topN how many hits to return
     * @throws IllegalArgumentException if none of the hits has the field stored
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     */
    @Override
    public TopDocs rescore(IndexSearcher searcher, TopDocs firstPass, int topN) throws IOException {
        ScoreDoc[] hits = Arrays.copyOf(firstPass.scoreDocs, Math.min(depth, firstPass.scoreDocs.length));
        List<String> passages = passages(searcher, hits);
        List<Integer> places = new ArrayList<>(hits.length);
        for (int i = 0; i < hits.length; i++) {
            places.add(i);
        }
        RankOptions ranking = RankOptions.defaults().withTopK(topN).withPredict(options);
        List<ScoreDoc> rescored = new ArrayList<>(hits.length);
        for (RankedItem<Integer> item : model.rank(query, places, passages::get, ranking)) {
            ScoreDoc hit = hits[item.item()];
            rescored.add(new ScoreDoc(hit.doc, item.score(), hit.shardIndex));
        }
        return new TopDocs(firstPass.totalHits, rescored.toArray(ScoreDoc[]::new));
    }

    /**
     * Scores one document, and says what of it was read.
     *
     * @throws IllegalArgumentException if the document does not have the field stored
     */
    @Override
    public Explanation explain(IndexSearcher searcher, Explanation firstPass, int doc) throws IOException {
        String passage =
                passages(searcher, new ScoreDoc[] {new ScoreDoc(doc, 0)}).get(0);
        RankOptions ranking = RankOptions.defaults().withPredict(options);
        RankedItem<String> scored =
                model.rank(query, List.of(passage), text -> text, ranking).get(0);
        TextRange read = scored.window();
        return Explanation.match(
                scored.score(),
                "cross-encoder score of the field \"" + field + "\" for the query \"" + query + "\"",
                Explanation.match(read.start(), "first character of the passage that was read"),
                Explanation.match(read.end(), "end of the characters that were read, of " + passage.length()),
                Explanation.match(firstPass.getValue(), "first pass, which is no part of the score", firstPass));
    }

    private List<String> passages(IndexSearcher searcher, ScoreDoc[] hits) throws IOException {
        StoredFields stored = searcher.storedFields();
        for (ScoreDoc hit : hits) {
            stored.prefetch(hit.doc);
        }
        Set<String> fields = Set.of(field);
        List<String> passages = new ArrayList<>(hits.length);
        boolean anyStored = hits.length == 0;
        for (ScoreDoc hit : hits) {
            String[] values = stored.document(hit.doc, fields).getValues(field);
            anyStored |= values.length > 0;
            passages.add(String.join(" ", values));
        }
        if (!anyStored) {
            throw new IllegalArgumentException(
                    "field \"" + field + "\": expected stored text, found none in " + hits.length + " hits");
        }
        return passages;
    }
}
