package io.github.purerank.text;

/**
 * Takes a text code point by code point, each with its origin. The steps of a tokenizer are sinks one behind the other: what would
 * otherwise be a new string, and a table of where its characters came from, after each of them.
 */
interface CodePointSink {
    /**
     * Takes the next code point.
     *
     * @param codePoint a Unicode scalar value
     * @param start where in the original text what it came from begins, in UTF-16 units
     * @param end where that ends
     */
    void accept(int codePoint, int start, int end);

    /** The text has ended: what was held back is passed on. Another text may follow. */
    void finish();
}
