package io.github.purerank.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Metadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's own retrieval: an embedding store in memory, then its aggregator with PureRank as the scoring model. */
class ReRankingTest {
    private static final String ANSWER = "Use the account settings page to send a password reset link.";
    private static final String QUERY = "How do I reset a user password?";

    private static final List<String> TEXTS = List.of(
            "I do not know how a user of the library met a friend there.",
            "Rotate the signing key before deploying a new release.",
            "Berlin has a population of 3,520,031 registered inhabitants.",
            ANSWER,
            "The user guide is printed twice a year.");

    private static PureRankScoringModel scoringModel;
    private static ContentRetriever retriever;

    @BeforeAll
    static void load() throws Exception {
        scoringModel = PureRankScoringModel.builder().build();
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        EmbeddingModel embeddings = new HashedWords();
        for (String text : TEXTS) {
            TextSegment segment = TextSegment.from(text);
            store.add(embeddings.embed(segment).content(), segment);
        }
        retriever = EmbeddingStoreContentRetriever.builder()
                .embeddingStore(store)
                .embeddingModel(embeddings)
                .maxResults(TEXTS.size())
                .build();
    }

    @AfterAll
    static void close() {
        scoringModel.close();
    }

    @Test
    void theAnswerComesFirst() {
        List<Content> retrieved = retriever.retrieve(Query.from(QUERY));
        assertNotEquals(ANSWER, retrieved.get(0).textSegment().text(), "nothing is left to rerank");

        List<Content> reranked = new ReRankingContentAggregator(scoringModel).aggregate(oneQuery(retrieved));

        assertEquals(ANSWER, reranked.get(0).textSegment().text());
        assertEquals(retrieved.size(), reranked.size());
        for (Content content : reranked) {
            double expected = scoringModel.score(content.textSegment(), QUERY).content();
            assertEquals(expected, content.metadata().get(ContentMetadata.RERANKED_SCORE));
        }
    }

    @Test
    void theAsynchronousAggregatorGivesTheSame() {
        List<Content> retrieved = retriever.retrieve(Query.from(QUERY));
        ReRankingContentAggregator aggregator = new ReRankingContentAggregator(scoringModel);
        assertEquals(
                aggregator.aggregate(oneQuery(retrieved)),
                aggregator.aggregateAsync(oneQuery(retrieved)).join());
    }

    @Test
    void theAggregatorFiltersByScore() {
        ReRankingContentAggregator aggregator = ReRankingContentAggregator.builder()
                .scoringModel(scoringModel)
                .minScore(0.0)
                .maxResults(1)
                .build();
        List<Content> left = aggregator.aggregate(oneQuery(retriever.retrieve(Query.from(QUERY))));
        assertEquals(
                List.of(ANSWER), left.stream().map(c -> c.textSegment().text()).toList());
    }

    @Test
    void aQuestionIsAugmentedWithTheAnswerAlone() {
        DefaultRetrievalAugmentor augmentor = DefaultRetrievalAugmentor.builder()
                .contentRetriever(retriever)
                .contentAggregator(ReRankingContentAggregator.builder()
                        .scoringModel(scoringModel)
                        .maxResults(1)
                        .build())
                .build();
        UserMessage question = UserMessage.from(QUERY);
        UserMessage augmented = (UserMessage) augmentor
                .augment(new AugmentationRequest(question, Metadata.from(question, null, null)))
                .chatMessage();
        assertTrue(augmented.singleText().contains(ANSWER), augmented.singleText());
    }

    private static Map<Query, Collection<List<Content>>> oneQuery(List<Content> contents) {
        return Map.of(Query.from(QUERY), List.of(contents));
    }

    /** Texts that share words are near each other: deterministic, and easy to mislead. */
    private static final class HashedWords implements EmbeddingModel {
        private static final int SIZE = 256;

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            List<Embedding> embeddings = new ArrayList<>();
            for (TextSegment segment : segments) {
                float[] vector = new float[SIZE];
                for (String word : segment.text().toLowerCase(Locale.ROOT).split("\\W+")) {
                    vector[Math.floorMod(word.hashCode(), SIZE)]++;
                }
                embeddings.add(Embedding.from(vector));
            }
            return Response.from(embeddings);
        }
    }
}
