package io.github.purerank.kernel;

import static io.github.purerank.kernel.Polynomials.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Polynomials} on vectors: the same steps in the same order, so the same bits.
 *
 * <p>Each function that is applied to arrays has a loop of its own. C2 stops inlining in a method that grows large, and a vector
 * that is handed to a method which is not inlined becomes an object.
 */
final class VectorMath {
    /** The widest vectors of this machine, up to half a panel. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() <= ScalarKernels.LANES
            ? FloatVector.SPECIES_PREFERRED
            : FloatVector.SPECIES_512;

    static final int LANES = SPECIES.length();

    private VectorMath() {}

    /** e^x for x that is not above 0. */
    static FloatVector expNotAboveZero(FloatVector x) {
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, LOG2_E), round);
        FloatVector n = shifted.sub(round);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
        FloatVector tail =
                step(step(step(step(FloatVector.broadcast(SPECIES, EXP_4), r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0);
        FloatVector p = step(step(tail, r, 1f), r, 1f);
        // n is from -126 to 0, so 2^n is a normal number: one factor serves.
        FloatVector power = shifted.reinterpretAsInts()
                .add(127)
                .lanewise(VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
        return p.mul(power).blend(0f, x.compare(VectorOperators.LT, EXP_LOWEST));
    }

    static FloatVector erf(FloatVector x) {
        FloatVector c = clamp(x, ERF_LIMIT);
        FloatVector u = c.mul(c);
        FloatVector p = step(step(FloatVector.broadcast(SPECIES, ERF_P5), u, ERF_P4), u, ERF_P3);
        p = step(step(step(p, u, ERF_P2), u, ERF_P1), u, ERF_P0);
        FloatVector q = step(step(FloatVector.broadcast(SPECIES, ERF_Q5), u, ERF_Q4), u, ERF_Q3);
        q = step(step(step(q, u, ERF_Q2), u, ERF_Q1), u, 1f);
        return c.mul(p).div(q);
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector c = clamp(x, TANH_LIMIT);
        FloatVector u = c.mul(c);
        FloatVector p = step(step(FloatVector.broadcast(SPECIES, TANH_P5), u, TANH_P4), u, TANH_P3);
        p = step(step(step(p, u, TANH_P2), u, TANH_P1), u, 1f);
        FloatVector q = step(step(FloatVector.broadcast(SPECIES, TANH_Q4), u, TANH_Q3), u, TANH_Q2);
        q = step(step(q, u, TANH_Q1), u, 1f);
        return c.mul(p).div(q);
    }

    /** x = gelu(x) for whole vectors from {@code from} up to {@code to}. */
    static void gelu(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector half = v.mul(0.5f);
            half.fma(erf(v.mul(SQRT_HALF)), half).intoArray(x, i);
        }
    }

    static void geluTanh(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector half = v.mul(0.5f);
            FloatVector cubic = v.mul(GELU_CUBE).mul(v).fma(v, v);
            half.fma(tanh(cubic.mul(SQRT_2_OVER_PI)), half).intoArray(x, i);
        }
    }

    static void relu(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(x, i);
        }
    }

    static void tanh(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            tanh(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
        }
    }

    /** One step of Horner's rule: sum * x + coefficient. */
    private static FloatVector step(FloatVector sum, FloatVector x, float coefficient) {
        return sum.fma(x, FloatVector.broadcast(SPECIES, coefficient));
    }

    private static FloatVector clamp(FloatVector x, float limit) {
        return x.blend(limit, x.compare(VectorOperators.GT, limit))
                .blend(-limit, x.compare(VectorOperators.LT, -limit));
    }
}
