package io.github.purerank;

import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.load.LoadedSentenceModel;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.load.SentenceConfig;
import io.github.purerank.load.SentenceModelLoader;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * Makes vectors of texts, such that texts of like meaning have vectors of like direction. It does what {@code SentenceTransformer} of
 * sentence-transformers 6.0.1 does (sentence_transformer/model.py).
 *
 * <pre>{@code
 * try (SentenceEncoder model = SentenceEncoder.load(Path.of("all-MiniLM-L6-v2"))) {
 *     float[][] vectors = model.encode(List.of("Mount Everest is 8,849 m high.", "The bakery opens at six."));
 *     float[] query = model.encodeQuery("how tall is everest");
 * }
 * }</pre>
 *
 * <p>Immutable and safe for many threads at once. A text's vector has the same bits whatever it is encoded with, whatever the
 * number of threads and whichever kernels compute it.
 */
public final class SentenceEncoder implements AutoCloseable {
    /** The names that a prompt for documents may have; the first that the model has counts. */
    private static final List<String> DOCUMENT_PROMPTS = List.of("document", "passage", "corpus");

    private final LoadedSentenceModel model;
    private final KernelChoice kernels;
    private final WorkCrew crew;
    private final TextEmbedder embedder;
    /** Null until somebody asks. */
    private volatile float[] probe;

    private volatile boolean closed;

    private SentenceEncoder(LoadedSentenceModel model, KernelChoice kernels, WorkCrew crew) {
        this.model = model;
        this.kernels = kernels;
        this.crew = crew;
        this.embedder = new TextEmbedder(model, crew);
    }

    /**
     * Loads a model from a directory as sentence-transformers saves it: modules.json and the folders that it names. A directory of
     * Hugging Face without modules.json is taken for a transformer whose token vectors are averaged, as the reference does.
     *
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws java.io.FileNotFoundException if the directory or a file is missing
     * @throws IOException if the directory or a file cannot be read
     */
    public static SentenceEncoder load(Path directory) throws IOException {
        return load(directory, LoadOptions.defaults());
    }

    /** The same with options. */
    public static SentenceEncoder load(Path directory, LoadOptions options) throws IOException {
        return load(ModelLoader.filesIn(Objects.requireNonNull(directory, "directory")), options);
    }

    /** The same from files that are kept anywhere. */
    public static SentenceEncoder load(ModelFiles files, LoadOptions options) throws IOException {
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(options, "options");
        KernelChoice kernels = ChosenKernels.get();
        WorkCrew crew = new WorkCrew(options.threads(), options.executor());
        try {
            LoadedSentenceModel model = SentenceModelLoader.load(files, kernels.kernels(), crew.helpers());
            crew.inBackground(ChosenKernels.WARM_UP_DELAY_MILLIS, model.network()::warmUp);
            return new SentenceEncoder(model, kernels, crew);
        } catch (IOException | RuntimeException | Error e) {
            crew.close();
            throw e;
        }
    }

    /**
     * Makes a vector of each text.
     *
     * @return (texts, {@link #embeddingDimension()}), in the order of the texts; empty for none
     * @throws IllegalStateException if the model is closed
     * @throws CancellationException if the calling thread is interrupted; it stays so
     */
    public float[][] encode(List<String> texts) {
        return encode(texts, EncodeOptions.defaults());
    }

    /** The same with options. */
    public float[][] encode(List<String> texts, EncodeOptions options) {
        Objects.requireNonNull(options, "options");
        // A copy: the caller's list may be slow to index, or change.
        List<String> checked =
                Arrays.asList(Objects.requireNonNull(texts, "texts").toArray(new String[0]));
        for (int i = 0; i < checked.size(); i++) {
            int index = i;
            Objects.requireNonNull(checked.get(i), () -> "text " + index);
        }
        if (closed) {
            throw new IllegalStateException("this SentenceEncoder is closed");
        }
        return embedder.encode(checked, options, Cancellation.within(options.timeout()));
    }

    /** The vector of one text. */
    public float[] encode(String text) {
        return encode(text, EncodeOptions.defaults());
    }

    /** The same with options. */
    public float[] encode(String text, EncodeOptions options) {
        return encode(List.of(Objects.requireNonNull(text, "text")), options)[0];
    }

    /** The vector of something that is looked for: with the model's prompt "query", unless the options name another. */
    public float[] encodeQuery(String query, EncodeOptions options) {
        return encode(query, withPromptName(options, List.of("query")));
    }

    /** The same with default options. */
    public float[] encodeQuery(String query) {
        return encodeQuery(query, EncodeOptions.defaults());
    }

    /**
     * The vectors of texts to be found: with the model's prompt "document", "passage" or "corpus", unless the options name another.
     * ({@code SentenceTransformer.encode_document}.)
     */
    public float[][] encodeDocuments(List<String> documents, EncodeOptions options) {
        return encode(documents, withPromptName(options, DOCUMENT_PROMPTS));
    }

    /** The same with default options. */
    public float[][] encodeDocuments(List<String> documents) {
        return encodeDocuments(documents, EncodeOptions.defaults());
    }

    private EncodeOptions withPromptName(EncodeOptions options, List<String> names) {
        if (options.prompt() != null || options.promptName() != null) {
            return options;
        }
        for (String name : names) {
            if (config().prompts().containsKey(name)) {
                return options.withPromptName(name);
            }
        }
        return options;
    }

    /**
     * The tokens that a text becomes, without any prompt. Needs no threads, so it works after closing as well.
     *
     * @param maxLength the most tokens, special tokens included; 0 for the model's own limit
     */
    public Encoding tokenize(String text, int maxLength) {
        Objects.requireNonNull(text, "text");
        return model.encoder().encode(text, maxLength == 0 ? config().maxLength() : maxLength);
    }

    /** How many elements the vectors have by default. */
    public int embeddingDimension() {
        return embedder.dimensions(EncodeOptions.defaults());
    }

    /** How many elements the vectors have with these options. */
    public int dimension(EncodeOptions options) {
        return embedder.dimensions(options);
    }

    /** What tells this model from others ({@link ModelProbe}). */
    float[] probe() {
        float[] known = probe;
        if (known == null) {
            known = ModelProbe.of(this);
            probe = known;
        }
        return known;
    }

    /** What the model says about itself. */
    public SentenceConfig config() {
        return model.config();
    }

    /** What computes. */
    public KernelChoice kernels() {
        return kernels;
    }

    /** Where the model came from, what it holds and what computes it. */
    public SentenceEncoderInfo info() {
        return new SentenceEncoderInfo(
                model.source(),
                model.config(),
                model.network().steps(),
                embeddingDimension(),
                model.parameterCount(),
                model.dtypes(),
                model.network().weightBytes(),
                kernels.kernels().name(),
                kernels.reason());
    }

    /** Where the weights were read from. */
    public String source() {
        return model.source();
    }

    /** How many numbers were learned. */
    public long parameterCount() {
        return model.parameterCount();
    }

    /** Ends the model's own threads. Calls that have begun end as usual; later ones are refused. */
    @Override
    public void close() {
        closed = true;
        crew.close();
    }
}
