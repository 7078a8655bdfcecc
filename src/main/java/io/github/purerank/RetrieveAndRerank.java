package io.github.purerank;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Searches documents in two steps: vectors find candidates among all of them, and a cross-encoder, which is much better and much
 * slower, orders these.
 *
 * <pre>{@code
 * try (SentenceEncoder encoder = SentenceEncoder.load(Path.of("all-MiniLM-L6-v2"));
 *         CrossEncoder reranker = CrossEncoder.load();
 *         DocumentIndex index = DocumentIndex.of(encoder, documents)) {
 *     RetrieveAndRerank search = new RetrieveAndRerank(encoder, index, reranker);
 *     List<RetrievedDocument> found = search.search("how tall is everest", 10);
 * }
 * }</pre>
 *
 * <p>Immutable and safe for many threads at once; results have the same bits whatever their number. It closes nothing.
 */
public final class RetrieveAndRerank {
    private final SentenceEncoder encoder;
    private final DocumentIndex index;
    /** Null for none. */
    private final CrossEncoder reranker;

    /**
     * Puts the parts together.
     *
     * @param encoder the model that made the index's vectors
     * @param reranker null to leave the documents in the order of their vectors
     * @throws IllegalArgumentException if another model made the index ({@link DocumentIndex#requireModel})
     * @throws IllegalStateException if the encoder is closed
     */
    public RetrieveAndRerank(SentenceEncoder encoder, DocumentIndex index, CrossEncoder reranker) {
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.index = Objects.requireNonNull(index, "index");
        this.reranker = reranker;
        index.requireModel(encoder);
    }

    /** The best documents, the best first, of 100 candidates. */
    public List<RetrievedDocument> search(String query, int topK) {
        return search(query, SearchOptions.defaults().withTopK(topK));
    }

    /**
     * The same with options.
     *
     * @throws IllegalArgumentException if the query's vector has another length than the documents'
     * @throws IllegalStateException if a part is closed, or the reranker has several labels
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     */
    public List<RetrievedDocument> search(String query, SearchOptions options) {
        Objects.requireNonNull(query, "query");
        boolean reranks = reranker != null && options.candidates() > 0;
        int count = reranks ? Math.max(options.topK(), options.candidates()) : options.topK();
        List<SearchHit> hits = index.vectors().search(encoder.encodeQuery(query, options.encode()), count);
        List<RetrievedDocument> found = new ArrayList<>();
        if (!reranks) {
            for (SearchHit hit : hits) {
                found.add(new RetrievedDocument(hit.index(), hit.score(), hit.score(), text(hit)));
            }
            return List.copyOf(found);
        }
        RankOptions rank = RankOptions.defaults().withTopK(options.topK()).withPredict(options.predict());
        for (RankedItem<SearchHit> item : reranker.rank(query, hits, this::text, rank)) {
            SearchHit hit = item.item();
            found.add(new RetrievedDocument(hit.index(), item.score(), hit.score(), text(hit)));
        }
        return List.copyOf(found);
    }

    private String text(SearchHit hit) {
        return index.documents().get(hit.index());
    }
}
