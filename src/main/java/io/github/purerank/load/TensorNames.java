package io.github.purerank.load;

import io.github.purerank.model.Architecture;

/**
 * What transformers 5.18 calls the tensors of an architecture, without ".weight" and ".bias".
 *
 * @param prefix what the names of the network without its head begin with
 * @param projection between embeddings and encoder, where their widths differ
 * @param layers the encoder layers, up to their number
 * @param query in a layer, as is all down to {@code feedForwardNorm}
 * @param attentionOutput after the heads
 * @param up into the feed-forward block
 * @param down out of it
 * @param pooler the first linear layer of the head
 * @param classifier the second
 */
record TensorNames(
        String prefix,
        String projection,
        String layers,
        String query,
        String key,
        String value,
        String attentionOutput,
        String attentionNorm,
        String up,
        String down,
        String feedForwardNorm,
        String pooler,
        String classifier) {
    static TensorNames of(Architecture architecture) {
        return switch (architecture) {
            case BERT -> asInBert("bert.", "bert.pooler.dense", "classifier");
            case ELECTRA -> asInBert("electra.", "classifier.dense", "classifier.out_proj");
            case DISTILBERT ->
                new TensorNames(
                        "distilbert.",
                        "",
                        "distilbert.transformer.layer.",
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm",
                        "pre_classifier",
                        "classifier");
        };
    }

    private static TensorNames asInBert(String prefix, String pooler, String classifier) {
        return new TensorNames(
                prefix,
                prefix + "embeddings_project",
                prefix + "encoder.layer.",
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm",
                pooler,
                classifier);
    }

    /** The embeddings of all have the same names. */
    String embeddings() {
        return prefix + "embeddings.";
    }
}
