package io.github.purerank.model;

import java.util.Objects;

/**
 * The sizes and choices of a classifier of BERT's family.
 *
 * @param architecture which of the family
 * @param vocabSize V, rows of the word embedding
 * @param embeddingSize E, the length of a token's vector before the encoder: H, unless the architecture projects
 * @param hiddenSize H, the length of a token's vector in the encoder
 * @param layerCount how many encoder layers
 * @param headCount A, attention heads; divides the hidden size
 * @param intermediateSize I, the width of the feed-forward block
 * @param hiddenActivation the function inside the feed-forward block
 * @param maxPositionEmbeddings P, the most tokens a pair may have
 * @param typeVocabSize Y, how many token types there are; 0 where the architecture has none
 * @param layerNormEps what LayerNorm adds to a variance
 * @param labelCount L, outputs of the classifier
 */
public record BertConfig(
        Architecture architecture,
        int vocabSize,
        int embeddingSize,
        int hiddenSize,
        int layerCount,
        int headCount,
        int intermediateSize,
        HiddenActivation hiddenActivation,
        int maxPositionEmbeddings,
        int typeVocabSize,
        float layerNormEps,
        int labelCount) {
    /** Checks that every size is positive, that the heads share the hidden size evenly, and what the architecture allows. */
    public BertConfig {
        Objects.requireNonNull(architecture, "architecture");
        requirePositive(vocabSize, "vocabSize");
        requirePositive(embeddingSize, "embeddingSize");
        requirePositive(hiddenSize, "hiddenSize");
        requirePositive(layerCount, "layerCount");
        requirePositive(headCount, "headCount");
        requirePositive(intermediateSize, "intermediateSize");
        Objects.requireNonNull(hiddenActivation, "hiddenActivation");
        requirePositive(maxPositionEmbeddings, "maxPositionEmbeddings");
        requirePositive(labelCount, "labelCount");
        if (hiddenSize % headCount != 0) {
            throw new IllegalArgumentException(
                    "hiddenSize " + hiddenSize + " is not a multiple of headCount " + headCount);
        }
        if (!(layerNormEps >= 0 && layerNormEps < 1)) {
            throw new IllegalArgumentException("layerNormEps " + layerNormEps);
        }
        if (architecture.hasTokenTypes() ? typeVocabSize <= 0 : typeVocabSize != 0) {
            throw new IllegalArgumentException("typeVocabSize " + typeVocabSize + " for " + architecture);
        }
        if (embeddingSize != hiddenSize && !architecture.mayProject()) {
            throw new IllegalArgumentException("embeddingSize " + embeddingSize + " and hiddenSize " + hiddenSize
                    + " must be the same for " + architecture);
        }
    }

    /** A BERT. */
    public BertConfig(
            int vocabSize,
            int hiddenSize,
            int layerCount,
            int headCount,
            int intermediateSize,
            HiddenActivation hiddenActivation,
            int maxPositionEmbeddings,
            int typeVocabSize,
            float layerNormEps,
            int labelCount) {
        this(
                Architecture.BERT,
                vocabSize,
                hiddenSize,
                hiddenSize,
                layerCount,
                headCount,
                intermediateSize,
                hiddenActivation,
                maxPositionEmbeddings,
                typeVocabSize,
                layerNormEps,
                labelCount);
    }

    /** S, the columns of one attention head. */
    public int headSize() {
        return hiddenSize / headCount;
    }

    /** Whether a linear layer stands between the embeddings and the encoder. */
    public boolean projects() {
        return embeddingSize != hiddenSize;
    }

    private static void requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }
}
