package io.github.purerank.model;

import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;
import java.util.Objects;

/**
 * What a token means by itself, where it stands and which text it belongs to, added up: LayerNorm(word[id] + type[type] +
 * position[place]). (transformers: BertEmbeddings.)
 *
 * @param config the sizes
 * @param word (V, H)
 * @param position (P, H)
 * @param tokenType (Y, H)
 * @param layerNorm applied to the sum
 */
public record Embeddings(BertConfig config, float[] word, float[] position, float[] tokenType, LayerNorm layerNorm) {
    /** The memory of the weights. */
    long bytes() {
        return Float.BYTES * ((long) word.length + position.length + tokenType.length) + layerNorm.bytes();
    }

    /**
     * batch -> out (R, H).
     *
     * @throws IndexOutOfBoundsException if a token's id or type is not in its table
     */
    void forward(RaggedBatch batch, Matrix out, Scratch scratch) {
        int hiddenSize = config.hiddenSize();
        float[] x = out.data();
        for (int b = 0; b < batch.pairCount(); b++) {
            int first = batch.firstRow(b);
            for (int t = 0; t < batch.tokenCount(b); t++) {
                int row = first + t;
                int w = Objects.checkIndex(batch.inputId(row), config.vocabSize()) * hiddenSize;
                int y = Objects.checkIndex(batch.tokenTypeId(row), config.typeVocabSize()) * hiddenSize;
                int p = t * hiddenSize;
                int o = out.at(row);
                for (int h = 0; h < hiddenSize; h++) {
                    x[o + h] = word[w + h] + tokenType[y + h] + position[p + h];
                }
            }
        }
        layerNorm.forward(out, 0, batch.rowCount(), scratch);
    }
}
