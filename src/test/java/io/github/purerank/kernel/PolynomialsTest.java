package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The error of each polynomial over a dense sweep, against StrictMath and commons-math in double precision; and the vector
 * forms against the scalar ones. The bounds asserted are what the javadoc of {@link Polynomials} states.
 */
class PolynomialsTest {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        1e-38f,
        -1e-40f,
        1e-20f,
        1e-10f,
        0.5f,
        -0.5f,
        1f,
        -1f,
        4f,
        -4f,
        Math.nextUp(4f),
        Math.nextDown(-4f),
        9f,
        -9f,
        Math.nextUp(9f),
        10f,
        -10f,
        50f,
        -50f,
        -87.33654f,
        Math.nextDown(-87.33654f),
        -87.33655f,
        -88f,
        -103.97f,
        -104f,
        88.72283f,
        Math.nextUp(88.72283f),
        1e10f,
        -1e10f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    static float scalar(Elementwise function, float x) {
        return switch (function) {
            case GELU -> Polynomials.gelu(x);
            case GELU_TANH -> Polynomials.geluTanh(x);
            case RELU -> Polynomials.relu(x);
            case TANH -> Polynomials.tanh(x);
        };
    }

    private interface FloatFunction {
        float apply(float x);
    }

    /** What a sweep found: the largest error in units of the last place of the exact result, and in absolute terms. */
    private record Errors(double ulps, float atUlps, double absolute, float atAbsolute) {}

    /** Floats of either sign between the bounds: every 29th from 1/16 on, every 9,973rd below. */
    private static Errors sweep(FloatFunction function, DoubleUnaryOperator exact, float least, float greatest) {
        double ulps = 0;
        double absolute = 0;
        float atUlps = 0;
        float atAbsolute = 0;
        for (int sign = 0; sign < 2; sign++) {
            int bits = 0;
            while (true) {
                float magnitude = Float.intBitsToFloat(bits);
                float x = sign == 0 ? magnitude : -magnitude;
                if (magnitude > Math.max(Math.abs(least), Math.abs(greatest))) {
                    break;
                }
                if (x >= least && x <= greatest) {
                    double expected = exact.applyAsDouble(x);
                    double error = Math.abs(function.apply(x) - expected);
                    double ulp = Math.max(Math.ulp((float) expected), Float.MIN_VALUE);
                    if (error / ulp > ulps) {
                        ulps = error / ulp;
                        atUlps = x;
                    }
                    if (error > absolute) {
                        absolute = error;
                        atAbsolute = x;
                    }
                }
                bits += magnitude < 0.0625f ? 9973 : 29;
            }
        }
        return new Errors(ulps, atUlps, absolute, atAbsolute);
    }

    private static Errors report(String name, Errors errors) {
        System.out.println(name + ": " + errors);
        return errors;
    }

    @Test
    void exp() {
        Errors errors = report(
                "exp", sweep(Polynomials::exp, StrictMath::exp, Polynomials.EXP_LOWEST, Polynomials.EXP_HIGHEST));
        assertTrue(errors.ulps < 0.95, errors.toString());
        assertEquals(1f, Polynomials.exp(0f));
        assertEquals(1f, Polynomials.exp(-0f));
        assertEquals(0f, Polynomials.exp(-87.4f));
        assertEquals(0f, Polynomials.exp(Float.NEGATIVE_INFINITY));
        assertEquals(Float.POSITIVE_INFINITY, Polynomials.exp(88.8f));
        assertEquals(Float.POSITIVE_INFINITY, Polynomials.exp(Float.POSITIVE_INFINITY));
        assertEquals(Float.NaN, Polynomials.exp(Float.NaN));
        // The limits are where e^x leaves the normal numbers.
        assertTrue(StrictMath.exp(Math.nextDown(Polynomials.EXP_LOWEST)) < Float.MIN_NORMAL);
        assertTrue(StrictMath.exp(Polynomials.EXP_LOWEST) >= Float.MIN_NORMAL * (1 - 1e-6));
        assertTrue((float) StrictMath.exp(Polynomials.EXP_HIGHEST) <= Float.MAX_VALUE);
        assertEquals(Float.POSITIVE_INFINITY, (float) StrictMath.exp(Math.nextUp(Polynomials.EXP_HIGHEST)));
    }

    @Test
    void erf() {
        Errors errors = report("erf", sweep(Polynomials::erf, Erf::erf, -6f, 6f));
        assertTrue(errors.ulps < 6, errors.toString());
        assertEndsAt1(Polynomials::erf, Polynomials.ERF_LIMIT);
        Errors small = report("erf up to 1", sweep(Polynomials::erf, Erf::erf, -1f, 1f));
        assertTrue(small.ulps < 4, small.toString());
        assertEquals(Float.NaN, Polynomials.erf(Float.NaN));
        assertEquals(0f, Polynomials.erf(0f));
        assertEquals(-0f, Polynomials.erf(-0f));
    }

