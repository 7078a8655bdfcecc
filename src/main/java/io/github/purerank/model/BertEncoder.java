package io.github.purerank.model;

import io.github.purerank.kernel.Kernels;
import java.util.List;

/**
 * The body of a network: embeddings and encoder layers, from token ids to a vector for each token. Classifiers and sentence
 * encoders put different things behind it. (transformers: BertModel, DistilBertModel, ElectraModel.)
 *
 * <p>Immutable and safe for many threads; a {@link Workspace} and a {@link RaggedBatch} are used by one at a time.
 *
 * @param config the sizes; the number of labels is not the body's concern
 * @param kernels what computes
 * @param embeddings ids -> (R, H)
 * @param layers (R, H) -> (R, H), one after another
 */
public record BertEncoder(BertConfig config, Kernels kernels, Embeddings embeddings, List<EncoderLayer> layers) {
    /** Keeps its own list of layers. */
    public BertEncoder {
        layers = List.copyOf(layers);
    }

    /** The memory that the weights take, in bytes. */
    long weightBytes() {
        return embeddings.bytes() + layerBytes();
    }

    /** The memory of the layers' weights alone, which every token is multiplied by. */
    public long layerBytes() {
        long bytes = 0;
        for (EncoderLayer layer : layers) {
            bytes += layer.bytes();
        }
        return bytes;
    }

    /** The vectors of all tokens: {@code workspace.hidden} (R, H). */
    void forward(RaggedBatch batch, Workspace workspace, Parts parts) {
        embed(batch, workspace);
        for (EncoderLayer layer : layers) {
            layer.forward(batch, workspace, parts);
        }
    }

    /** The vectors of the first tokens alone, with the same bits: {@code workspace.firstTokens} (B, H). */
    void forwardFirstTokens(RaggedBatch batch, Workspace workspace, Parts parts) {
        embed(batch, workspace);
        int last = layers.size() - 1;
        for (int l = 0; l < last; l++) {
            layers.get(l).forward(batch, workspace, parts);
        }
        layers.get(last).forwardFirstTokens(batch, workspace, parts);
    }

    /** As {@link #forward}, each step shown to the observer. */
    void forwardObserved(RaggedBatch batch, Workspace workspace, StageObserver observer) {
        embed(batch, workspace);
        observer.hiddenState(0, workspace.hidden);
        for (int l = 0; l < layers.size(); l++) {
            layers.get(l).forwardObserved(batch, workspace, l, observer);
        }
    }

    private void embed(RaggedBatch batch, Workspace workspace) {
        checkFit(batch, workspace);
        embeddings.forward(batch, workspace.embedded, workspace.hidden, workspace.seat().scratch);
    }

    private void checkFit(RaggedBatch batch, Workspace workspace) {
        if (!workspace.fits(batch)) {
            throw new IllegalArgumentException("a batch of " + batch.rowCount() + " tokens and " + batch.pairCount()
                    + " pairs is too large for the workspace");
        }
        for (int b = 0; b < batch.pairCount(); b++) {
            if (batch.tokenCount(b) > config.maxPositionEmbeddings()) {
                throw new IllegalArgumentException(batch.tokenCount(b) + " tokens where the model has "
                        + config.maxPositionEmbeddings() + " positions");
            }
        }
    }
}
