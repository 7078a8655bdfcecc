package io.github.purerank;

import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.load.Calibration;
import io.github.purerank.load.LoadedModel;
import io.github.purerank.load.ModelConfig;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.text.Encoding;
import io.github.purerank.trace.Trace;
import io.github.purerank.trace.Tracer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Scores how well passages answer queries: a BERT that reads both texts at once. It does what {@code CrossEncoder} of
 * sentence-transformers 6.0.1 does (cross_encoder/model.py).
 *
 * <pre>{@code
 * try (CrossEncoder model = CrossEncoder.load()) {
 *     float[] scores = model.predict(List.of(new TextPair("how tall is everest", "Mount Everest is 8,849 m high.")));
 *     List<RankedDocument> ranking = model.rank("how tall is everest", documents, 10);
 * }
 * }</pre>
 *
 * <p>Immutable and safe for many threads at once. A pair's score has the same bits whatever it is scored with, whatever the
 * number of threads and whichever kernels compute it.
 */
public final class CrossEncoder implements AutoCloseable {
    /** How messages name a pair of a list. */
    static final IntFunction<String> PAIRS = i -> "pair " + i;

    private final LoadedModel model;
    private final KernelChoice kernels;
    private final WorkCrew crew;
    private final PairScorer scorer;
    private volatile boolean closed;

    private CrossEncoder(LoadedModel model, KernelChoice kernels, WorkCrew crew) {
        this.model = model;
        this.kernels = kernels;
        this.crew = crew;
        this.scorer = new PairScorer(model, crew);
    }

    /** Loads the small model that this library brings along; docs/default-model-card.md says what it can do. */
    public static CrossEncoder load() throws IOException {
        return load(LoadOptions.defaults());
    }

    /** The same with options. */
    public static CrossEncoder load(LoadOptions options) throws IOException {
        return load(ModelLoader.defaultFiles(), options);
    }

    /**
     * Loads a model from a directory as sentence-transformers or Hugging Face save it: config.json, tokenizer.json or
     * vocab.txt, and model.safetensors.
     *
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws java.io.FileNotFoundException if the directory or a file is missing
     * @throws IOException if the directory or a file cannot be read
     */
    public static CrossEncoder load(Path directory) throws IOException {
        return load(directory, LoadOptions.defaults());
    }

    /** The same with options. */
    public static CrossEncoder load(Path directory, LoadOptions options) throws IOException {
        return load(ModelLoader.filesIn(Objects.requireNonNull(directory, "directory")), options);
    }

    /** The same from files that are kept anywhere. */
    public static CrossEncoder load(ModelFiles files, LoadOptions options) throws IOException {
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(options, "options");
        KernelChoice kernels = ChosenKernels.get();
        WorkCrew crew = new WorkCrew(options.threads(), options.executor());
        try {
            LoadedModel model = ModelLoader.load(files, kernels.kernels(), crew.helpers());
            crew.inBackground(ChosenKernels.WARM_UP_DELAY_MILLIS, model.network()::warmUp);
            return new CrossEncoder(model, kernels, crew);
        } catch (IOException | RuntimeException | Error e) {
            crew.close();
            throw e;
        }
    }

    /**
     * Scores pairs with a model of one label.
     *
     * @return a score for each pair, in the order of the pairs; empty for none
     * @throws IllegalStateException if the model has several labels (use {@link #predictLabels}) or is closed
     * @throws CancellationException if the calling thread is interrupted; it stays so
     */
    public float[] predict(List<TextPair> pairs) {
        return predict(pairs, PredictOptions.defaults());
    }

    /** The same with options. */
    public float[] predict(List<TextPair> pairs, PredictOptions options) {
        requireOneLabel("predict gives one score a pair; use predictLabels");
        return scores(pairs, PAIRS, options, Cancellation.of(options), null);
    }

    /** Scores one pair with a model of one label. */
    public float predict(TextPair pair) {
        return predict(pair, PredictOptions.defaults());
    }

    /** The same with options. */
    public float predict(TextPair pair, PredictOptions options) {
        return predict(List.of(Objects.requireNonNull(pair, "pair")), options)[0];
    }

    /**
     * Scores pairs as they come, with a model of any number of labels: for more pairs than there is memory for. Some thousands
     * at most are read before they are scored, the first when the result is asked for the first score.
     *
     * @param pairs read by the thread that reads the result, and closed when that is closed
     * @param options the timeout, if any, is that of the whole stream, from this call on; the listener is told -1 as the total
     * @return the pairs in their order with their scores, sequential. Reading it ends with a CancellationException if the
     *     thread is interrupted, and with an IllegalStateException if the model is closed
     */
    public Stream<ScoredPair> predict(Stream<TextPair> pairs, PredictOptions options) {
        Objects.requireNonNull(pairs, "pairs");
        requirePossible(Objects.requireNonNull(options, "options"));
        requirePossibleForTexts(options);
        requireOpen();
        return new PairStream(this, pairs, options).scored();
    }

