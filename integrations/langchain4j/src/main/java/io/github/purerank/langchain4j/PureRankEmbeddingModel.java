package io.github.purerank.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.purerank.EncodeOptions;
import io.github.purerank.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * A sentence encoder as an embedding model of LangChain4j: give it to an {@code EmbeddingStoreIngestor} and to an {@code
 * EmbeddingStoreContentRetriever}.
 *
 * <p>A request may say how many dimensions it wants, and whether its texts are queries or documents: then they get the model's
 * prompt of that name, unless the options have a prompt. Without that, and in {@link #embedAll}, they get the model's default one,
 * which few models have.
 *
 * <p>Immutable and safe for many threads at once.
 */
public final class PureRankEmbeddingModel implements EmbeddingModel, AutoCloseable {
    private static final Set<EmbeddingParameter<?>> SUPPORTED =
            Set.of(EmbeddingRequestParameters.DIMENSIONS, EmbeddingRequestParameters.INPUT_TYPE);

    private final SentenceEncoder encoder;
    private final boolean ownsEncoder;
    private final EncodeOptions options;
    private final Executor executor;
    private final String modelName;

    private PureRankEmbeddingModel(SentenceEncoder encoder, boolean ownsEncoder, Builder builder) {
        this.encoder = encoder;
        this.ownsEncoder = ownsEncoder;
        this.options = builder.options;
        this.executor = builder.executor;
        this.modelName = builder.modelName == null ? encoder.source() : builder.modelName;
    }

    /** Encodes with the caller's encoder, which {@link #close} leaves open. */
    public static PureRankEmbeddingModel of(SentenceEncoder encoder) {
        return builder().encoder(encoder).buildAroundEncoder();
    }

    /**
     * Loads an encoder from its directory; {@link #close} closes it.
     *
     * @throws IOException as {@link SentenceEncoder#load(Path)} does, naming the file
     */
    public static PureRankEmbeddingModel load(Path directory) throws IOException {
        return builder().directory(directory).build();
    }

    /** An embedding model of several settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The vector of each segment's text, in the order of the segments.
     *
     * @return with the token usage that {@link Builder#options} describes; empty for no segments
     * @throws NullPointerException if a segment is null; names which
     * @throws IllegalStateException if the encoder is closed
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     * @throws io.github.purerank.ScoringTimeoutException if it takes longer than the options allow
     */
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<String> texts = new ArrayList<>(segments.size());
        for (TextSegment segment : segments) {
            int index = texts.size();
            texts.add(Objects.requireNonNull(segment, () -> "segment " + index).text());
        }
        return Response.from(embeddings(texts, options), usage(texts, options));
    }

    /**
     * The same for a request.
     *
     * @throws IllegalArgumentException if it wants more dimensions than the encoder has, or fewer than 1
     */
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<String> texts = new ArrayList<>(request.inputs().size());
        for (EmbeddingInput input : request.inputs()) {
            texts.add(input.text());
        }
        EncodeOptions requested = options(request);
        return EmbeddingResponse.builder()
                .embeddings(embeddings(texts, requested))
                .modelName(modelName)
                .tokenUsage(usage(texts, requested))
                .build();
    }

    /** The same on the executor. Cancelling the future does not end a computation that has begun; a timeout in the options does. */
    @Override
    public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
        return CompletableFuture.supplyAsync(() -> doEmbed(request), executor);
    }

    /** Dimensions and input type. LangChain4j refuses requests that have others, such as the name of a model. */
    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return SUPPORTED;
    }

    /** How many elements the vectors have, unless a request says otherwise. */
    @Override
    public int dimension() {
        return encoder.dimension(options);
    }

    /** What the builder was told, else where the weights were read from. */
    @Override
    public String modelName() {
        return modelName;
    }

    /** Closes the encoder if it was loaded here. Calls that have begun end as usual; later ones are refused. */
    @Override
    public void close() {
        if (ownsEncoder) {
            encoder.close();
        }
    }

    private EncodeOptions options(EmbeddingRequest request) {
        EncodeOptions requested = options;
        if (request.dimensions() != null) {
            int all = encoder.dimension(options.withTruncateDimensions(Integer.MAX_VALUE));
            int wanted = request.dimensions();
            if (wanted < 1 || wanted > all) {
                throw new IllegalArgumentException("dimensions: expected 1 to " + all + ", found " + wanted);
            }
            requested = requested.withTruncateDimensions(wanted);
        }
        if (request.inputType() == null || options.prompt() != null || options.promptName() != null) {
            return requested;
        }
        // Every encoder has prompts of these names; most are empty.
        return requested.withPromptName(request.inputType() == EmbeddingInputType.QUERY ? "query" : "document");
    }

    private List<Embedding> embeddings(List<String> texts, EncodeOptions with) {
        List<Embedding> embeddings = new ArrayList<>(texts.size());
        for (float[] vector : encoder.encode(texts, with)) {
            embeddings.add(Embedding.from(vector));
        }
        return embeddings;
    }

    /** Tokenises once more, which takes a small part of the time that encoding does. */
    private TokenUsage usage(List<String> texts, EncodeOptions with) {
        String prompt = with.promptText(encoder.config());
        long tokens = 0;
        for (String text : texts) {
            tokens += encoder.tokenize(prompt + text, with.maxLength()).size();
        }
        return TokenCounts.usage(tokens);
    }

    /** Settings of an embedding model: an encoder or a directory, and what else is wanted. */
    public static final class Builder {
        private SentenceEncoder encoder;
        private Path directory;
        private EncodeOptions options = EncodeOptions.defaults();
        private Executor executor = ForkJoinPool.commonPool();
        private String modelName;

        private Builder() {}

        /** Encodes with the caller's encoder, which stays open when the embedding model is closed. */
        public Builder encoder(SentenceEncoder newEncoder) {
            encoder = Objects.requireNonNull(newEncoder, "encoder");
            return this;
        }

        /** Loads the encoder of this directory; it is closed with the embedding model. */
        public Builder directory(Path newDirectory) {
            directory = Objects.requireNonNull(newDirectory, "directory");
            return this;
        }

        /**
         * How texts are encoded. The token usage counts prompt, text and special tokens of each text, as many as the encoder reads. A
         * prompt here goes before all texts, whatever a request says they are.
         */
        public Builder options(EncodeOptions newOptions) {
            options = Objects.requireNonNull(newOptions, "options");
            return this;
        }

        /** Where asynchronous calls run; the common pool unless something else is asked for. */
        public Builder executor(Executor newExecutor) {
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        /** What the model is called in responses; where its weights were read from unless something else is asked for. */
        public Builder modelName(String name) {
            modelName = Objects.requireNonNull(name, "modelName");
            return this;
        }

        /**
         * The embedding model.
         *
         * @throws IllegalStateException if there are both an encoder and a directory, or neither
         * @throws IOException if the encoder cannot be loaded, naming the file
         */
        public PureRankEmbeddingModel build() throws IOException {
            if (encoder != null) {
                return buildAroundEncoder();
            }
            if (directory == null) {
                throw new IllegalStateException("expected an encoder or a directory, found neither");
            }
            return new PureRankEmbeddingModel(SentenceEncoder.load(directory), true, this);
        }

        private PureRankEmbeddingModel buildAroundEncoder() {
            if (directory != null) {
                throw new IllegalStateException("expected an encoder or a directory, found both: " + directory);
            }
            return new PureRankEmbeddingModel(encoder, false, this);
        }
    }
}
