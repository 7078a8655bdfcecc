package io.github.purerank.kernel;

import static io.github.purerank.kernel.Polynomials.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Polynomials} on vectors: the same steps in the same order, so the same bits.
 *
 * <p>Each function that is applied to arrays has a loop of its own. C2 stops inlining in a method that grows large, and a vector
 * that is handed to a method which is not inlined becomes an object. So the hot loops, those of exp and gelu, call none.
 */
final class VectorMath {
    /** The widest vectors of this machine, up to half a panel. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() <= ScalarKernels.LANES
            ? FloatVector.SPECIES_PREFERRED
            : FloatVector.SPECIES_512;

    static final int LANES = SPECIES.length();

    private VectorMath() {}

    /**
     * x = e^(x - largest), and sum = sum + the sum of these in their order; for LANES columns of numbers.
     *
     * @param x the numbers, none above the largest of its column; rows begin at {@code at} and are {@code stride} apart
     * @param largestOfColumns holds the largest number of each column from {@code column} on
     * @param sums holds the sum of each column from {@code column} on
     */
    static void expAndSum(
            float[] x, int at, int stride, int rowCount, float[] largestOfColumns, float[] sums, int column) {
        FloatVector largest = FloatVector.fromArray(SPECIES, largestOfColumns, column);
        FloatVector total = FloatVector.zero(SPECIES);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2_E);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector high = FloatVector.broadcast(SPECIES, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(SPECIES, -LN2_LOW);
        FloatVector p0 = FloatVector.broadcast(SPECIES, EXP_0);
        FloatVector p1 = FloatVector.broadcast(SPECIES, EXP_1);
        FloatVector p2 = FloatVector.broadcast(SPECIES, EXP_2);
        FloatVector p3 = FloatVector.broadcast(SPECIES, EXP_3);
        FloatVector p4 = FloatVector.broadcast(SPECIES, EXP_4);
        for (int row = 0, i = at; row < rowCount; row++, i += stride) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).sub(largest);
            FloatVector shifted = v.fma(log2e, round);
            FloatVector n = shifted.sub(round);
            FloatVector r = n.fma(low, n.fma(high, v));
            FloatVector p =
                    p4.fma(r, p3).fma(r, p2).fma(r, p1).fma(r, p0).fma(r, one).fma(r, one);
            // n is from -126 to 0, so 2^n is a normal number: one factor serves.
            FloatVector power = shifted.reinterpretAsInts()
                    .add(127)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector result = p.mul(power).blend(0f, v.compare(VectorOperators.LT, EXP_LOWEST));
            result.intoArray(x, i);
            total = total.add(result);
        }
        FloatVector.fromArray(SPECIES, sums, column).add(total).intoArray(sums, column);
    }

    /**
     * x = gelu(x) for whole vectors from {@code from} up to {@code to}. The constants are spread before the loop: inside, C2 may stop
     * inlining at one of them, and then each turn makes an object.
     */
    static void gelu(float[] x, int from, int to) {
        FloatVector limit = FloatVector.broadcast(SPECIES, ERF_LIMIT);
        FloatVector lowerLimit = FloatVector.broadcast(SPECIES, -ERF_LIMIT);
        FloatVector rootOfHalf = FloatVector.broadcast(SPECIES, SQRT_HALF);
        FloatVector oneHalf = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector p0 = FloatVector.broadcast(SPECIES, ERF_P0);
        FloatVector p1 = FloatVector.broadcast(SPECIES, ERF_P1);
        FloatVector p2 = FloatVector.broadcast(SPECIES, ERF_P2);
        FloatVector p3 = FloatVector.broadcast(SPECIES, ERF_P3);
        FloatVector p4 = FloatVector.broadcast(SPECIES, ERF_P4);
        FloatVector p5 = FloatVector.broadcast(SPECIES, ERF_P5);
        FloatVector q0 = FloatVector.broadcast(SPECIES, 1f);
        FloatVector q1 = FloatVector.broadcast(SPECIES, ERF_Q1);
        FloatVector q2 = FloatVector.broadcast(SPECIES, ERF_Q2);
        FloatVector q3 = FloatVector.broadcast(SPECIES, ERF_Q3);
        FloatVector q4 = FloatVector.broadcast(SPECIES, ERF_Q4);
        FloatVector q5 = FloatVector.broadcast(SPECIES, ERF_Q5);
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector c = v.mul(rootOfHalf);
            c = c.blend(limit, c.compare(VectorOperators.GT, limit));
            c = c.blend(lowerLimit, c.compare(VectorOperators.LT, lowerLimit));
            FloatVector u = c.mul(c);
            FloatVector p = p5.fma(u, p4).fma(u, p3).fma(u, p2).fma(u, p1).fma(u, p0);
            FloatVector q = q5.fma(u, q4).fma(u, q3).fma(u, q2).fma(u, q1).fma(u, q0);
            FloatVector erf = c.mul(p).div(q);
            FloatVector half = v.mul(oneHalf);
            half.fma(erf, half).intoArray(x, i);
        }
    }

    /** x = gelu_new(x), likewise. */
    static void geluTanh(float[] x, int from, int to) {
        FloatVector cube = FloatVector.broadcast(SPECIES, GELU_CUBE);
        FloatVector rootOfTwoOverPi = FloatVector.broadcast(SPECIES, SQRT_2_OVER_PI);
        FloatVector oneHalf = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector limit = FloatVector.broadcast(SPECIES, TANH_LIMIT);
        FloatVector lowerLimit = FloatVector.broadcast(SPECIES, -TANH_LIMIT);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector p1 = FloatVector.broadcast(SPECIES, TANH_P1);
        FloatVector p2 = FloatVector.broadcast(SPECIES, TANH_P2);
        FloatVector p3 = FloatVector.broadcast(SPECIES, TANH_P3);
        FloatVector p4 = FloatVector.broadcast(SPECIES, TANH_P4);
        FloatVector p5 = FloatVector.broadcast(SPECIES, TANH_P5);
        FloatVector q1 = FloatVector.broadcast(SPECIES, TANH_Q1);
        FloatVector q2 = FloatVector.broadcast(SPECIES, TANH_Q2);
        FloatVector q3 = FloatVector.broadcast(SPECIES, TANH_Q3);
        FloatVector q4 = FloatVector.broadcast(SPECIES, TANH_Q4);
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector cubic = v.mul(cube).mul(v).fma(v, v);
            FloatVector c = cubic.mul(rootOfTwoOverPi);
            c = c.blend(limit, c.compare(VectorOperators.GT, limit));
            c = c.blend(lowerLimit, c.compare(VectorOperators.LT, lowerLimit));
            FloatVector u = c.mul(c);
            FloatVector p = p5.fma(u, p4).fma(u, p3).fma(u, p2).fma(u, p1).fma(u, one);
            FloatVector q = q4.fma(u, q3).fma(u, q2).fma(u, q1).fma(u, one);
            FloatVector tanh = c.mul(p).div(q);
            FloatVector half = v.mul(oneHalf);
            half.fma(tanh, half).intoArray(x, i);
        }
    }

    static void relu(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(x, i);
        }
    }

    /** x = tanh(x). The constants stay in the loop: only the pooler comes here, with one row a pair. */
    static void tanh(float[] x, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector c = clamp(FloatVector.fromArray(SPECIES, x, i), TANH_LIMIT);
            FloatVector u = c.mul(c);
            FloatVector p = step(step(FloatVector.broadcast(SPECIES, TANH_P5), u, TANH_P4), u, TANH_P3);
            p = step(step(step(p, u, TANH_P2), u, TANH_P1), u, 1f);
            FloatVector q = step(step(FloatVector.broadcast(SPECIES, TANH_Q4), u, TANH_Q3), u, TANH_Q2);
            q = step(step(q, u, TANH_Q1), u, 1f);
            c.mul(p).div(q).intoArray(x, i);
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