    /**
     * Scores pairs that are tokenised already, with a model of one label.
     *
     * @param pairs from {@link #tokenize}
     * @param options what they say about texts, prompt, maximal length and long texts, does not matter any more
     */
    public float[] predictEncoded(List<Encoding> pairs, PredictOptions options) {
        requireOneLabel("predictEncoded gives one score a pair");
        Encoding[] checked = Objects.requireNonNull(pairs, "pairs").toArray(new Encoding[0]);
        requireNoNull(Arrays.asList(checked));
        requireOpen();
        requirePossible(Objects.requireNonNull(options, "options"));
        return activate(scorer.logitsOfEncoded(checked, options, Cancellation.of(options)), options);
    }

    /**
     * Scores pairs with a model of any number of labels.
     *
     * @return (pairs, {@link #labels()}): for each pair a score for each label
     * @throws IllegalStateException if the model is closed
     * @throws CancellationException if the calling thread is interrupted; it stays so
     */
    public float[][] predictLabels(List<TextPair> pairs, PredictOptions options) {
        return predictLabels(pairs, PAIRS, options, Cancellation.of(options));
    }

    /** The same with another way to name pairs in messages. */
    float[][] predictLabels(
            List<TextPair> pairs, IntFunction<String> names, PredictOptions options, Cancellation cancellation) {
        float[] flat = scores(pairs, names, options, cancellation, null);
        int labelCount = labels().size();
        float[][] scores = new float[flat.length / labelCount][];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Arrays.copyOfRange(flat, i * labelCount, (i + 1) * labelCount);
            if (options.softmax()) {
                ScoreActivation.softmax(scores[i]);
            }
        }
        return scores;
    }

    /**
     * Orders documents by their relevance to a query. Documents of equal score keep their order.
     *
     * @return all documents, the most relevant first
     * @throws IllegalStateException if the model has several labels or is closed
     * @throws CancellationException if the calling thread is interrupted; it stays so
     */
    public List<RankedDocument> rank(String query, List<String> documents) {
        return rank(query, documents, RankOptions.defaults());
    }

    /**
     * The same for the {@code topK} most relevant documents.
     *
     * @param topK how many documents to return; more than there are means all
     */
    public List<RankedDocument> rank(String query, List<String> documents, int topK) {
        return rank(query, documents, RankOptions.defaults().withTopK(topK));
    }

    /** The same with options for the scores. */
    public List<RankedDocument> rank(String query, List<String> documents, int topK, PredictOptions options) {
        return rank(query, documents, RankOptions.defaults().withTopK(topK).withPredict(options));
    }

    /** The same with options. */
    public List<RankedDocument> rank(String query, List<String> documents, RankOptions options) {
        Objects.requireNonNull(documents, "documents");
        List<RankedDocument> ranking = new ArrayList<>();
        for (RankedItem<String> item : rank(query, documents, text -> text, options)) {
            String text = options.returnDocuments() ? item.item() : null;
            ranking.add(new RankedDocument(item.index(), item.score(), text, item.window()));
        }
        return List.copyOf(ranking);
    }

    /**
     * Orders the caller's own objects by the relevance of their texts to a query. Objects of equal score keep their order; a text
     * that several have is scored once.
     *
     * @param items in any collection; {@link RankedItem#index} counts in its order
     * @param text gives an item's text; asked once for each
     * @return the most relevant first
     */
    public <T> List<RankedItem<T>> rank(
            String query, Collection<? extends T> items, Function<? super T, String> text, RankOptions options) {
        Objects.requireNonNull(items, "items");
        Objects.requireNonNull(text, "text");
        requireOneLabel("rank needs one score a pair");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(options, "options");
        DistinctTexts<T> texts = new DistinctTexts<>(items, text);
        List<TextPair> pairs = texts.pairsWith(query);
        TextRange[] ranges = new TextRange[pairs.size()];
        float[] scores = scores(pairs, texts::name, options.predict(), Cancellation.of(options.predict()), ranges);
        return texts.ranked(scores, ranges, options);
    }

    /**
     * The tokens that a pair becomes, without any prompt: to have the model's default one, put it before the query. Needs no
     * threads, so it works after closing as well.
     *
     * @param maxLength the most tokens, special tokens included; 0 for the model's own limit
     */
    public Encoding tokenize(TextPair pair, int maxLength) {
        Objects.requireNonNull(pair, "pair");
        return model.encoder()
                .encode(
                        pair.query(),
                        pair.passage(),
                        maxLength == 0 ? model.config().maxLength() : maxLength);
    }

    /**
     * Every value on the way from a pair to its logits: what {@link #predict(TextPair)} computes, in the calling thread, and looked
     * at. The last layer is computed for all tokens, not for the first alone; the logits have the same bits.
     *
     * @throws IllegalStateException if the model is closed
     */
    public Trace trace(TextPair pair) {
        requireOpen();
        return Tracer.trace(
                model.encoder(),
                model.network(),
                config().defaultPromptText() + pair.query(),
                pair.passage(),
                config().maxLength());
    }

    /** How pairs are read with these options: what a calibration remembers of those that it is fitted to. */
    public Calibration.Inputs inputs(PredictOptions options) {
        return scorer.inputs(options);
    }

    /** The labels' names, in the order of the scores of {@link #predictLabels}. */
    public List<String> labels() {
        return model.config().labels();
    }

    /** What the model says about itself. */
    public ModelConfig config() {
        return model.config();
    }

    /** Where the model came from, what it holds and what computes it. */
    public ModelInfo info() {
        return new ModelInfo(
                model.source(),
                model.config(),
                model.parameterCount(),
                model.dtypes(),
                model.network().weightBytes(),
                kernels.kernels().name(),
                kernels.reason());
    }

    /** Ends the model's own threads. Calls that have begun end as usual; later ones are refused. */
    @Override
    public void close() {
        closed = true;
        crew.close();
    }

    /** The activated logits of each pair, pair after pair; the arguments as {@link PairScorer#logits} says. */
    private float[] scores(
            List<TextPair> pairs,
            IntFunction<String> names,
            PredictOptions options,
            Cancellation cancellation,
            TextRange[] ranges) {
        // A copy: the caller's list may be slow to index, or change.
        List<TextPair> checked =
                Arrays.asList(Objects.requireNonNull(pairs, "pairs").toArray(new TextPair[0]));
        requireNoNull(checked);
        requireOpen();
        requirePossible(options);
        requirePossibleForTexts(options);
        return activate(scorer.logits(checked, names, options, cancellation, ranges), options);
    }

    private void requirePossible(PredictOptions options) {
        if (options.softmax() && labels().size() == 1) {
            throw new OptionException("softmax", "over the one label of this model it would make every score 1");
        }
        if (options.calibrated()) {
            requireOneLabel("calibrated scores are for models of one label");
        }
        if (options.calibrated() && calibration(options) == null) {
            throw new IllegalStateException(
                    "the model has no " + Calibration.FILE_NAME
                            + " among its files to calibrate scores with; \"purerank calibrate\" makes one from labelled pairs");
        }
    }

    private void requirePossibleForTexts(PredictOptions options) {
        scorer.requirePossible(options);
        if (options.calibrated() && calibration(options).inputs().isPresent()) {
            Calibration.Inputs fitted = calibration(options).inputs().get();
            Calibration.Inputs found = scorer.inputs(options);
            requireFitted("prompt", "\"" + fitted.prompt() + "\"", "\"" + found.prompt() + "\"");
            requireFitted("maxLength", fitted.maxLength() + " tokens", found.maxLength() + " tokens");
            requireFitted("longText", fitted.longText(), found.longText());
        }
    }

    private static void requireFitted(String option, String fitted, String found) {
        if (!fitted.equals(found)) {
            throw new OptionException(option, "the calibration was fitted with " + fitted + ", found " + found);
        }
    }

    /** Null for none. */
    private Calibration calibration(PredictOptions options) {
        return options.calibration() == null ? config().calibration().orElse(null) : options.calibration();
    }

    private float[] activate(float[] logits, PredictOptions options) {
        if (options.calibrated()) {
            return calibration(options).apply(logits);
        }
        ScoreActivation activation = options.activation() == null ? config().activation() : options.activation();
        for (int i = 0; i < logits.length; i++) {
            logits[i] = activation.apply(logits[i]);
        }
        return logits;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this CrossEncoder is closed");
        }
    }

    private static void requireNoNull(List<?> pairs) {
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i) == null) {
                throw new NullPointerException(PAIRS.apply(i));
            }
        }
    }

    private void requireOneLabel(String reason) {
        if (labels().size() != 1) {
            throw new IllegalStateException("the model has the labels " + labels() + ", and " + reason);
        }
    }
}
