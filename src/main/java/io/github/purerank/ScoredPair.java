package io.github.purerank;

/**
 * A pair and what the model says of it.
 *
 * @param pair the texts
 * @param scores a score for each label; the caller's own
 */
public record ScoredPair(TextPair pair, float[] scores) {
    /**
     * The score of a model of one label.
     *
     * @throws IllegalStateException if there are several
     */
    public float score() {
        if (scores.length != 1) {
            throw new IllegalStateException("there are " + scores.length + " scores, one for each label");
        }
        return scores[0];
    }
}
