package io.github.purerank.model;

import io.github.purerank.kernel.Kernels;
import java.util.EnumSet;

/**
 * The whole network: embeddings, encoder layers, pooler, classifier. (transformers: the classes that {@link Architecture}
 * names.)
 *
 * <p>Immutable and safe for many threads; a {@link Workspace} and a {@link RaggedBatch} are used by one at a time.
 *
 * @param encoder ids -> (R, H)
 * @param pooler (B, H) -> (B, H)
 * @param classifier (B, H) -> (B, L)
 */
public record CrossEncoderModel(BertEncoder encoder, Pooler pooler, Classifier classifier) {
    /** The sizes. */
    public BertConfig config() {
        return encoder.config();
    }

    /** What computes. */
    public Kernels kernels() {
        return encoder.kernels();
    }

    /** The memory that the weights take, in bytes. */
    public long weightBytes() {
        return encoder.weightBytes()
                + pooler.dense().bytes()
                + classifier.dense().bytes();
    }

    /** Gets the kernels up to speed ({@link Kernels#warmUp}). */
    public void warmUp() throws InterruptedException {
        kernels().warmUp(EnumSet.of(config().hiddenActivation().function(), pooler.function()));
    }

    /** Room for batches of up to {@code maxRows} tokens and {@code maxPairs} pairs, computed by one thread. */
    public Workspace newWorkspace(int maxRows, int maxPairs) {
        return newWorkspace(maxRows, maxPairs, 1);
    }

    /** The same, computed in up to {@code partCount} parts at a time. */
    public Workspace newWorkspace(int maxRows, int maxPairs, int partCount) {
        return new Workspace(config(), kernels(), maxRows, maxPairs, partCount);
    }

    /**
     * Computes the logits of a batch. Where weights are so large that a sum leaves the range of float, a logit may be infinite
     * or NaN, as in the reference.
     *
     * @param batch pairs of up to P tokens each
     * @param workspace a workspace of this model that has room for the batch
     * @param logits receives (B, L), row after row, from {@code offset} on
     */
    public void forward(RaggedBatch batch, Workspace workspace, float[] logits, int offset) {
        forward(batch, workspace, Parts.IN_TURN, logits, offset);
    }

    /**
     * The same with the rows split into as many parts as the workspace was made for. Same bits. Ids (R) become vectors (R, H),
     * those of the first tokens (B, H) a vector for each pair (B, H), and that logits (B, L).
     */
    public void forward(RaggedBatch batch, Workspace workspace, Parts parts, float[] logits, int offset) {
        encoder.forwardFirstTokens(batch, workspace, parts);
        classify(batch, workspace, logits, offset);
    }

    /** The plain version: every layer computed for every token, and each step shown to the observer. Same bits. */
    public void forwardObserved(
            RaggedBatch batch, Workspace workspace, StageObserver observer, float[] logits, int offset) {
        encoder.forwardObserved(batch, workspace, observer);
        workspace.gatherFirstTokens(batch);
        classify(batch, workspace, logits, offset);
        observer.pooled(workspace.pooled);
    }

    private void classify(RaggedBatch batch, Workspace workspace, float[] logits, int offset) {
        int pairCount = batch.pairCount();
        pooler.forward(workspace.firstTokens, pairCount, workspace.pooled, workspace.seat().scratch);
        classifier.forward(workspace.pooled, pairCount, workspace.logits, workspace.seat().scratch);
        int labelCount = config().labelCount();
        for (int b = 0; b < pairCount; b++) {
            System.arraycopy(
                    workspace.logits.data(), workspace.logits.at(b), logits, offset + b * labelCount, labelCount);
        }
    }
}
