package io.github.purerank.load;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.TensorInfo;
import io.github.purerank.format.TensorSource;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.Classifier;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.Embeddings;
import io.github.purerank.model.EncoderLayer;
import io.github.purerank.model.FeedForward;
import io.github.purerank.model.LayerNorm;
import io.github.purerank.model.Linear;
import io.github.purerank.model.Pooler;
import io.github.purerank.model.SelfAttention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds a model's tensors by the names that transformers gives them, checks their shapes, and puts the network together.
 *
 * <p>The names may begin with the architecture's prefix, such as "bert.", or not, and LayerNorm's parameters may have their old
 * names, gamma and beta. Tensors that the network does not have are passed over, as in the reference: old buffers such as
 * embeddings.position_ids, and what is left of heads for other tasks.
 */
final class BertWeights {
    /** How many floats are read at once on their way into a packed matrix: 1 MiB. */
    private static final int CHUNK = 1 << 18;

    private final TensorSource source;
    private final BertConfig config;
    private final Kernels kernels;
    private final TensorNames names;
    private final boolean hasPrefix;
    private final float[] chunk = new float[CHUNK];

    private BertWeights(TensorSource source, BertConfig config, Kernels kernels) {
        this.source = source;
        this.config = config;
        this.kernels = kernels;
        this.names = TensorNames.of(config.architecture());
        this.hasPrefix = source.tensors().containsKey(names.embeddings() + "word_embeddings.weight");
    }

    /**
     * Reads the whole network.
     *
     * @throws ModelFormatException if a tensor is missing, has another shape than the configuration says, or holds NaN or an
     *     infinity
     */
    static CrossEncoderModel read(TensorSource source, BertConfig config, Kernels kernels) throws IOException {
        return new BertWeights(source, config, kernels).model();
    }

    private CrossEncoderModel model() throws IOException {
        Embeddings embeddings = embeddings(saved(names.embeddings()));
        List<EncoderLayer> layers = new ArrayList<>();
        for (int l = 0; l < config.layerCount(); l++) {
            layers.add(layer(saved(names.layers()) + l + "."));
        }
        Pooler pooler = new Pooler(
                head(names.pooler(), config.hiddenSize()), config.architecture().headFunction());
        Classifier classifier = new Classifier(head(names.classifier(), config.labelCount()));
        return new CrossEncoderModel(config, kernels, embeddings, layers, pooler, classifier);
    }

    /** The name in this file. */
    private String saved(String name) {
        return hasPrefix || !name.startsWith(names.prefix())
                ? name
                : name.substring(names.prefix().length());
    }

    /** Where the head is missing the reference would make one up at random. */
    private Linear head(String name, int outFeatures) throws IOException {
        String weight = saved(name) + ".weight";
        if (!source.tensors().containsKey(weight)) {
            throw new ModelFormatException(
                    source.describe(), weight, "this part of the head, without which there are no scores", "none");
        }
        return linear(saved(name), config.hiddenSize(), outFeatures);
    }

    private Embeddings embeddings(String name) throws IOException {
        int size = config.embeddingSize();
        return new Embeddings(
                config,
                table(name + "word_embeddings.weight", config.vocabSize(), size),
                table(name + "position_embeddings.weight", config.maxPositionEmbeddings(), size),
                config.architecture().hasTokenTypes()
                        ? table(name + "token_type_embeddings.weight", config.typeVocabSize(), size)
                        : new float[0],
                layerNorm(name + "LayerNorm", size),
                config.projects()
                        ? Optional.of(linear(saved(names.projection()), size, config.hiddenSize()))
                        : Optional.empty());
    }

    private EncoderLayer layer(String name) throws IOException {
        int hiddenSize = config.hiddenSize();
        int intermediateSize = config.intermediateSize();
        return new EncoderLayer(
                new SelfAttention(
                        config, queryKeyValue(name), linear(name + names.attentionOutput(), hiddenSize, hiddenSize)),
                layerNorm(name + names.attentionNorm(), hiddenSize),
                new FeedForward(
                        linear(name + names.up(), hiddenSize, intermediateSize),
                        config.hiddenActivation(),
                        linear(name + names.down(), intermediateSize, hiddenSize)),
                layerNorm(name + names.feedForwardNorm(), hiddenSize));
    }

