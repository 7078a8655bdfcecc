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

/**
 * Finds a model's tensors by the names that transformers gives them, checks their shapes, and puts the network together.
 *
 * <p>The names may begin with "bert." or not, and LayerNorm's parameters may have their old names, gamma and beta.
 */
final class BertWeights {
    /** How many floats are read at once on their way into a packed matrix: 1 MiB. */
    private static final int CHUNK = 1 << 18;

    private final TensorSource source;
    private final BertConfig config;
    private final Kernels kernels;
    private final String prefix;
    private final float[] chunk = new float[CHUNK];

    private BertWeights(TensorSource source, BertConfig config, Kernels kernels) {
        this.source = source;
        this.config = config;
        this.kernels = kernels;
        this.prefix = source.tensors().containsKey("bert.embeddings.word_embeddings.weight") ? "bert." : "";
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
        Embeddings embeddings = embeddings(prefix + "embeddings.");
        List<EncoderLayer> layers = new ArrayList<>();
        for (int l = 0; l < config.layerCount(); l++) {
            layers.add(layer(prefix + "encoder.layer." + l + "."));
        }
        Pooler pooler = new Pooler(linear(prefix + "pooler.dense", config.hiddenSize(), config.hiddenSize()));
        Classifier classifier = new Classifier(linear("classifier", config.hiddenSize(), config.labelCount()));
        return new CrossEncoderModel(config, kernels, embeddings, layers, pooler, classifier);
    }

    private Embeddings embeddings(String name) throws IOException {
        int hiddenSize = config.hiddenSize();
        return new Embeddings(
                config,
                table(name + "word_embeddings.weight", config.vocabSize(), hiddenSize),
                table(name + "position_embeddings.weight", config.maxPositionEmbeddings(), hiddenSize),
                table(name + "token_type_embeddings.weight", config.typeVocabSize(), hiddenSize),
                layerNorm(name + "LayerNorm"));
    }

    private EncoderLayer layer(String name) throws IOException {
        int hiddenSize = config.hiddenSize();
        int intermediateSize = config.intermediateSize();
        return new EncoderLayer(
                new SelfAttention(
                        config,
                        queryKeyValue(name + "attention.self."),
                        linear(name + "attention.output.dense", hiddenSize, hiddenSize)),
                layerNorm(name + "attention.output.LayerNorm"),
                new FeedForward(
                        linear(name + "intermediate.dense", hiddenSize, intermediateSize),
                        config.hiddenActivation(),
                        linear(name + "output.dense", intermediateSize, hiddenSize)),
                layerNorm(name + "output.LayerNorm"));
    }

    /** The three products of attention as one, each third beginning where {@link SelfAttention} expects it. */
    private Linear queryKeyValue(String name) throws IOException {
        int hiddenSize = config.hiddenSize();
        // Shapes are checked before anything of their size is allocated: until then the sizes are only claims.
        requireShape(name + "query.weight", hiddenSize, hiddenSize);
        requireShape(name + "key.weight", hiddenSize, hiddenSize);
        requireShape(name + "value.weight", hiddenSize, hiddenSize);
        PackedMatrix packed = kernels.allocate(hiddenSize, SelfAttention.queryKeyValueColumns(config));
        int keyColumn = SelfAttention.keyColumn(config);
        fill(packed, 0, name + "query", hiddenSize);
        fill(packed, keyColumn, name + "key", hiddenSize);
        fill(packed, 2 * keyColumn, name + "value", hiddenSize);
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

    private LayerNorm layerNorm(String name) throws IOException {
        boolean oldNames = source.tensors().containsKey(name + ".gamma");
        return new LayerNorm(
                kernels,
                vector(name + (oldNames ? ".gamma" : ".weight"), config.hiddenSize()),
                vector(name + (oldNames ? ".beta" : ".bias"), config.hiddenSize()),
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
            throw new ModelFormatException(source.describe(), name, "finite numbers", "NaN or an infinity");
        }
    }
}
