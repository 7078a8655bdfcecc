/**
 * Text to tokens, exactly as Hugging Face's tokenizers library makes them for a BERT.
 *
 * <p>{@link io.github.purerank.text.PairEncoder} is the way in; the others, in the order in which a text meets them: {@link
 * io.github.purerank.text.AddedTokens}, {@link io.github.purerank.text.BertNormalizer}, {@code WordSplitter}, {@link
 * io.github.purerank.text.WordPiece}, {@link io.github.purerank.text.Truncation}, {@link
 * io.github.purerank.text.PairTemplate}. All that is known of Unicode is in {@code UnicodeTables}.
 *
 * <p>A text is not copied from one to the next: each hands on single code points with the places that they came from ({@code
 * CodePointSink}). Plainly, every step would make a new string:
 *
 * <pre>
 *   text          Tallest: naïve?
 *   normalised    tallest: naive?
 *   words         tallest  :  naive  ?
 *   pieces        tallest  :  naive  ?       and for a word that is not in the vocabulary: suns ##creen
 *   assembled     [CLS] ... [SEP] ... [SEP]
 * </pre>
 *
 * <p>Offsets are in UTF-16 units of the text as it came. The package imports nothing of ours.
 */
package io.github.purerank.text;
