package io.github.purerank.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import dev.langchain4j.model.scoring.response.ScoringResponse;
import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * A cross-encoder as a scoring model of LangChain4j: give it to a {@code ReRankingContentAggregator}.
 *
 * <p>Immutable and safe for many threads at once.
 */
public final class PureRankScoringModel implements ScoringModel, AutoCloseable {
    private final CrossEncoder model;
    private final boolean ownsModel;
    private final PredictOptions options;
    private final Executor executor;

    private PureRankScoringModel(CrossEncoder model, boolean ownsModel, Builder builder) {
        this.model = model;
        this.ownsModel = ownsModel;
        this.options = builder.options;
        this.executor = builder.executor;
    }

    /** Scores with the caller's model, which {@link #close} leaves open. */
    public static PureRankScoringModel of(CrossEncoder model) {
        return builder().model(model).buildAroundModel();
    }

    /**
     * Loads a model from its directory; {@link #close} closes it.
     *
     * @throws IOException as {@link CrossEncoder#load(Path)} does, naming the file
     */
    public static PureRankScoringModel load(Path directory) throws IOException {
        return builder().directory(directory).build();
    }

    /** A scoring model of several settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The score of each segment's text, in the order of the segments. Higher is better; whether they lie between 0 and 1 depends
     * on the model's activation.
     *
     * @return with the token usage that {@link Builder#options} describes; empty for no segments
     * @throws NullPointerException if the query, a segment or its text is null; names which
     * @throws IllegalStateException if the model has several labels or is closed
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     * @throws io.github.purerank.ScoringTimeoutException if it takes longer than the options allow
     */
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        Objects.requireNonNull(query, "query");
        List<String> texts = new ArrayList<>(segments.size());
        for (TextSegment segment : segments) {
            int index = texts.size();
            texts.add(Objects.requireNonNull(segment, () -> "segment " + index).text());
        }
        List<TextPair> pairs = pairs(query, texts);
        return Response.from(scores(pairs), usage(pairs));
    }

    /**
     * The same on the executor. Cancelling the future does not end a computation that has begun; a timeout in the options does.
     *
     * @return fails as {@link #scoreAll} does, and with an IllegalArgumentException if the request names a model: this is only one
     */
    @Override
    public CompletableFuture<ScoringResponse> doScoreAsync(ScoringRequest request) {
        if (request.modelName() != null) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "modelName: expected none, as there is one model here, found \"" + request.modelName() + "\""));
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    List<TextPair> pairs = pairs(request.query(), request.documents());
                    return ScoringResponse.builder()
                            .scores(scores(pairs))
                            .tokenUsage(usage(pairs))
                            .build();
                },
                executor);
    }

    /** Closes the model if it was loaded here. Calls that have begun end as usual; later ones are refused. */
    @Override
    public void close() {
        if (ownsModel) {
            model.close();
        }
    }

    private static List<TextPair> pairs(String query, List<String> texts) {
        List<TextPair> pairs = new ArrayList<>(texts.size());
        for (String text : texts) {
            int index = pairs.size();
            pairs.add(new TextPair(query, Objects.requireNonNull(text, () -> "text of segment " + index)));
        }
        return pairs;
    }

    private List<Double> scores(List<TextPair> pairs) {
        List<Double> scores = new ArrayList<>(pairs.size());
        for (float score : model.predict(pairs, options)) {
            scores.add((double) score);
        }
        return scores;
    }

    /** Tokenises once more, which takes a small part of the time that scoring does. */
    private TokenUsage usage(List<TextPair> pairs) {
        boolean cuts = options.longText().method() == LongText.Method.TRUNCATE;
        int maxLength = cuts ? options.maxLength() : Integer.MAX_VALUE;
        String prompt = options.promptText(model.config());
        long tokens = 0;
        for (TextPair pair : pairs) {
            TextPair prompted = prompt.isEmpty() ? pair : new TextPair(prompt + pair.query(), pair.passage());
            tokens += model.tokenize(prompted, maxLength).size();
        }
        return TokenCounts.usage(tokens);
    }

    /** Settings of a scoring model. Without a model or a directory it is the small one that the library brings along. */
    public static final class Builder {
        private CrossEncoder model;
        private Path directory;
        private PredictOptions options = PredictOptions.defaults();
        private Executor executor = ForkJoinPool.commonPool();

        private Builder() {}

        /** Scores with the caller's model, which stays open when the scoring model is closed. */
        public Builder model(CrossEncoder newModel) {
            model = Objects.requireNonNull(newModel, "model");
            return this;
        }

        /** Loads the model of this directory; it is closed with the scoring model. */
        public Builder directory(Path newDirectory) {
            directory = Objects.requireNonNull(newDirectory, "directory");
            return this;
        }

        /**
         * How pairs are scored. The token usage counts query, text and special tokens of each pair, as many as the model reads; if
         * long texts are read in windows, all tokens of each pair once, though windows overlap and each has the query.
         */
        public Builder options(PredictOptions newOptions) {
            options = Objects.requireNonNull(newOptions, "options");
            return this;
        }

        /** Where asynchronous calls run; the common pool unless something else is asked for. */
        public Builder executor(Executor newExecutor) {
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        /**
         * The scoring model.
         *
         * @throws IllegalStateException if there are both a model and a directory
         * @throws IOException if the model cannot be loaded, naming the file
         */
        public PureRankScoringModel build() throws IOException {
            if (model != null) {
                return buildAroundModel();
            }
            return new PureRankScoringModel(
                    directory == null ? CrossEncoder.load() : CrossEncoder.load(directory), true, this);
        }

        private PureRankScoringModel buildAroundModel() {
            if (directory != null) {
                throw new IllegalStateException("expected a model or a directory, found both: " + directory);
            }
            return new PureRankScoringModel(model, false, this);
        }
    }
}
