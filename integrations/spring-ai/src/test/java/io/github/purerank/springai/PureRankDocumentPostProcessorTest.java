package io.github.purerank.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.RankOptions;
import io.github.purerank.RankedDocument;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.DefaultContentFormatter;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;
import org.springframework.ai.rag.retrieval.search.VectorStoreDocumentRetriever;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.util.MimeTypeUtils;

class PureRankDocumentPostProcessorTest {
    private static final String QUESTION = "How do I reset a user password?";
    private static final String ANSWER = "Use the account settings page to send a password reset link.";
    private static final List<String> TEXTS = List.of(
            "I do not know how a user of the library met a friend there.",
            "Rotate the signing key before deploying a new release.",
            ANSWER,
            "The user guide is printed twice a year.");

    private static CrossEncoder model;

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void documentsHaveTheModelsOrderAndScores() {
        List<Document> ranked = new PureRankDocumentPostProcessor(model).process(new Query(QUESTION), documents());
        List<RankedDocument> expected = model.rank(QUESTION, TEXTS);
        assertEquals(TEXTS.size(), ranked.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).text(), ranked.get(i).getText());
            assertEquals(expected.get(i).score(), ranked.get(i).getScore().floatValue());
        }
    }

    @Test
    void allElseOfADocumentIsKept() {
        Document before = Document.builder()
                .id("42")
                .text(ANSWER)
                .metadata(Map.of("source", "manual"))
                .score(0.25)
                .build();
        DefaultContentFormatter formatter =
                DefaultContentFormatter.builder().withTextTemplate("{content}").build();
        before.setContentFormatter(formatter);
        Document after = new PureRankDocumentPostProcessor(model)
                .process(new Query(QUESTION), List.of(before))
                .get(0);
        assertEquals("42", after.getId());
        assertEquals("manual", after.getMetadata().get("source"));
        assertEquals(0.25, after.getMetadata().get(PureRankDocumentPostProcessor.RETRIEVAL_SCORE));
        assertSame(formatter, after.getContentFormatter());
        assertEquals(0.25, before.getScore());
        assertFalse(before.getMetadata().containsKey(PureRankDocumentPostProcessor.RETRIEVAL_SCORE));
    }

    @Test
    void anAdvisorAsksWithTheBestDocument() {
        SimpleVectorStore store = SimpleVectorStore.builder(new HashedWords()).build();
        store.add(documents());
        VectorStoreDocumentRetriever retriever = VectorStoreDocumentRetriever.builder()
                .vectorStore(store)
                .topK(TEXTS.size())
                .build();
        assertNotEquals(ANSWER, retriever.retrieve(new Query(QUESTION)).get(0).getText(), "nothing is left to rerank");

        RetrievalAugmentationAdvisor advisor = RetrievalAugmentationAdvisor.builder()
                .documentRetriever(retriever)
                .documentPostProcessors(new PureRankDocumentPostProcessor(
                        model, RankOptions.defaults().withTopK(1)))
                .build();
        ChatClientRequest asked = advisor.before(new ChatClientRequest(new Prompt(QUESTION), Map.of()), null);

        String prompt = asked.prompt().getContents();
        assertTrue(prompt.contains(ANSWER), prompt);
        assertFalse(prompt.contains(TEXTS.get(0)), prompt);
        List<?> used = (List<?>) asked.context().get(RetrievalAugmentationAdvisor.DOCUMENT_CONTEXT);
        Document document = (Document) used.get(0);
        assertEquals(1, used.size());
        assertEquals(
                model.rank(QUESTION, List.of(ANSWER)).get(0).score(),
                document.getScore().floatValue());
        assertTrue(document.getMetadata().containsKey(PureRankDocumentPostProcessor.RETRIEVAL_SCORE));
    }

    @Test
    void mediaComeLastIfThereIsRoom() {
        Document picture = new Document(
                new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/picture.png")), Map.of());
        List<Document> documents = new ArrayList<>(documents());
        documents.add(0, picture);
        Query query = new Query(QUESTION);

        List<Document> all = new PureRankDocumentPostProcessor(model).process(query, documents);
        assertEquals(documents.size(), all.size());
        assertSame(picture, all.get(TEXTS.size()));

        RankOptions two = RankOptions.defaults().withTopK(2);
        assertFalse(new PureRankDocumentPostProcessor(model, two)
                .process(query, documents)
                .contains(picture));
        RankOptions good = RankOptions.defaults().withMinScore(-1e9f);
        assertEquals(
                TEXTS.size(),
                new PureRankDocumentPostProcessor(model, good)
                        .process(query, documents)
                        .size());
    }

    @Test
    void nothingStaysNothingAndNullIsNamed() {
        PureRankDocumentPostProcessor processor = new PureRankDocumentPostProcessor(model);
        Query query = new Query(QUESTION);
        assertEquals(List.of(), processor.process(query, List.of()));
        assertEquals(1, processor.process(query, List.of(new Document(""))).size());
        NullPointerException failure = assertThrows(
                NullPointerException.class, () -> processor.process(query, Arrays.asList(new Document("text"), null)));
        assertEquals("document 1", failure.getMessage());
        assertThrows(NullPointerException.class, () -> processor.process(query, null));
    }

    @Test
    void anInterruptedThreadGetsNoDocuments() {
        PureRankDocumentPostProcessor processor = new PureRankDocumentPostProcessor(model);
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, () -> processor.process(new Query(QUESTION), documents()));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    private static List<Document> documents() {
        return TEXTS.stream().map(Document::new).toList();
    }

    /** Texts that share words are near each other: deterministic, and easy to mislead. */
    private static final class HashedWords implements EmbeddingModel {
        private static final int SIZE = 256;

        @Override
        public EmbeddingResponse call(EmbeddingRequest request) {
            List<Embedding> embeddings = new ArrayList<>();
            for (String text : request.getInstructions()) {
                embeddings.add(new Embedding(vector(text), embeddings.size()));
            }
            return new EmbeddingResponse(embeddings);
        }

        @Override
        public float[] embed(Document document) {
            return vector(document.getText());
        }

        private static float[] vector(String text) {
            float[] vector = new float[SIZE];
            for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
                vector[Math.floorMod(word.hashCode(), SIZE)]++;
            }
            return vector;
        }
    }
}
