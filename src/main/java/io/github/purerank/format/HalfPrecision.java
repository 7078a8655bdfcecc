package io.github.purerank.format;

/** The 16-bit floating-point formats as float. Every value of both has an exact float. */
final class HalfPrecision {
    private static final float SMALLEST_SUBNORMAL = 0x1p-24f;

    private HalfPrecision() {}

    /** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction. */
    static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits & 0x7c00;
        int fraction = bits & 0x03ff;
        if (exponent == 0) {
            // Zero and subnormals: a multiple of 2^-24, which is a normal float.
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SMALLEST_SUBNORMAL));
        }
        if (exponent == 0x7c00) {
            // Infinity and NaN keep the highest exponent.
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
        }
        // The exponent's bias becomes 127.
        return Float.intBitsToFloat(sign | (((exponent | fraction) << 13) + ((127 - 15) << 23)));
    }

    /** bfloat16: the upper half of a float. */
    static float fromBFloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static void fromFloat16(short[] source, float[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = fromFloat16(source[i]);
        }
    }

    static void fromBFloat16(short[] source, float[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = fromBFloat16(source[i]);
        }
    }
}
