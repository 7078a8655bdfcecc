package io.github.purerank.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import io.github.purerank.EncodeOptions;
import io.github.purerank.ScoringTimeoutException;
import io.github.purerank.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PureRankEmbeddingModelTest {
    private static final Path MODELS = Path.of("..", "..", "src", "test", "resources", "golden", "sentences");
    /** It has a prompt for queries, and none for documents. */
    private static final Path PROMPTED = MODELS.resolve("all-modes-without-prompt");

    private static final List<String> TEXTS = List.of(
            "Everest base camp has a bakery.",
            "Mount Everest is 8,849 m high.",
            "reset",
            "Everest base camp has a bakery.");
    private static final List<TextSegment> SEGMENTS =
            TEXTS.stream().map(TextSegment::from).toList();

    private static SentenceEncoder encoder;

    @BeforeAll
    static void load() throws IOException {
        encoder = SentenceEncoder.load(PROMPTED);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void vectorsAreThoseOfTheEncoderInTheOrderOfTheSegments() {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        assertSame(encoder.encode(TEXTS), model.embedAll(SEGMENTS).content());
        assertArrayEquals(
                encoder.encode(TEXTS.get(1)),
                model.embed(SEGMENTS.get(1)).content().vector());
        assertArrayEquals(
                encoder.encode(TEXTS.get(2)),
                model.embed(TEXTS.get(2)).content().vector());
    }

    @Test
    void queriesAndDocumentsGetTheirPrompts() {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        float[][] queries = {encoder.encodeQuery(TEXTS.get(0)), encoder.encodeQuery(TEXTS.get(1))};
        EmbeddingResponse asQueries = model.embed(request(TEXTS.subList(0, 2), EmbeddingInputType.QUERY));
        assertSame(queries, asQueries.embeddings());
        EmbeddingResponse asDocuments = model.embed(request(TEXTS, EmbeddingInputType.DOCUMENT));
        assertSame(encoder.encodeDocuments(TEXTS), asDocuments.embeddings());
        assertFalse(Arrays.equals(queries[0], encoder.encode(TEXTS.get(0))), "the prompt does nothing");

        EncodeOptions passage = EncodeOptions.defaults().withPromptName("passage");
        assertSame(
                encoder.encode(TEXTS, passage),
                with(passage).embed(request(TEXTS, EmbeddingInputType.QUERY)).embeddings());
    }

    @Test
    void usageCountsTheTokensThatTheEncoderReads() {
        int tokens = 0;
        for (String text : TEXTS) {
            tokens += encoder.tokenize(text, 0).size();
        }
        Response<List<Embedding>> response = PureRankEmbeddingModel.of(encoder).embedAll(SEGMENTS);
        assertEquals(tokens, response.tokenUsage().inputTokenCount());
        assertEquals(tokens, response.tokenUsage().totalTokenCount());

        String prompt = encoder.config().prompts().get("query");
        int prompted = encoder.tokenize(prompt + TEXTS.get(2), 0).size();
        assertTrue(prompted > encoder.tokenize(TEXTS.get(2), 0).size());
        assertEquals(
                prompted,
                PureRankEmbeddingModel.of(encoder)
                        .embed(request(List.of(TEXTS.get(2)), EmbeddingInputType.QUERY))
                        .tokenUsage()
                        .inputTokenCount());

        EncodeOptions shorter = EncodeOptions.defaults().withMaxLength(5);
        assertEquals(
                3 * 5,
                with(shorter)
                        .embedAll(List.of(SEGMENTS.get(0), SEGMENTS.get(1), SEGMENTS.get(3)))
                        .tokenUsage()
                        .inputTokenCount());
    }

    @Test
    void aRequestChoosesTheDimensions() {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        assertEquals(encoder.embeddingDimension(), model.dimension());
        EmbeddingResponse cut = model.embed(
                EmbeddingRequest.builder().inputs("reset").dimensions(7).build());
        assertArrayEquals(
                encoder.encode("reset", EncodeOptions.defaults().withTruncateDimensions(7)),
                cut.embeddings().get(0).vector());
        assertEquals(7, with(EncodeOptions.defaults().withTruncateDimensions(7)).dimension());

        int tooMany = encoder.embeddingDimension() + 1;
        for (int wrong : new int[] {0, -1, tooMany}) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> model.embed(EmbeddingRequest.builder()
                            .inputs("reset")
                            .dimensions(wrong)
                            .build()));
            assertTrue(refused.getMessage().contains("found " + wrong), refused.getMessage());
        }
    }

    @Test
    void aRequestForAnotherModelIsRefused() {
        EmbeddingRequest another =
                EmbeddingRequest.builder().inputs("reset").modelName("another").build();
        assertThrows(
                UnsupportedFeatureException.class,
                () -> PureRankEmbeddingModel.of(encoder).embed(another));
    }

    @Test
    void theModelHasAName() throws IOException {
        assertEquals(encoder.source(), PureRankEmbeddingModel.of(encoder).modelName());
        PureRankEmbeddingModel named = PureRankEmbeddingModel.builder()
                .encoder(encoder)
                .modelName("tiny")
                .build();
        assertEquals("tiny", named.modelName());
        assertEquals(
                "tiny",
                named.embed(request(TEXTS, EmbeddingInputType.DOCUMENT))
                        .metadata()
                        .modelName());
    }

    @Test
    void asynchronousVectorsAreTheSame() throws Exception {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        EmbeddingRequest request = request(TEXTS, EmbeddingInputType.QUERY);
        assertEquals(model.embed(request), model.embedAsync(request).get());

        EmbeddingRequest wrong =
                EmbeddingRequest.builder().inputs("reset").dimensions(0).build();
        ExecutionException refused = assertThrows(
                ExecutionException.class, () -> model.embedAsync(wrong).get());
        assertEquals(IllegalArgumentException.class, refused.getCause().getClass());
    }

    @Test
    void nothingHasNoVectors() {
        Response<List<Embedding>> response = PureRankEmbeddingModel.of(encoder).embedAll(List.of());
        assertEquals(List.of(), response.content());
        assertEquals(0, response.tokenUsage().totalTokenCount());
    }

    @Test
    void nullIsNamed() {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        NullPointerException failure = assertThrows(
                NullPointerException.class,
                () -> model.embedAll(Arrays.asList(SEGMENTS.get(0), null, SEGMENTS.get(1))));
        assertEquals("segment 1", failure.getMessage());
        // LangChain4j itself has no segments without text.
        assertThrows(IllegalArgumentException.class, () -> model.embed(""));
    }

    @Test
    void anInterruptedThreadGetsNoVectors() {
        PureRankEmbeddingModel model = PureRankEmbeddingModel.of(encoder);
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, () -> model.embedAll(SEGMENTS));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals(SEGMENTS.size(), model.embedAll(SEGMENTS).content().size());
    }

    @Test
    void aTimeoutEndsTheCall() {
        List<TextSegment> many = Collections.nCopies(20_000, SEGMENTS.get(0));
        EncodeOptions hasty = EncodeOptions.defaults().withTimeout(Duration.ofMillis(1));
        assertThrows(ScoringTimeoutException.class, () -> with(hasty).embedAll(many));
    }

    @Test
    void aMissingEncoderIsNamed(@TempDir Path directory) {
        Path missing = directory.resolve("no-such-model");
        IOException failure = assertThrows(IOException.class, () -> PureRankEmbeddingModel.load(missing));
        assertTrue(failure.getMessage().contains("no-such-model"), failure.getMessage());
    }

    @Test
    void closesWhatItLoadedAndNothingElse() throws IOException {
        PureRankEmbeddingModel owner = PureRankEmbeddingModel.load(PROMPTED);
        assertSame(encoder.encode(TEXTS), owner.embedAll(SEGMENTS).content());
        owner.close();
        assertThrows(IllegalStateException.class, () -> owner.embedAll(SEGMENTS));

        PureRankEmbeddingModel.of(encoder).close();
        assertEquals(TEXTS.size(), encoder.encode(TEXTS).length);
    }

    @Test
    void anEncoderAndADirectoryAreTooMuchAndNeitherIsTooLittle() {
        PureRankEmbeddingModel.Builder both =
                PureRankEmbeddingModel.builder().encoder(encoder).directory(PROMPTED);
        assertThrows(IllegalStateException.class, both::build);
        assertThrows(IllegalStateException.class, PureRankEmbeddingModel.builder()::build);
    }

    private static EmbeddingRequest request(List<String> texts, EmbeddingInputType type) {
        return EmbeddingRequest.builder()
                .inputs(texts.toArray(new String[0]))
                .inputType(type)
                .build();
    }

    private static PureRankEmbeddingModel with(EncodeOptions options) {
        try {
            return PureRankEmbeddingModel.builder()
                    .encoder(encoder)
                    .options(options)
                    .build();
        } catch (IOException e) {
            throw new AssertionError("nothing is loaded", e);
        }
    }

    private static void assertSame(float[][] expected, List<Embedding> found) {
        assertEquals(expected.length, found.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found.get(i).vector(), "vector " + i);
        }
    }
}
