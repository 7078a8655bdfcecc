package io.github.purerank.docs;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import io.github.purerank.load.TestModels;
import io.github.purerank.model.BertConfig;
import io.github.purerank.trace.Trace;
import io.github.purerank.trace.TracedLayer;
import io.github.purerank.trace.TracedToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The pair that the documents follow, and all that the default model computes for it. */
final class Example {
    static final TextPair PAIR = new TextPair("how tall is everest", "Mount Everest is 8,849 m high.");

    /** The token whose way is told: "everest" in the query. */
    static final int TOKEN = 4;

    /** The layer and head whose attention is told. */
    static final int LAYER = 0;

    static final int HEAD = 0;

    final Trace trace;
    final BertConfig config;
    final Map<String, float[]> weights;
    final int hiddenSize;
    final int headSize;
    final int tokenCount;

    Example() throws IOException {
        try (CrossEncoder model = CrossEncoder.load()) {
            trace = model.trace(PAIR);
            config = model.config().bert();
        }
        weights = TestModels.defaultModel().weights();
        hiddenSize = trace.hiddenSize();
        headSize = config.headSize();
        tokenCount = trace.tokens().size();
    }

    TracedToken token(int t) {
        return trace.tokens().get(t);
    }

    TracedLayer layer() {
        return trace.layers().get(LAYER);
    }

    float[] row(float[] rows, int row) {
        return Arrays.copyOfRange(rows, row * hiddenSize, (row + 1) * hiddenSize);
    }

    float[] weightRow(String table, int row) {
        return row(weights.get("bert.embeddings." + table + "_embeddings.weight"), row);
    }

    /** What a query and a key of the layer and head have in common, over the square root of the head's size. */
    double score(int query, int key) {
        float[] q = row(layer().queries(), query);
        float[] k = row(layer().keys(), key);
        double sum = 0;
        for (int s = HEAD * headSize; s < (HEAD + 1) * headSize; s++) {
            sum += (double) q[s] * k[s];
        }
        return sum / Math.sqrt(headSize);
    }

    double share(int query, int key) {
        return layer().attention(HEAD)[query * tokenCount + key];
    }

    /** y = W x + b, by the names of the weights. */
    float[] linear(String name, float[] x) {
        float[] w = weights.get(name + ".weight");
        float[] b = weights.get(name + ".bias");
        float[] y = new float[b.length];
        for (int n = 0; n < y.length; n++) {
            double sum = b[n];
            for (int k = 0; k < x.length; k++) {
                sum += (double) w[n * x.length + k] * x[k];
            }
            y[n] = (float) sum;
        }
        return y;
    }

    static float[] sum(float[]... vectors) {
        float[] sum = new float[vectors[0].length];
        for (float[] vector : vectors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        return sum;
    }

    static double mean(float[] x) {
        double sum = 0;
        for (float value : x) {
            sum += value;
        }
        return sum / x.length;
    }

    static double deviation(float[] x) {
        double mean = mean(x);
        double squares = 0;
        for (float value : x) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / x.length);
    }

    static double length(float[] x) {
        double squares = 0;
        for (float value : x) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** Multiply-adds of one layer for all tokens, or with all but keys and values for the first token alone. */
    long layerWork(boolean firstTokenAlone) {
        long t = tokenCount;
        long rows = firstTokenAlone ? 1 : t;
        long h = hiddenSize;
        return 2 * t * h * h
                + rows * h * h
                + 2 * rows * t * h
                + rows * h * h
                + 2 * rows * h * config.intermediateSize();
    }
}
