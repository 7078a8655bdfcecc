package io.github.purerank.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.purerank.CrossEncoder;
import io.github.purerank.DocumentIndex;
import io.github.purerank.RetrieveAndRerank;
import io.github.purerank.RetrievedDocument;
import io.github.purerank.SearchOptions;
import io.github.purerank.SentenceEncoder;
import io.github.purerank.testing.MiniLm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both steps inside LangChain4j, with all-MiniLM-L6-v2 and the model in the jar: its ingestor, store, retriever and aggregator. */
class RetrieveAndRerankTest {
    private static final int CANDIDATES = 4;

    private static final String ANSWER = "Use the account settings page to send a password reset link.";
    private static final String QUERY = "How do I reset a user password?";
    private static final List<String> TEXTS = List.of(
            "Berlin has a population of 3,520,031 registered inhabitants.",
            "A password that many people use is soon guessed.",
            "Rotate the signing key before deploying a new release.",
            "I do not know how a user of the library met a friend there.",
            ANSWER,
            "The user guide is printed twice a year.",
            "Forgotten credentials are replaced by the administrator of the domain.");

    private static SentenceEncoder encoder;
    private static CrossEncoder reranker;

    @BeforeAll
    static void load() throws Exception {
        encoder = SentenceEncoder.load(MiniLm.directory());
        reranker = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        encoder.close();
        reranker.close();
    }

    @Test
    void theFrameworkFindsWhatTheLibraryFinds() {
        List<Content> retrieved = retriever(ingested(TEXTS)).retrieve(Query.from(QUERY));
        List<Content> reranked = new ReRankingContentAggregator(PureRankScoringModel.of(reranker))
                .aggregate(Map.of(Query.from(QUERY), List.of(retrieved)));

        try (DocumentIndex index = DocumentIndex.of(encoder, TEXTS)) {
            List<RetrievedDocument> found = new RetrieveAndRerank(encoder, index, reranker)
                    .search(QUERY, SearchOptions.defaults().withTopK(CANDIDATES).withCandidates(CANDIDATES));
            assertEquals(
                    found.stream().map(RetrievedDocument::text).toList(),
                    reranked.stream().map(c -> c.textSegment().text()).toList());
            for (int i = 0; i < CANDIDATES; i++) {
                assertEquals(
                        (double) found.get(i).score(),
                        reranked.get(i).metadata().get(ContentMetadata.RERANKED_SCORE));
            }
        }
        assertEquals(ANSWER, reranked.get(0).textSegment().text());
        assertFalse(texts(retrieved).contains(TEXTS.get(0)), "everything was retrieved");
    }

    @Test
    void theStoreHasTheEncodersVectors() {
        InMemoryEmbeddingStore<TextSegment> store = ingested(TEXTS);
        for (String text : TEXTS) {
            float[] vector = encoder.encode(text);
            TextSegment nearest = store.search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(Embedding.from(vector))
                            .maxResults(1)
                            .build())
                    .matches()
                    .get(0)
                    .embedded();
            assertEquals(text, nearest.text());
        }
    }

    @Test
    void manySegmentsKeepTheirOrder() {
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            segments.add(TextSegment.from("number " + i + " of a list" + ", and so on".repeat(i % 17)));
        }
        Collections.shuffle(segments, new Random(1));
        List<Embedding> embeddings =
                PureRankEmbeddingModel.of(encoder).embedAll(segments).content();
        for (int i = 0; i < segments.size(); i += 37) {
            assertArrayEquals(
                    encoder.encode(segments.get(i).text()), embeddings.get(i).vector(), "vector " + i);
        }
    }

    @Test
    void wordsInCommonAreNotNeeded() {
        List<Content> retrieved = retriever(ingested(TEXTS)).retrieve(Query.from("I forgot my login"));
        assertTrue(texts(retrieved).contains(TEXTS.get(6)), texts(retrieved).toString());
    }

    private static InMemoryEmbeddingStore<TextSegment> ingested(List<String> texts) {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        EmbeddingStoreIngestor.builder()
                .embeddingModel(PureRankEmbeddingModel.of(encoder))
                .embeddingInputType(EmbeddingInputType.DOCUMENT)
                .embeddingStore(store)
                .build()
                .ingest(texts.stream().map(Document::from).toList());
        return store;
    }

    private static EmbeddingStoreContentRetriever retriever(InMemoryEmbeddingStore<TextSegment> store) {
        return EmbeddingStoreContentRetriever.builder()
                .embeddingStore(store)
                .embeddingModel(PureRankEmbeddingModel.of(encoder))
                .embeddingInputType(EmbeddingInputType.QUERY)
                .maxResults(CANDIDATES)
                .build();
    }

    private static List<String> texts(List<Content> contents) {
        return contents.stream().map(content -> content.textSegment().text()).toList();
    }
}
