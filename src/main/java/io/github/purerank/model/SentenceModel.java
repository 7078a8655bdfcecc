package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.Matrix;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A network that makes a vector of a text: encoder, pooling, and what follows it.
 *
 * <p>Immutable and safe for many threads; a {@link Room} and a {@link RaggedBatch} are used by one at a time.
 *
 * @param encoder ids -> (R, H)
 * @param pooling (R, H) -> (B, modes * H)
 * @param steps (B, K) -> (B, N), one after another
 */
public record SentenceModel(BertEncoder encoder, Pooling pooling, List<SentenceStep> steps) {
    /** Keeps its own list of steps. */
    public SentenceModel {
        steps = List.copyOf(steps);
    }

    /** The sizes of the encoder. */
    public BertConfig config() {
        return encoder.config();
    }

    /** What computes. */
    public Kernels kernels() {
        return encoder.kernels();
    }

    /** D, the length of a text's vector. */
    public int embeddingDimension() {
        int size = pooling.outputSize(config().hiddenSize());
        for (SentenceStep step : steps) {
            size = step.outputSize(size);
        }
        return size;
    }

    /** The memory that the weights take, in bytes. */
    public long weightBytes() {
        long bytes = encoder.weightBytes();
        for (SentenceStep step : steps) {
            bytes += step.bytes();
        }
        return bytes;
    }

    /** Gets the kernels up to speed ({@link Kernels#warmUp}). */
    public void warmUp() throws InterruptedException {
        Set<Elementwise> functions = EnumSet.of(config().hiddenActivation().function());
        for (SentenceStep step : steps) {
            step.addFunctions(functions);
        }
        kernels().warmUp(functions);
    }

    /** Working memory for batches of up to so many tokens and texts, computed in up to {@code partCount} parts at a time. */
    public Room newRoom(int maxRows, int maxTexts, int partCount) {
        Workspace workspace = new Workspace(config(), kernels(), maxRows, maxTexts, partCount);
        Matrix[] vectors = new Matrix[steps.size() + 1];
        vectors[0] = new Matrix(maxTexts, pooling.outputSize(config().hiddenSize()));
        for (int i = 0; i < steps.size(); i++) {
            SentenceStep step = steps.get(i);
            vectors[i + 1] = step.inPlace() ? vectors[i] : new Matrix(maxTexts, step.outputSize(vectors[i].columns()));
        }
        return new Room(workspace, vectors);
    }

    /** The intermediate values of a forward pass; belongs to one thread at a time. */
    public static final class Room {
        private final Workspace workspace;
        /** (B, ...): after the pooling, and after each step. */
        private final Matrix[] vectors;

        private Room(Workspace workspace, Matrix[] vectors) {
            this.workspace = workspace;
            this.vectors = vectors;
        }

        /** Whether the batch has no more tokens and texts than there is room for. */
        public boolean fits(RaggedBatch batch) {
            return workspace.fits(batch);
        }
    }

    /**
     * Computes the vectors of a batch.
     *
     * @param batch texts of up to P tokens each
     * @param promptLength how many tokens at the beginning of each text are a prompt's
     * @param room of this model, with room for the batch
     * @param parts how the rows are split; the bits do not depend on it
     * @return (B, D), valid until the room is used again
     */
    public Matrix forward(RaggedBatch batch, int promptLength, Room room, Parts parts) {
        Workspace workspace = room.workspace;
        int textCount = batch.pairCount();
        Matrix pooled = room.vectors[0];
        if (pooling.needsFirstTokensAlone(promptLength)) {
            encoder.forwardFirstTokens(batch, workspace, parts);
            for (int b = 0; b < textCount; b++) {
                pooling.forward(workspace.firstTokens, b, 1, 0, pooled, b);
            }
        } else {
            encoder.forward(batch, workspace, parts);
            for (int b = 0; b < textCount; b++) {
                pooling.forward(workspace.hidden, batch.firstRow(b), batch.tokenCount(b), promptLength, pooled, b);
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).forward(room.vectors[i], textCount, room.vectors[i + 1], workspace.seat().scratch);
        }
        return room.vectors[steps.size()];
    }
}
