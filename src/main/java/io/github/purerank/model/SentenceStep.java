package io.github.purerank.model;

import io.github.purerank.kernel.Elementwise;
import io.github.purerank.kernel.Matrix;
import io.github.purerank.kernel.Scratch;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What follows the pooling: each step makes a vector of a text's vector. */
public sealed interface SentenceStep {
    /** The length of its vector. */
    int outputSize(int inputSize);

    /** in (B, K) -> out (B, N); both may be the same where K = N and the step says so. */
    void forward(Matrix in, int textCount, Matrix out, Scratch scratch);

    /** Whether it works in place. */
    boolean inPlace();

    /** The memory of the weights. */
    default long bytes() {
        return 0;
    }

    /** Adds the functions that kernels apply for it. */
    default void addFunctions(Set<Elementwise> functions) {}

    /** What follows the product of a {@link Dense}. */
    enum Activation {
        /** Nothing. */
        IDENTITY(null),
        /** The hyperbolic tangent. */
        TANH(Elementwise.TANH),
        /** The positive part. */
        RELU(Elementwise.RELU),
        /** GELU in its exact form. */
        GELU(Elementwise.GELU),
        /** 1 / (1 + e<sup>-x</sup>). */
        SIGMOID(null);

        /** Null where no kernel computes it. */
        private final Elementwise function;

        Activation(Elementwise function) {
            this.function = function;
        }
    }

    /**
     * f(x W<sup>T</sup> + b), and the input added to it if there is a residual connection. (sentence_transformers 6.0.1: Dense,
     * base/modules/dense.py.)
     *
     * @param linear K -> N
     * @param activation f
     * @param hasResidual whether the input is added
     * @param residual what it goes through first, where K is not N
     */
    record Dense(Linear linear, Activation activation, boolean hasResidual, Optional<Linear> residual)
            implements SentenceStep {
        /** Checks that there are parameters. */
        public Dense {
            Objects.requireNonNull(linear, "linear");
            Objects.requireNonNull(activation, "activation");
            Objects.requireNonNull(residual, "residual");
        }

        @Override
        public int outputSize(int inputSize) {
            return linear.weight().outFeatures();
        }

        @Override
        public boolean inPlace() {
            return false;
        }

        @Override
        public long bytes() {
            return linear.bytes() + (residual.isPresent() ? residual.get().bytes() : 0);
        }

        @Override
        public void addFunctions(Set<Elementwise> functions) {
            if (activation.function != null) {
                functions.add(activation.function);
            }
        }

        @Override
        public void forward(Matrix in, int textCount, Matrix out, Scratch scratch) {
            linear.forward(in, 0, textCount, out, 0, scratch);
            if (activation.function != null) {
                linear.kernels().apply(activation.function, out, 0, textCount);
            } else if (activation == Activation.SIGMOID) {
                sigmoid(out, textCount);
            }
            if (residual.isPresent()) {
                Matrix projected = new Matrix(textCount, out.columns());
                residual.get().forward(in, 0, textCount, projected, 0, scratch);
                linear.kernels().add(out, 0, projected, 0, textCount);
            } else if (hasResidual) {
                linear.kernels().add(out, 0, in, 0, textCount);
            }
        }

        private static void sigmoid(Matrix x, int rowCount) {
            for (int m = 0; m < rowCount; m++) {
                for (int i = x.at(m); i < x.at(m) + x.columns(); i++) {
                    x.data()[i] = ScoreActivation.SIGMOID.apply(x.data()[i]);
                }
            }
        }
    }

    /** x / |x|: vectors of length 1. (sentence_transformers 6.0.1: Normalize, base/modules/normalize.py.) */
    record Normalize() implements SentenceStep {
        @Override
        public int outputSize(int inputSize) {
            return inputSize;
        }

        @Override
        public boolean inPlace() {
            return true;
        }

        @Override
        public void forward(Matrix in, int textCount, Matrix out, Scratch scratch) {
            for (int b = 0; b < textCount; b++) {
                UnitLength.normalize(in.data(), in.at(b), in.columns());
            }
        }
    }
}