    @Test
    void tanh() {
        Errors errors = report("tanh", sweep(Polynomials::tanh, StrictMath::tanh, -10f, 10f));
        assertTrue(errors.ulps < 5, errors.toString());
        assertEndsAt1(Polynomials::tanh, Polynomials.TANH_LIMIT);
        assertEquals(Float.NaN, Polynomials.tanh(Float.NaN));
        assertEquals(-0f, Polynomials.tanh(-0f));
    }

    /** Near its end the quotient may pass 1 by rounding, but from the limit on it is 1. */
    private static void assertEndsAt1(FloatFunction function, float limit) {
        for (float x = limit * 0.9f; x < limit; x = Math.nextUp(x)) {
            float y = function.apply(x);
            if (y > 1 + 0x1p-22f || function.apply(-x) != -y) {
                assertEquals(1f, y, "at " + x);
            }
        }
        for (float x : new float[] {limit, Math.nextUp(limit), 2 * limit, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
            assertEquals(1f, function.apply(x), "at " + x);
            assertEquals(-1f, function.apply(-x), "at " + -x);
        }
    }

    /** Towards minus infinity 1 + erf cancels, so the error is small in absolute terms, not in units of the last place. */
    @Test
    void gelu() {
        Errors errors = report("gelu", sweep(Polynomials::gelu, x -> 0.5 * x * Erf.erfc(-x / Math.sqrt(2)), -10f, 10f));
        assertTrue(errors.absolute < 1.2e-6, errors.toString());
        Errors above =
                report("gelu above -1", sweep(Polynomials::gelu, x -> 0.5 * x * Erf.erfc(-x / Math.sqrt(2)), -1f, 10f));
        assertTrue(above.ulps < 6, above.toString());
        assertEquals(100f, Polynomials.gelu(100f));
        assertEquals(0f, Polynomials.gelu(-100f));
        assertEquals(Float.NaN, Polynomials.gelu(Float.NaN));
    }

    @Test
    void geluTanh() {
        DoubleUnaryOperator exact = x -> {
            // 1 + tanh(y) = 2 / (1 + e^(-2y)), without cancellation.
            double y = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
            return x / (1 + StrictMath.exp(-2 * y));
        };
        Errors errors = report("geluTanh", sweep(Polynomials::geluTanh, exact, -10f, 10f));
        assertTrue(errors.absolute < 1.2e-6, errors.toString());
        Errors above = report("geluTanh above -1", sweep(Polynomials::geluTanh, exact, -1f, 10f));
        assertTrue(above.ulps < 6, above.toString());
        assertEquals(100f, Polynomials.geluTanh(100f));
        assertEquals(0f, Polynomials.geluTanh(-100f));
        assertEquals(Float.NaN, Polynomials.geluTanh(Float.NaN));
    }

    @Test
    void relu() {
        assertEquals(2f, Polynomials.relu(2f));
        assertEquals(0f, Polynomials.relu(-2f));
        assertEquals(-0f, Polynomials.relu(-0f));
        assertEquals(Float.NaN, Polynomials.relu(Float.NaN));
    }

    /** The constants that are rounded are the nearest floats. */
    @Test
    void constants() {
        assertEquals((float) (1 / Math.log(2)), Polynomials.LOG2_E);
        assertEquals(Math.log(2), (double) Polynomials.LN2_HIGH + Polynomials.LN2_LOW, 1e-11);
        assertEquals((float) Math.sqrt(0.5), Polynomials.SQRT_HALF);
        assertEquals((float) Math.sqrt(2 / Math.PI), Polynomials.SQRT_2_OVER_PI);
    }

    @ParameterizedTest
    @EnumSource(Elementwise.class)
    void vectorsGiveTheSameBits(Elementwise function) {
        float[] x = sweepOfBits();
        Kernels vector = TestKernels.vector();
        Matrix matrix = new Matrix(1, x.length);
        System.arraycopy(x, 0, matrix.data(), 0, x.length);
        vector.apply(function, matrix, 0, 1);
        for (int i = 0; i < x.length; i++) {
            assertSame(scalar(function, x[i]), matrix.data()[i], function + "(" + x[i] + ")");
        }
    }

    @Test
    void vectorExpGivesTheSameBits() {
        TestKernels.vector();
        float[] x = sweepOfBits();
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] > 0 ? -x[i] : x[i];
        }
        float[] powers = VectorExp.apply(x);
        for (int i = 0; i < x.length; i++) {
            assertSame(Polynomials.exp(x[i]), powers[i], "exp(" + x[i] + ")");
        }
    }

    /** The special values, each with its neighbours, and floats of all sizes and both signs. */
    private static float[] sweepOfBits() {
        int count = 1 << 20;
        float[] x = new float[3 * SPECIAL.length + count];
        int i = 0;
        for (float value : SPECIAL) {
            x[i++] = value;
            x[i++] = Math.nextUp(value);
            x[i++] = Math.nextDown(value);
        }
        for (int n = 0; n < count; n++) {
            x[i++] = Float.intBitsToFloat(n * 4093);
        }
        return x;
    }

    private static void assertSame(float expected, float found, String what) {
        if (Float.floatToIntBits(expected) != Float.floatToIntBits(found)) {
            assertEquals(expected, found, what);
        }
    }
}
