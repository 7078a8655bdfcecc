package io.github.purerank.model;

/** What is applied to the logits, element by element, to make them scores. */
public enum ScoreActivation {
    /** The logits themselves. */
    IDENTITY,
    /** 1 / (1 + e<sup>-x</sup>), between 0 and 1. */
    SIGMOID
}
