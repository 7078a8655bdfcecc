package io.github.purerank.trace;

import io.github.purerank.text.Encoding;

/**
 * A token of a traced pair.
 *
 * @param id in the vocabulary
 * @param piece what stands there
 * @param typeId the token type
 * @param text 0 for a token of the query, 1 for one of the passage, {@link Encoding#NO_TEXT} for a special token
 * @param start where in its text it begins, in UTF-16 units; 0 for a special token
 * @param end where in its text it ends, in UTF-16 units; 0 for a special token
 */
public record TracedToken(int id, String piece, int typeId, int text, int start, int end) {}
