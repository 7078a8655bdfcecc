package io.github.purerank.cli;

import io.github.purerank.format.ModelFormatException;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Finds the parts of a BERT in an ONNX graph as PyTorch exports it.
 *
 * <p>Embeddings, LayerNorm and biases keep their names there. The weight of a linear layer often does not: it is folded into an
 * anonymous constant, transposed. It is found by its bias: an addition of the bias to a product with the constant.
 */
final class OnnxBert {
    private static final String WORD_EMBEDDINGS = "embeddings.word_embeddings.weight";

    private final OnnxGraph graph;
    private final String prefix;

    /** What stands before the name of each parameter is whatever stands before the word embeddings. */
    OnnxBert(OnnxGraph graph) throws ModelFormatException {
        this.graph = graph;
        String found = null;
        for (String name : graph.constants().keySet()) {
            if (name.endsWith(WORD_EMBEDDINGS)) {
                found = name.substring(0, name.length() - WORD_EMBEDDINGS.length());
            }
        }
        if (found == null) {
            throw new ModelFormatException(
                    graph.file(), "", "a BERT, with a constant " + WORD_EMBEDDINGS, "none of this name");
        }
        this.prefix = found;
    }

    /** A tensor with so many dimensions, by its name in the checkpoint without "bert.". */
    OnnxTensor named(String name, int dimensions) throws ModelFormatException {
        OnnxTensor tensor = graph.constants().get(prefix + name);
        if (tensor == null) {
            throw new ModelFormatException(graph.file(), prefix + name, "a constant of this name", "none");
        }
        if (tensor.shape().size() != dimensions) {
            throw new ModelFormatException(
                    graph.file(), prefix + name, dimensions + " dimensions", "the shape " + tensor.shape());
        }
        return tensor;
    }

    boolean has(String name) {
        return graph.constants().containsKey(prefix + name);
    }

    /** The head is beside the BERT, not in it: its name has the prefix without "bert.". */
    OnnxBert head() throws ModelFormatException {
        return prefix.endsWith("bert.")
                ? new OnnxBert(graph, prefix.substring(0, prefix.length() - "bert.".length()))
                : this;
    }

    private OnnxBert(OnnxGraph graph, String prefix) {
        this.graph = graph;
        this.prefix = prefix;
    }

    /**
     * A linear layer's weight W (N, K), row-major.
     *
     * @param name the layer's, without ".weight"
     */
    float[] weight(String name, int outFeatures, int inFeatures) throws ModelFormatException {
        if (has(name + ".weight")) {
            OnnxTensor tensor = named(name + ".weight", 2);
            requireShape(tensor, outFeatures, inFeatures);
            return tensor.floats();
        }
        String bias = named(name + ".bias", 1).name();
        for (OnnxGraph.Node node : graph.readers(bias)) {
            if (node.type().equals("Gemm") && node.inputs().size() == 3) {
                boolean straight = node.integers().getOrDefault("transB", 0L) == 1;
                OnnxTensor tensor = graph.constants().get(node.inputs().get(1));
                if (tensor != null && straight) {
                    requireShape(tensor, outFeatures, inFeatures);
                    return tensor.floats();
                }
                if (tensor != null) {
                    return transposed(tensor, outFeatures, inFeatures);
                }
            }
            if (node.type().equals("Add") && node.inputs().size() == 2) {
                int other = node.inputs().get(0).equals(bias) ? 1 : 0;
                OnnxGraph.Node product = graph.source(node.inputs().get(other));
                if (product != null
                        && product.type().equals("MatMul")
                        && product.inputs().size() == 2) {
                    OnnxTensor tensor = graph.constants().get(product.inputs().get(1));
                    if (tensor != null) {
                        return transposed(tensor, outFeatures, inFeatures);
                    }
                }
            }
        }
        throw new ModelFormatException(
                graph.file(), bias, "an addition of this bias to a product with a constant", "none");
    }

    private float[] transposed(OnnxTensor tensor, int outFeatures, int inFeatures) throws ModelFormatException {
        requireShape(tensor, inFeatures, outFeatures);
        float[] source = tensor.floats();
        float[] target = new float[source.length];
        for (int k = 0; k < inFeatures; k++) {
            for (int n = 0; n < outFeatures; n++) {
                target[n * inFeatures + k] = source[k * outFeatures + n];
            }
        }
        return target;
    }

