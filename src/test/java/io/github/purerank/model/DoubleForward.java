package io.github.purerank.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.special.Erf;

/**
 * The network once more, written as the papers have it, in double precision and without any of our kernels: the oracle that
 * both our error and the reference's are measured against.
 */
public final class DoubleForward {
    private final BertConfig config;
    private final Map<String, float[]> weights;

    /** Weights under the names that transformers gives those of a BERT, whatever the architecture. */
    public DoubleForward(BertConfig config, Map<String, float[]> weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * What comes out.
     *
     * @param states (T, H) after the embeddings and after each layer
     */
    public record Result(List<double[][]> states, double[] logits) {}

    /** Computes one pair. */
    public Result run(int[] ids, int[] types) {
        int h = config.hiddenSize();
        int e = config.embeddingSize();
        double[][] x = new double[ids.length][e];
        for (int t = 0; t < ids.length; t++) {
            for (int i = 0; i < e; i++) {
                x[t][i] = (double) weights.get("bert.embeddings.word_embeddings.weight")[ids[t] * e + i]
                        + weights.get("bert.embeddings.position_embeddings.weight")[t * e + i];
                if (config.architecture() != Architecture.DISTILBERT) {
                    x[t][i] += weights.get("bert.embeddings.token_type_embeddings.weight")[types[t] * e + i];
                }
            }
        }
        x = layerNorm(x, "bert.embeddings.LayerNorm");
        if (e != h) {
            x = linear(x, "bert.embeddings_project");
        }
        List<double[][]> states = new ArrayList<>();
        states.add(x);
        for (int l = 0; l < config.layerCount(); l++) {
            String layer = "bert.encoder.layer." + l + ".";
            double[][] gathered = linear(attention(x, layer + "attention.self."), layer + "attention.output.dense");
            x = layerNorm(sum(x, gathered), layer + "attention.output.LayerNorm");
            double[][] inner = linear(x, layer + "intermediate.dense");
            for (double[] row : inner) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = activation(config.hiddenActivation(), row[i]);
                }
            }
            x = layerNorm(sum(x, linear(inner, layer + "output.dense")), layer + "output.LayerNorm");
            states.add(x);
        }
        double[][] pooled = linear(new double[][] {x[0]}, "bert.pooler.dense");
        for (int i = 0; i < h; i++) {
            pooled[0][i] = switch (config.architecture()) {
                case BERT -> Math.tanh(pooled[0][i]);
                case DISTILBERT -> activation(HiddenActivation.RELU, pooled[0][i]);
                case ELECTRA -> activation(HiddenActivation.GELU, pooled[0][i]);
            };
        }
        return new Result(states, linear(pooled, "classifier")[0]);
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weights.get(name + ".weight");
        float[] bias = weights.get(name + ".bias");
        double[][] y = new double[x.length][bias.length];
        for (int m = 0; m < x.length; m++) {
            for (int n = 0; n < bias.length; n++) {
                double sum = bias[n];
                for (int k = 0; k < x[m].length; k++) {
                    sum += x[m][k] * weight[n * x[m].length + k];
                }
                y[m][n] = sum;
            }
        }
        return y;
    }

    private double[][] attention(double[][] x, String name) {
        double[][] q = linear(x, name + "query");
        double[][] k = linear(x, name + "key");
        double[][] v = linear(x, name + "value");
        int s = config.headSize();
        double[][] context = new double[x.length][config.hiddenSize()];
        for (int from = 0; from < config.hiddenSize(); from += s) {
            for (int t = 0; t < x.length; t++) {
                double[] shares = new double[x.length];
                double largest = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < x.length; j++) {
                    for (int i = from; i < from + s; i++) {
                        shares[j] += q[t][i] * k[j][i];
                    }
                    shares[j] /= Math.sqrt(s);
                    largest = Math.max(largest, shares[j]);
                }
                double total = 0;
                for (int j = 0; j < x.length; j++) {
                    shares[j] = Math.exp(shares[j] - largest);
                    total += shares[j];
                }
                for (int j = 0; j < x.length; j++) {
                    for (int i = from; i < from + s; i++) {
                        context[t][i] += shares[j] / total * v[j][i];
                    }
                }
            }
        }
        return context;
    }

    private static double activation(HiddenActivation function, double x) {
        return switch (function) {
            case GELU -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case RELU -> Math.max(x, 0);
        };
    }

    private double[][] layerNorm(double[][] x, String name) {
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            for (double value : x[t]) {
                mean += value / x[t].length;
            }
            double variance = 0;
            for (double value : x[t]) {
                variance += (value - mean) * (value - mean) / x[t].length;
            }
            y[t] = new double[x[t].length];
            for (int i = 0; i < y[t].length; i++) {
                y[t][i] = (x[t][i] - mean)
                                / Math.sqrt(variance + config.layerNormEps())
                                * weights.get(name + ".weight")[i]
                        + weights.get(name + ".bias")[i];
            }
        }
        return y;
    }

    private static double[][] sum(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            sum[t] = x[t].clone();
            for (int i = 0; i < sum[t].length; i++) {
                sum[t][i] += y[t][i];
            }
        }
        return sum;
    }
}
