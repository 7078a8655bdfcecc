package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;

/**
 * The networks that can be computed: one encoder with different embeddings before it and a different head behind.
 *
 * <p>Each is the class of transformers 5.18 whose name {@link #className} gives.
 */
public enum Architecture {
    /** Devlin et al. 2018: embeddings of words, positions and token types; tanh in the head. */
    BERT("bert", "BertForSequenceClassification", Elementwise.TANH),

    /** Sanh et al. 2019: no token types; the positive part in the head. */
    DISTILBERT("distilbert", "DistilBertForSequenceClassification", Elementwise.RELU),

    /**
     * Clark et al. 2020: embeddings may have a width of their own and are then projected; GELU in the head, by the error
     * function whatever the encoder has.
     */
    ELECTRA("electra", "ElectraForSequenceClassification", Elementwise.GELU);

    private final String modelType;
    private final String className;
    private final Elementwise headFunction;

    Architecture(String modelType, String className, Elementwise headFunction) {
        this.modelType = modelType;
        this.className = className;
        this.headFunction = headFunction;
    }

    /** {@code model_type} in config.json. */
    public String modelType() {
        return modelType;
    }

    /** An entry of {@code architectures} in config.json. */
    public String className() {
        return className;
    }

    /** The function between the head's two linear layers. */
    public Elementwise headFunction() {
        return headFunction;
    }

    /** Whether a token's type counts. */
    public boolean hasTokenTypes() {
        return this != DISTILBERT;
    }

    /** Whether embeddings may have another width than the encoder. */
    public boolean mayProject() {
        return this == ELECTRA;
    }
}
