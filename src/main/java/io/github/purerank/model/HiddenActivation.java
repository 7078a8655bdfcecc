package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;

/**
 * The function between the two linear layers of a feed-forward block; {@code hidden_act} in config.json. All of them let large numbers
 * pass and make little or nothing of negative ones.
 */
public enum HiddenActivation {
    /** GELU by the error function: "gelu". */
    GELU(Elementwise.GELU),
    /** GELU by the hyperbolic tangent: "gelu_new" and "gelu_pytorch_tanh". */
    GELU_TANH(Elementwise.GELU_TANH),
    /** The positive part: "relu". */
    RELU(Elementwise.RELU);

    private final Elementwise function;

    HiddenActivation(Elementwise function) {
        this.function = function;
    }

    Elementwise function() {
        return function;
    }
}
