package io.github.purerank.kernel;

/**
 * exp, erf and tanh in single precision, from additions, multiplications, fused multiply-adds and one division: operations
 * whose results IEEE 754 fixes to the last bit, so that the same input gives the same output on every machine. {@code
 * VectorMath} does the same steps on vectors.
 *
 * <p>The coefficients come from tools/fit_polynomials.py. The errors written beside the functions are the largest seen by
 * PolynomialsTest over its sweeps, in units of the last place of the exact result.
 */
final class Polynomials {
    static final float LOG2_E = 1.44269504f;
    /** ln(2) in two parts: the first has trailing zeros, so its product with a small whole number is exact. */
    static final float LN2_HIGH = 0.693359375f;

    static final float LN2_LOW = -2.12194440e-4f;
    /** Added to a number below 2^22, it leaves the nearest whole number in the low bits of the sum. */
    static final float ROUND = 0x1.8p23f;
    /** Below this exp is taken to be 0: its result would no longer be a normal number. */
    static final float EXP_LOWEST = -87.33654f;
    /** Above this exp is taken to be infinite. */
    static final float EXP_HIGHEST = 88.72283f;

    /** exp(r) = 1 + r + r^2 * (EXP_0 + EXP_1 r + ...), |r| up to ln(2) / 2. */
    static final float EXP_0 = 0.5f,
            EXP_1 = 0.16666576f,
            EXP_2 = 0.041666374f,
            EXP_3 = 0.008363181f,
            EXP_4 = 0.0013941115f;

    /** erf(x) = x * P(x^2) / Q(x^2) up to here, where the quotient comes out as 1; so it stays beyond. */
    static final float ERF_LIMIT = 4f;

    static final float ERF_P0 = 1.1283791f, ERF_P1 = 0.19355021f, ERF_P2 = 0.053102173f;
    static final float ERF_P3 = 0.0038834666f, ERF_P4 = 0.00028455228f, ERF_P5 = 1.9865479e-06f;
    static final float ERF_Q1 = 0.50486195f, ERF_Q2 = 0.115351886f, ERF_Q3 = 0.015207548f;
    static final float ERF_Q4 = 0.0011855679f, ERF_Q5 = 3.7416987e-05f;

    /** tanh(x) = x * P(x^2) / Q(x^2) up to here, where the quotient comes out as 1; so it stays beyond. */
    static final float TANH_LIMIT = 9.01f;

    static final float TANH_P1 = 0.13680845f, TANH_P2 = 0.0038694947f, TANH_P3 = 2.8031038e-05f;
    static final float TANH_P4 = 3.0641853e-08f, TANH_P5 = -1.22457365e-11f;
    static final float TANH_Q1 = 0.47014177f,
            TANH_Q2 = 0.027250107f,
            TANH_Q3 = 0.00039406898f,
            TANH_Q4 = 1.2890157e-06f;

    static final float SQRT_HALF = 0.70710678f;
    static final float SQRT_2_OVER_PI = 0.79788456f;
    static final float GELU_CUBE = 0.044715f;

    private Polynomials() {}

    /** e^x; NaN for NaN. Largest error 0.93 ulp where the result is a normal number. */
    static float exp(float x) {
        if (x < EXP_LOWEST) {
            return 0f;
        }
        if (x > EXP_HIGHEST) {
            return Float.POSITIVE_INFINITY;
        }
        // x = n ln(2) + r
        float shifted = Math.fma(x, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float tail = Math.fma(Math.fma(Math.fma(Math.fma(EXP_4, r, EXP_3), r, EXP_2), r, EXP_1), r, EXP_0);
        float p = Math.fma(Math.fma(r, tail, 1f), r, 1f);
        // 2^n in two factors, since n can be 128. The low bits of "shifted" are n.
        int exponent = Float.floatToRawIntBits(shifted) << 23 >> 23;
        int half = exponent >> 1;
        return p * Float.intBitsToFloat((half + 127) << 23) * Float.intBitsToFloat((exponent - half + 127) << 23);
    }

    /** The error function; NaN for NaN. Largest error 5.9 ulp (3.5e-7), where it nears 1; 3.7 ulp up to x = 1. */
    static float erf(float x) {
        float c = clamp(x, ERF_LIMIT);
        float u = c * c;
        float p = Math.fma(
                Math.fma(Math.fma(Math.fma(Math.fma(ERF_P5, u, ERF_P4), u, ERF_P3), u, ERF_P2), u, ERF_P1), u, ERF_P0);
        float q = Math.fma(
                Math.fma(Math.fma(Math.fma(Math.fma(ERF_Q5, u, ERF_Q4), u, ERF_Q3), u, ERF_Q2), u, ERF_Q1), u, 1f);
        return c * p / q;
    }

    /** The hyperbolic tangent; NaN for NaN. Largest error 4.6 ulp (2.8e-7), where it nears 1. */
    static float tanh(float x) {
        float c = clamp(x, TANH_LIMIT);
        float u = c * c;
        float p = Math.fma(
                Math.fma(Math.fma(Math.fma(Math.fma(TANH_P5, u, TANH_P4), u, TANH_P3), u, TANH_P2), u, TANH_P1), u, 1f);
        float q = Math.fma(Math.fma(Math.fma(Math.fma(TANH_Q4, u, TANH_Q3), u, TANH_Q2), u, TANH_Q1), u, 1f);
        return c * p / q;
    }

    /** Largest error 1.1e-6, and 5.5 ulp above -1; below, 1 + erf cancels, as in every implementation by erf. */
    static float gelu(float x) {
        float half = 0.5f * x;
        return Math.fma(half, erf(x * SQRT_HALF), half);
    }

    /** Largest error 8.5e-7, and 5.5 ulp above -1; below, 1 + tanh cancels. */
    static float geluTanh(float x) {
        float half = 0.5f * x;
        float cubic = Math.fma(GELU_CUBE * x * x, x, x);
        return Math.fma(half, tanh(SQRT_2_OVER_PI * cubic), half);
    }

    /** max(x, 0), written so that NaN stays NaN. */
    static float relu(float x) {
        return x < 0f ? 0f : x;
    }

    private static float clamp(float x, float limit) {
        return x > limit ? limit : x < -limit ? -limit : x;
    }
}