    private void requireShape(OnnxTensor tensor, long rows, long columns) throws ModelFormatException {
        if (!tensor.shape().equals(List.of(rows, columns))) {
            throw new ModelFormatException(
                    graph.file(), tensor.name(), "the shape " + List.of(rows, columns), "" + tensor.shape());
        }
    }

    int layerCount() throws ModelFormatException {
        int layers = 0;
        while (has("encoder.layer." + layers + ".attention.self.query.bias")) {
            layers++;
        }
        if (layers == 0) {
            named("encoder.layer.0.attention.self.query.bias", 1);
        }
        return layers;
    }

    /**
     * Read off the reshaping of the first layer's queries to (..., heads, head size).
     *
     * @return 0 if the graph does not tell
     */
    int headCount(int hiddenSize) throws ModelFormatException {
        String bias = named("encoder.layer.0.attention.self.query.bias", 1).name();
        for (OnnxGraph.Node add : graph.readers(bias)) {
            for (OnnxGraph.Node reshape : graph.readers(add.outputs().get(0))) {
                if (reshape.type().equals("Reshape") && reshape.inputs().size() == 2) {
                    long[] shape = lastTwo(reshape.inputs().get(1));
                    if (shape != null && shape[0] > 0 && shape[1] > 0 && shape[0] * shape[1] == hiddenSize) {
                        return (int) shape[0];
                    }
                }
            }
        }
        return 0;
    }

    /** The last two numbers of a shape, which is a constant or put together from constants; null if it is neither. */
    private long[] lastTwo(String shape) throws ModelFormatException {
        OnnxTensor whole = graph.constants().get(shape);
        if (whole != null && whole.isLong() && whole.longs().length >= 2) {
            long[] numbers = whole.longs();
            return new long[] {numbers[numbers.length - 2], numbers[numbers.length - 1]};
        }
        OnnxGraph.Node concat = graph.source(shape);
        if (concat == null || !concat.type().equals("Concat") || concat.inputs().size() < 2) {
            return null;
        }
        long[] numbers = new long[2];
        for (int i = 0; i < 2; i++) {
            OnnxTensor part =
                    graph.constants().get(concat.inputs().get(concat.inputs().size() - 2 + i));
            if (part == null || !part.isLong() || part.longs().length != 1) {
                return null;
            }
            numbers[i] = part.longs()[0];
        }
        return numbers;
    }

    /** What is added before a square root, or LayerNormalization's epsilon: the same everywhere. */
    float layerNormEps() throws ModelFormatException {
        float[] found = {Float.NaN};
        BiConsumer<OnnxGraph.Node, Float> note = (node, value) -> {
            if (Float.isNaN(found[0])) {
                found[0] = value;
            } else if (found[0] != value) {
                found[0] = Float.POSITIVE_INFINITY;
            }
        };
        for (OnnxGraph.Node node : graph.nodes()) {
            if (node.type().equals("LayerNormalization")) {
                note.accept(node, node.floats().getOrDefault("epsilon", 1e-5f));
            }
            OnnxGraph.Node add =
                    node.type().equals("Sqrt") ? graph.source(node.inputs().get(0)) : null;
            if (add != null && add.type().equals("Add")) {
                for (String input : add.inputs()) {
                    OnnxTensor constant = graph.constants().get(input);
                    if (constant != null && constant.isFloat() && constant.floats().length == 1) {
                        note.accept(node, constant.floats()[0]);
                    }
                }
            }
        }
        if (!(found[0] > 0 && found[0] < 1)) {
            throw new ModelFormatException(
                    graph.file(), "", "one epsilon of LayerNorm, added before the square roots", "none, or several");
        }
        return found[0];
    }

    /** By the operation that only one of the activation functions needs. */
    String hiddenActivation(int layerCount) throws ModelFormatException {
        int hyperbolicTangents = 0;
        boolean rectified = false;
        for (OnnxGraph.Node node : graph.nodes()) {
            switch (node.type()) {
                case "Erf" -> {
                    return "gelu";
                }
                case "Relu" -> rectified = true;
                case "Tanh" -> hyperbolicTangents++;
                default -> {}
            }
        }
        if (rectified) {
            return "relu";
        }
        // The pooler has one too.
        if (hyperbolicTangents >= layerCount && (hyperbolicTangents > 1 || !has("pooler.dense.bias"))) {
            return "gelu_new";
        }
        throw new ModelFormatException(
                graph.file(), "", "an activation by Erf, Relu or Tanh in each layer", "none of them");
    }
}