    /** The three products of attention as one, each third beginning where {@link SelfAttention} expects it. */
    private Linear queryKeyValue(String layer) throws IOException {
        int hiddenSize = config.hiddenSize();
        String query = layer + names.query();
        String key = layer + names.key();
        String value = layer + names.value();
        // Shapes are checked before anything of their size is allocated: until then the sizes are only claims.
        requireShape(query + ".weight", hiddenSize, hiddenSize);
        requireShape(key + ".weight", hiddenSize, hiddenSize);
        requireShape(value + ".weight", hiddenSize, hiddenSize);
        PackedMatrix packed = kernels.allocate(hiddenSize, SelfAttention.queryKeyValueColumns(config));
        int keyColumn = SelfAttention.keyColumn(config);
        fill(packed, 0, query, hiddenSize);
        fill(packed, keyColumn, key, hiddenSize);
        fill(packed, 2 * keyColumn, value, hiddenSize);
        return new Linear(kernels, packed);
    }

    private Linear linear(String name, int inFeatures, int outFeatures) throws IOException {
        requireShape(name + ".weight", outFeatures, inFeatures);
        PackedMatrix packed = kernels.allocate(inFeatures, outFeatures);
        fill(packed, 0, name, outFeatures);
        return new Linear(kernels, packed);
    }

    /**
     * Reads weight (outFeatures, inFeatures), whose shape has been checked, and bias (outFeatures) into the outputs from
     * {@code firstOut} on.
     */
    private void fill(PackedMatrix packed, int firstOut, String name, int outFeatures) throws IOException {
        int inFeatures = packed.inFeatures();
        String weight = name + ".weight";
        int rowsAtOnce = Math.max(1, CHUNK / inFeatures);
        float[] rows = inFeatures <= CHUNK ? chunk : new float[inFeatures];
        for (int n = 0; n < outFeatures; n += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, outFeatures - n);
            read(weight, (long) n * inFeatures, rows, 0, count * inFeatures);
            packed.setRows(firstOut + n, rows, 0, count);
        }
        packed.setBias(firstOut, vector(name + ".bias", outFeatures), 0, outFeatures);
    }

    private LayerNorm layerNorm(String name, int size) throws IOException {
        // Nothing else had names of the older kind.
        boolean oldNames = name.endsWith("LayerNorm") && source.tensors().containsKey(name + ".gamma");
        return new LayerNorm(
                kernels,
                vector(name + (oldNames ? ".gamma" : ".weight"), size),
                vector(name + (oldNames ? ".beta" : ".bias"), size),
                config.layerNormEps());
    }

    private float[] vector(String name, int length) throws IOException {
        requireShape(name, length);
        float[] values = new float[length];
        read(name, 0, values, 0, length);
        return values;
    }

    private float[] table(String name, int rows, int columns) throws IOException {
        requireShape(name, rows, columns);
        float[] values = new float[Math.multiplyExact(rows, columns)];
        read(name, 0, values, 0, values.length);
        return values;
    }

    private void requireShape(String name, long... shape) throws ModelFormatException {
        TensorInfo info = source.require(name);
        if (!info.hasShape(shape)) {
            throw new ModelFormatException(
                    source.describe(),
                    name,
                    "shape " + Arrays.toString(shape) + " as config.json says",
                    "shape " + info.shape());
        }
    }

    private void read(String name, long first, float[] target, int offset, int count) throws IOException {
        source.read(name, first, target, offset, count);
        // x * 0 is 0 for every finite x and NaN otherwise, and so is their sum.
        float zero = 0f;
        for (int i = offset; i < offset + count; i++) {
            zero += target[i] * 0f;
        }
        if (zero != 0f) {
            int i = offset;
            while (Float.isFinite(target[i])) {
                i++;
            }
            throw new ModelFormatException(
                    source.describe(),
                    name,
                    "numbers that are finite as floats of 32 bits",
                    target[i] + " at " + index(source.require(name), first + i - offset));
        }
    }

    /** The place of an element: [index] in a vector, [row, column] in a matrix. */
    private static String index(TensorInfo tensor, long element) {
        if (tensor.shape().size() != 2) {
            return "[" + element + "]";
        }
        long columns = tensor.shape().get(1);
        return "[" + element / columns + ", " + element % columns + "]";
    }
}
