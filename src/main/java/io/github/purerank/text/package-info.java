/**
 * Text to tokens, exactly as Hugging Face's tokenizers library makes them for a BERT.
 *
 * <p>{@link io.github.purerank.text.PairEncoder} is the way in; the others, in the order in which a text meets them: {@link
 * io.github.purerank.text.AddedTokens}, {@link io.github.purerank.text.BertNormalizer}, {@code WordSplitter}, {@link
 * io.github.purerank.text.WordPiece}, {@link io.github.purerank.text.Truncation}, {@link
 * io.github.purerank.text.PairTemplate}. All that is known of Unicode is in {@code UnicodeTables}.
 *
 * <p>Offsets are in UTF-16 units of the text as it came. The package imports nothing of ours.
 */
package io.github.purerank.text;
