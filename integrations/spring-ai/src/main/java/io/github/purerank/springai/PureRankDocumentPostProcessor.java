package io.github.purerank.springai;

import io.github.purerank.CrossEncoder;
import io.github.purerank.RankOptions;
import io.github.purerank.RankedItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/**
 * Orders retrieved documents by how well they answer the query: give it to a {@code RetrievalAugmentationAdvisor}.
 *
 * <p>Documents come back as copies whose score is the cross-encoder's; what they had from the retriever is in their metadata as
 * {@link #RETRIEVAL_SCORE}. Documents that are media alone cannot be scored: they come last, as they are and in their order, if
 * there is room for them, and are left out if a minimal score is asked for.
 *
 * <p>Immutable and safe for many threads at once. It does not close the model.
 */
public final class PureRankDocumentPostProcessor implements DocumentPostProcessor {
    /** The metadata's key for the score that a document had before, if it had one. */
    public static final String RETRIEVAL_SCORE = "retrieval_score";

    private final CrossEncoder model;
    private final RankOptions options;

    /** Scores and orders all documents. */
    public PureRankDocumentPostProcessor(CrossEncoder model) {
        this(model, RankOptions.defaults());
    }

    /**
     * The same with options: how many documents are kept, from which score on, and how they are scored.
     *
     * @param model a model of one label
     */
    public PureRankDocumentPostProcessor(CrossEncoder model, RankOptions options) {
        this.model = Objects.requireNonNull(model, "model");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * The most relevant documents, best first.
     *
     * @throws NullPointerException if the query, the list or a document is null
     * @throws IllegalStateException if the model has several labels or is closed
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     */
    @Override
    public List<Document> process(Query query, List<Document> documents) {
        List<Document> texts = new ArrayList<>(documents.size());
        List<Document> others = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            int index = i;
            Document document = Objects.requireNonNull(documents.get(i), () -> "document " + index);
            (document.isText() ? texts : others).add(document);
        }
        List<Document> ranked = new ArrayList<>(documents.size());
        for (RankedItem<Document> item : model.rank(query.text(), texts, Document::getText, options)) {
            ranked.add(scored(item.item(), item.score()));
        }
        if (options.minScore() == Float.NEGATIVE_INFINITY) {
            int room = Math.min(options.topK() - ranked.size(), others.size());
            ranked.addAll(others.subList(0, room));
        }
        return ranked;
    }

    private static Document scored(Document document, float score) {
        // The builder of a copy writes into the metadata of the original.
        Map<String, Object> metadata = new HashMap<>(document.getMetadata());
        if (document.getScore() != null) {
            metadata.put(RETRIEVAL_SCORE, document.getScore());
        }
        Document scored =
                document.mutate().metadata(metadata).score((double) score).build();
        // The builder does not take the formatter over.
        scored.setContentFormatter(document.getContentFormatter());
        return scored;
    }
}
