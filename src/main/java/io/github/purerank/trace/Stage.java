package io.github.purerank.trace;

/** The stages whose time is taken. */
public enum Stage {
    /** Texts to token ids. */
    TOKENIZATION("tokenization"),
    /** Token ids to vectors. */
    EMBEDDINGS("embeddings"),
    /** Vectors to queries, keys and values. */
    PROJECTION("queries, keys, values"),
    /** Scores, softmax and sums of values. */
    ATTENTION("attention"),
    /** The heads mixed, added and normalised. */
    ATTENTION_OUTPUT("attention output"),
    /** The feed-forward block, added and normalised. */
    FEED_FORWARD("feed-forward"),
    /** Pooler and classifier. */
    CLASSIFICATION("pooler, classifier");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** Its name for people. */
    public String label() {
        return label;
    }
}
