package io.github.purerank.load;

import io.github.purerank.text.PairEncoder;

/**
 * A model's tokenizer without its weights.
 *
 * @param encoder makes token ids of texts
 * @param config what the model says about itself, its own limit and prompts among it
 */
public record ModelTokenizer(PairEncoder encoder, ModelConfig config) {}
