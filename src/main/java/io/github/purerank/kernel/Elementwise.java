package io.github.purerank.kernel;

/** A function that is applied to each element by itself. */
public enum Elementwise {
    /** x * (1 + erf(x / sqrt(2))) / 2, the GELU of Hendrycks and Gimpel in its exact form. */
    GELU,
    /** x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2, the same function's approximation. */
    GELU_TANH,
    /** max(x, 0). */
    RELU,
    /** The hyperbolic tangent. */
    TANH
}
