package io.github.purerank.load;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.TensorSource;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.PackedMatrix;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.BertEncoder;
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
    private final TensorSource source;
    private final BertConfig config;
    private final Kernels kernels;
    private final TensorNames names;
    private final boolean hasPrefix;
    private final WeightReader weights;

    private BertWeights(TensorSource source, BertConfig config, Kernels kernels) {
        this.source = source;
        this.config = config;
        this.kernels = kernels;
        this.names = TensorNames.of(config.architecture());
        this.weights = new WeightReader(source, kernels);
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

    /** Reads the network without its head, which need not be there. */
    static BertEncoder readEncoder(TensorSource source, BertConfig config, Kernels kernels) throws IOException {
        return new BertWeights(source, config, kernels).encoder();
    }

    private BertEncoder encoder() throws IOException {
        Embeddings embeddings = embeddings(saved(names.embeddings()));
        List<EncoderLayer> layers = new ArrayList<>();
        for (int l = 0; l < config.layerCount(); l++) {
            layers.add(layer(saved(names.layers()) + l + "."));
        }
        return new BertEncoder(config, kernels, embeddings, layers);
    }

    private CrossEncoderModel model() throws IOException {
        BertEncoder encoder = encoder();
        Pooler pooler = new Pooler(
                head(names.pooler(), config.hiddenSize()), config.architecture().headFunction());
        Classifier classifier = new Classifier(head(names.classifier(), config.labelCount()));
        return new CrossEncoderModel(encoder, pooler, classifier);
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
        if (!weights.has(weight)) {
            throw new ModelFormatException(
                    source.describe(), weight, "this part of the head, without which there are no scores", "none");
        }
        return weights.linear(saved(name), config.hiddenSize(), outFeatures);
    }

    private Embeddings embeddings(String name) throws IOException {
        int size = config.embeddingSize();
        return new Embeddings(
                config,
                weights.table(name + "word_embeddings.weight", config.vocabSize(), size),
                weights.table(name + "position_embeddings.weight", config.maxPositionEmbeddings(), size),
                config.architecture().hasTokenTypes()
                        ? weights.table(name + "token_type_embeddings.weight", config.typeVocabSize(), size)
                        : new float[0],
                layerNorm(name + "LayerNorm", size),
                config.projects()
                        ? Optional.of(weights.linear(saved(names.projection()), size, config.hiddenSize()))
                        : Optional.empty());
    }

    private EncoderLayer layer(String name) throws IOException {
        int hiddenSize = config.hiddenSize();
        int intermediateSize = config.intermediateSize();
        return new EncoderLayer(
                new SelfAttention(
                        config,
                        queryKeyValue(name),
                        weights.linear(name + names.attentionOutput(), hiddenSize, hiddenSize)),
                layerNorm(name + names.attentionNorm(), hiddenSize),
                new FeedForward(
                        weights.linear(name + names.up(), hiddenSize, intermediateSize),
                        config.hiddenActivation(),
                        weights.linear(name + names.down(), intermediateSize, hiddenSize)),
                layerNorm(name + names.feedForwardNorm(), hiddenSize));
    }

    /** The three products of attention as one, each third beginning where {@link SelfAttention} expects it. */
    private Linear queryKeyValue(String layer) throws IOException {
        int hiddenSize = config.hiddenSize();
        String query = layer + names.query();
        String key = layer + names.key();
        String value = layer + names.value();
        // Shapes are checked before anything of their size is allocated: until then the sizes are only claims.
        weights.requireShape(query + ".weight", hiddenSize, hiddenSize);
        weights.requireShape(key + ".weight", hiddenSize, hiddenSize);
        weights.requireShape(value + ".weight", hiddenSize, hiddenSize);
        PackedMatrix packed = kernels.allocate(hiddenSize, SelfAttention.queryKeyValueColumns(config));
        int keyColumn = SelfAttention.keyColumn(config);
        weights.fill(packed, 0, query, hiddenSize);
        weights.fill(packed, keyColumn, key, hiddenSize);
        weights.fill(packed, 2 * keyColumn, value, hiddenSize);
        return new Linear(kernels, packed);
    }

    private LayerNorm layerNorm(String name, int size) throws IOException {
        // Nothing else had names of the older kind.
        boolean oldNames = name.endsWith("LayerNorm") && weights.has(name + ".gamma");
        return new LayerNorm(
                kernels,
                weights.vector(name + (oldNames ? ".gamma" : ".weight"), size),
                weights.vector(name + (oldNames ? ".beta" : ".bias"), size),
                config.layerNormEps());
    }
}
