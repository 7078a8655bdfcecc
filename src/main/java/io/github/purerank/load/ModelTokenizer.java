package io.github.purerank.load;

import io.github.purerank.text.PairEncoder;

/**
 * A model's tokenizer without its weights.
 *
 * @param encoder makes token ids of texts
 * @param maxLength the most tokens of a pair unless the caller says otherwise
 */
public record ModelTokenizer(PairEncoder encoder, int maxLength) {}
