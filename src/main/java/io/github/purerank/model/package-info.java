/**
 * A BERT encoder with a classification head, as it computes; {@link io.github.purerank.model.Architecture} has the variants.
 *
 * <p>The letters of the shapes in this package and in {@code kernel}:
 *
 * <pre>
 *   B  pairs of a batch                       V  entries of the vocabulary
 *   T  tokens of one pair                     P  positions that were learned
 *   R  rows: the tokens of all pairs          Y  token types (2)
 *   H  hiddenSize                             L  labels, the outputs of the classifier
 *   E  embeddingSize, H as a rule             M, K, N  rows, inputs and outputs of a product
 *   A  headCount, attention heads
 *   S  headSize = H / A
 *   I  intermediateSize
 * </pre>
 *
 * <p>There is no padding and so no attention mask: the pairs of a batch are laid end to end as the rows of one matrix
 * (a {@link io.github.purerank.model.RaggedBatch}). Whatever works on each token by itself runs over all rows at once;
 * attention runs pair by pair.
 *
 * <p>In the order in which a pair meets them: {@link io.github.purerank.model.CrossEncoderModel}, {@link
 * io.github.purerank.model.Embeddings}, {@link io.github.purerank.model.EncoderLayer} with {@link
 * io.github.purerank.model.SelfAttention} and {@link io.github.purerank.model.FeedForward}, {@link
 * io.github.purerank.model.Pooler}, {@link io.github.purerank.model.Classifier}.
 *
 * <p>docs/forward-pass.md follows one pair through it, with the numbers at each step.
 */
package io.github.purerank.model;
