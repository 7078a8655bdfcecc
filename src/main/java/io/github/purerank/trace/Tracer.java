package io.github.purerank.trace;

import io.github.purerank.kernel.AttentionHeads;
import io.github.purerank.kernel.AttentionWeights;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.RaggedBatch;
import io.github.purerank.model.StageObserver;
import io.github.purerank.model.Workspace;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Follows one pair through tokenizer and network, and keeps what it sees. */
public final class Tracer implements StageObserver {
    private final int tokenCount;
    private final int headCount;
    private final List<StageTime> times = new ArrayList<>();
    private final List<TracedLayer> layers = new ArrayList<>();
    private float[] embeddings;
    private float[] pooledVector;

    /** The layer that is being computed. */
    private float[] queries;

    private float[] keys;
    private float[] values;
    private float[][] attention;
    private float[] contextVectors;
    private float[] attentionVectors;

    /** When the stage that is being computed began. */
    private long began;

    private Tracer(int tokenCount, int headCount) {
        this.tokenCount = tokenCount;
        this.headCount = headCount;
    }

    /**
     * Traces a pair; computed by the calling thread alone.
     *
     * @param query the first text, with its prompt
     * @param maxLength the most tokens, special tokens included
     * @throws IllegalArgumentException if the pair has more tokens than the model has positions
     */
    public static Trace trace(
            PairEncoder encoder, CrossEncoderModel network, String query, String passage, int maxLength) {
        long began = System.nanoTime();
        Encoding encoding = encoder.encode(query, passage, maxLength);
        long ended = System.nanoTime();

        RaggedBatch batch = new RaggedBatch();
        batch.add(encoding.inputIds(), encoding.tokenTypeIds());
        float[] logits = new float[network.config().labelCount()];
        Tracer tracer = new Tracer(encoding.size(), network.config().headCount());
        tracer.times.add(new StageTime(Stage.TOKENIZATION, StageTime.NO_LAYER, ended - began));
        Workspace workspace = network.newWorkspace(encoding.size(), 1);
        tracer.began = System.nanoTime();
        network.forwardObserved(batch, workspace, tracer, logits, 0);
        return new Trace(
                characters(query),
                characters(passage),
                tokens(encoding, encoder),
                tracer.headCount,
                tracer.embeddings,
                tracer.layers,
                tracer.pooledVector,
                logits,
                tracer.times);
    }

    private static List<TracedToken> tokens(Encoding encoding, PairEncoder encoder) {
        List<TracedToken> tokens = new ArrayList<>(encoding.size());
        for (int t = 0; t < encoding.size(); t++) {
            tokens.add(new TracedToken(
                    encoding.inputId(t),
                    encoder.vocabulary().token(encoding.inputId(t)),
                    encoding.tokenTypeId(t),
                    encoding.text(t),
                    encoding.start(t),
                    encoding.end(t)));
        }
        return tokens;
    }

    /** The text with U+FFFD for each lone surrogate, as the tokenizer reads it; as long as before. */
    private static String characters(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }

    @Override
    public void hiddenState(int stage, Matrix hidden) {
        if (stage == 0) {
            end(Stage.EMBEDDINGS, StageTime.NO_LAYER);
            embeddings = copy(hidden, 0, hidden.columns());
        } else {
            end(Stage.FEED_FORWARD, stage - 1);
            layers.add(new TracedLayer(
                    queries,
                    keys,
                    values,
                    attention,
                    contextVectors,
                    attentionVectors,
                    copy(hidden, 0, hidden.columns())));
        }
        began = System.nanoTime();
    }

    @Override
    public void queriesKeysValues(int layer, AttentionHeads heads, Matrix queryKeyValues) {
        end(Stage.PROJECTION, layer);
        int hiddenSize = heads.headCount() * heads.headSize();
        queries = copy(queryKeyValues, heads.queryColumn(), hiddenSize);
        keys = copy(queryKeyValues, heads.keyColumn(), hiddenSize);
        values = copy(queryKeyValues, heads.valueColumn(), hiddenSize);
        attention = new float[headCount][];
        for (int head = 0; head < headCount; head++) {
            attention[head] = AttentionWeights.of(heads, head, queryKeyValues, 0, tokenCount);
        }
        began = System.nanoTime();
    }

    @Override
    public void context(int layer, Matrix context) {
        end(Stage.ATTENTION, layer);
        contextVectors = copy(context, 0, context.columns());
        began = System.nanoTime();
    }

    @Override
    public void attentionOutput(int layer, Matrix hidden) {
        end(Stage.ATTENTION_OUTPUT, layer);
        attentionVectors = copy(hidden, 0, hidden.columns());
        began = System.nanoTime();
    }

    @Override
    public void pooled(Matrix pooled) {
        end(Stage.CLASSIFICATION, StageTime.NO_LAYER);
        pooledVector = new float[pooled.columns()];
        System.arraycopy(pooled.data(), pooled.at(0), pooledVector, 0, pooledVector.length);
    }

    private void end(Stage stage, int layer) {
        times.add(new StageTime(stage, layer, System.nanoTime() - began));
    }

    /** Some columns of the pair's rows. */
    private float[] copy(Matrix matrix, int column, int columns) {
        float[] copy = new float[Math.multiplyExact(tokenCount, columns)];
        for (int t = 0; t < tokenCount; t++) {
            System.arraycopy(matrix.data(), matrix.at(t) + column, copy, t * columns, columns);
        }
        return copy;
    }
}
