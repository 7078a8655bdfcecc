package io.github.purerank.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import dev.langchain4j.model.scoring.request.ScoringRequestParameters;
import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.ScoringTimeoutException;
import io.github.purerank.TextPair;
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

class PureRankScoringModelTest {
    private static final String QUERY = "how tall is everest";
    private static final List<TextSegment> SEGMENTS = List.of(
            TextSegment.from("Everest base camp has a bakery."),
            TextSegment.from("Mount Everest is 8,849 m high."),
            TextSegment.from("Everest base camp has a bakery."));

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
    void scoresAreThoseOfTheModelInTheOrderOfTheSegments() {
        Response<List<Double>> response = PureRankScoringModel.of(model).scoreAll(SEGMENTS, QUERY);
        float[] expected = model.predict(pairs());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], response.content().get(i).doubleValue());
        }
        assertEquals(expected.length, response.content().size());
        assertTrue(response.content().get(1) > response.content().get(0));
    }

    @Test
    void usageCountsTheTokensThatTheModelReads() {
        int tokens = 0;
        for (TextPair pair : pairs()) {
            tokens += model.tokenize(pair, 0).size();
        }
        Response<List<Double>> response = PureRankScoringModel.of(model).scoreAll(SEGMENTS, QUERY);
        assertEquals(tokens, response.tokenUsage().inputTokenCount());
        assertEquals(tokens, response.tokenUsage().totalTokenCount());

        PredictOptions shorter = PredictOptions.defaults().withMaxLength(12);
        assertEquals(
                3 * 12, with(shorter).scoreAll(SEGMENTS, QUERY).tokenUsage().inputTokenCount());
        int withPrompt = with(PredictOptions.defaults().withPrompt("one two three "))
                .scoreAll(SEGMENTS, QUERY)
                .tokenUsage()
                .inputTokenCount();
        assertEquals(tokens + 3 * 3, withPrompt);
    }

    @Test
    void usageCountsLongTextsWholeIfTheyAreReadInWindows() {
        TextSegment longText = TextSegment.from("word ".repeat(2000).strip());
        int cut = PureRankScoringModel.of(model)
                .scoreAll(List.of(longText), QUERY)
                .tokenUsage()
                .inputTokenCount();
        assertEquals(model.config().maxLength(), cut);
        PredictOptions windows = PredictOptions.defaults().withLongText(LongText.FIRST_AND_LAST);
        int whole =
                with(windows).scoreAll(List.of(longText), QUERY).tokenUsage().inputTokenCount();
        assertEquals(2000 + model.tokenize(new TextPair(QUERY, ""), 0).size(), whole);
    }

    @Test
    void asynchronousScoresAreTheSame() throws Exception {
        PureRankScoringModel scoring = PureRankScoringModel.of(model);
        Response<List<Double>> expected = scoring.scoreAll(SEGMENTS, QUERY);
        ScoringRequest request = ScoringRequest.builder()
                .documents(SEGMENTS.stream().map(TextSegment::text).toList())
                .query(QUERY)
                .build();
        assertEquals(expected.content(), scoring.scoreAsync(request).get().scores());
        assertEquals(expected.tokenUsage(), scoring.scoreAsync(request).get().tokenUsage());

        ScoringRequest another = ScoringRequest.builder()
                .documents(List.of("text"))
                .query(QUERY)
                .parameters(
                        ScoringRequestParameters.builder().modelName("another").build())
                .build();
        ExecutionException refused = assertThrows(
                ExecutionException.class, () -> scoring.scoreAsync(another).get());
        assertTrue(refused.getCause().getMessage().contains("another"), refused.toString());
    }

    @Test
    void nothingHasNoScores() {
        Response<List<Double>> response = PureRankScoringModel.of(model).scoreAll(List.of(), QUERY);
        assertEquals(List.of(), response.content());
        assertEquals(0, response.tokenUsage().totalTokenCount());
    }

    @Test
    void anEmptyQueryIsScoredAndNullIsNamed() {
        PureRankScoringModel scoring = PureRankScoringModel.of(model);
        assertEquals(3, scoring.scoreAll(SEGMENTS, "").content().size());
        assertNamed("query", () -> scoring.scoreAll(SEGMENTS, null));
        assertNamed("segment 1", () -> scoring.scoreAll(Arrays.asList(SEGMENTS.get(0), null, SEGMENTS.get(1)), QUERY));
        // LangChain4j itself has no segments without text.
        assertThrows(IllegalArgumentException.class, () -> TextSegment.from(""));
    }

    @Test
    void anInterruptedThreadGetsNoScores() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(
                    CancellationException.class,
                    () -> PureRankScoringModel.of(model).scoreAll(SEGMENTS, QUERY));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals(
                3,
                PureRankScoringModel.of(model)
                        .scoreAll(SEGMENTS, QUERY)
                        .content()
                        .size());
    }

    @Test
    void aTimeoutEndsTheCall() {
        List<TextSegment> many = Collections.nCopies(2000, SEGMENTS.get(0));
        PredictOptions hasty = PredictOptions.defaults().withTimeout(Duration.ofMillis(1));
        assertThrows(ScoringTimeoutException.class, () -> with(hasty).scoreAll(many, QUERY));
    }

    @Test
    void aMissingModelIsNamed(@TempDir Path directory) {
        Path missing = directory.resolve("no-such-model");
        IOException failure = assertThrows(IOException.class, () -> PureRankScoringModel.load(missing));
        assertTrue(failure.getMessage().contains("no-such-model"), failure.getMessage());
    }

    @Test
    void closesWhatItLoadedAndNothingElse() throws IOException {
        PureRankScoringModel owner = PureRankScoringModel.builder().build();
        owner.close();
        assertThrows(IllegalStateException.class, () -> owner.scoreAll(SEGMENTS, QUERY));

        PureRankScoringModel.of(model).close();
        assertEquals(3, model.predict(pairs()).length);
    }

    @Test
    void aModelAndADirectoryAreTooMuch() {
        PureRankScoringModel.Builder both =
                PureRankScoringModel.builder().model(model).directory(Path.of("some-model"));
        assertThrows(IllegalStateException.class, both::build);
    }

    private static PureRankScoringModel with(PredictOptions options) {
        try {
            return PureRankScoringModel.builder().model(model).options(options).build();
        } catch (IOException e) {
            throw new AssertionError("nothing is loaded", e);
        }
    }

    private static List<TextPair> pairs() {
        return SEGMENTS.stream()
                .map(segment -> new TextPair(QUERY, segment.text()))
                .toList();
    }

    private static void assertNamed(String name, Runnable call) {
        NullPointerException failure = assertThrows(NullPointerException.class, call::run);
        assertEquals(name, failure.getMessage());
    }
}
