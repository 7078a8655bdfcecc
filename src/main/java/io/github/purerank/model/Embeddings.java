package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;
import java.util.Objects;
import java.util.Optional;

/**
 * What a token means by itself, where it stands and which text it belongs to, added up: LayerNorm(word[id] + type[type] +
 * position[place]); then brought to the encoder's width, if theirs is another. (transformers: BertEmbeddings; Embeddings of
 * DistilBERT, which has no types; ElectraEmbeddings and ElectraModel.embeddings_project.)
 *
 * @param config the sizes
 * @param word (V, E)
 * @param position (P, E)
 * @param tokenType (Y, E); empty where there are no types
 * @param layerNorm applied to the sum
 * @param projection E -> H; empty where they are the same
 */
public record Embeddings(
        BertConfig config,
        float[] word,
        float[] position,
        float[] tokenType,
        LayerNorm layerNorm,
        Optional<Linear> projection) {
    /** The memory of the weights. */
    long bytes() {
        long tables = Float.BYTES * ((long) word.length + position.length + tokenType.length);
        return tables
                + layerNorm.bytes()
                + (projection.isPresent() ? projection.get().bytes() : 0);
    }

    /**
     * batch -> out (R, H).
     *
     * @param embedded (R, E) between, which is {@code out} where nothing is projected
     * @throws IndexOutOfBoundsException if a token's id or type is not in its table
     */
    void forward(RaggedBatch batch, Matrix embedded, Matrix out, Scratch scratch) {
        sum(batch, embedded);
        layerNorm.forward(embedded, 0, batch.rowCount(), scratch);
        if (projection.isPresent()) {
            projection.get().forward(embedded, 0, batch.rowCount(), out, 0, scratch);
        }
    }

    private void sum(RaggedBatch batch, Matrix out) {
        int size = config.embeddingSize();
        boolean hasTypes = config.typeVocabSize() > 0;
        float[] x = out.data();
        for (int b = 0; b < batch.pairCount(); b++) {
            int first = batch.firstRow(b);
            for (int t = 0; t < batch.tokenCount(b); t++) {
                int row = first + t;
                int w = Objects.checkIndex(batch.inputId(row), config.vocabSize()) * size;
                int p = t * size;
                int o = out.at(row);
                if (hasTypes) {
                    int y = Objects.checkIndex(batch.tokenTypeId(row), config.typeVocabSize()) * size;
                    for (int e = 0; e < size; e++) {
                        x[o + e] = word[w + e] + tokenType[y + e] + position[p + e];
                    }
                } else {
                    for (int e = 0; e < size; e++) {
                        x[o + e] = word[w + e] + position[p + e];
                    }
                }
            }
        }
    }
}
