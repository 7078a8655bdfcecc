package io.github.purerank.model;

import java.util.Objects;

/**
 * The sizes and choices of a BERT classifier.
 *
 * @param vocabSize V, rows of the word embedding
 * @param hiddenSize H, the length of a token's vector
 * @param layerCount how many encoder layers
 * @param headCount A, attention heads; divides the hidden size
 * @param intermediateSize I, the width of the feed-forward block
 * @param hiddenActivation the function inside the feed-forward block
 * @param maxPositionEmbeddings P, the most tokens a pair may have
 * @param typeVocabSize Y, how many token types there are
 * @param layerNormEps what LayerNorm adds to a variance
 * @param labelCount L, outputs of the classifier
 */
public record BertConfig(
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
    /** Checks that every size is positive and that the heads share the hidden size evenly. */
    public BertConfig {
        requirePositive(vocabSize, "vocabSize");
        requirePositive(hiddenSize, "hiddenSize");
        requirePositive(layerCount, "layerCount");
        requirePositive(headCount, "headCount");
        requirePositive(intermediateSize, "intermediateSize");
        Objects.requireNonNull(hiddenActivation, "hiddenActivation");
        requirePositive(maxPositionEmbeddings, "maxPositionEmbeddings");
        requirePositive(typeVocabSize, "typeVocabSize");
        requirePositive(labelCount, "labelCount");
        if (hiddenSize % headCount != 0) {
            throw new IllegalArgumentException(
                    "hiddenSize " + hiddenSize + " is not a multiple of headCount " + headCount);
        }
        if (!(layerNormEps >= 0 && layerNormEps < 1)) {
            throw new IllegalArgumentException("layerNormEps " + layerNormEps);
        }
    }

    /** S, the columns of one attention head. */
    public int headSize() {
        return hiddenSize / headCount;
    }

    private static void requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }
}
