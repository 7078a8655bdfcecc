package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    /** The definition of IEEE 754 binary interchange formats, in double arithmetic. */
    private static double defined(int bits, int exponentBits, int fractionBits) {
        int bias = (1 << exponentBits - 1) - 1;
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        double fraction = (bits & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
        double magnitude;
        if (exponent == (1 << exponentBits) - 1) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = fraction * Math.pow(2, 1 - bias);
        } else {
            magnitude = (1 + fraction) * Math.pow(2, exponent - bias);
        }
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyFloat16IsItsDefinedValue() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            // assertEquals tells 0.0 from -0.0 and takes NaN as equal to NaN.
            assertEquals(
                    (float) defined(bits, 5, 10), HalfPrecision.fromFloat16((short) bits), Integer.toHexString(bits));
        }
    }

    @Test
    void everyBFloat16IsItsDefinedValue() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            assertEquals(
                    (float) defined(bits, 8, 7), HalfPrecision.fromBFloat16((short) bits), Integer.toHexString(bits));
        }
    }

    @Test
    void knownFloat16Values() {
        assertEquals(1f, HalfPrecision.fromFloat16((short) 0x3c00));
        assertEquals(65504f, HalfPrecision.fromFloat16((short) 0x7bff));
        assertEquals(0x1p-24f, HalfPrecision.fromFloat16((short) 0x0001));
        assertEquals(-0x1.ff8p-15f, HalfPrecision.fromFloat16((short) 0x83ff));
        assertTrue(Float.isNaN(HalfPrecision.fromFloat16((short) 0x7c01)));
    }

    @Test
    void theWriterRoundsBackToTheSameBits() {
        for (int bits = 0; bits <= 0xffff; bits++) {
            float half = HalfPrecision.fromFloat16((short) bits);
            if (!Float.isNaN(half)) {
                assertEquals((short) bits, SafetensorsWriter.toFloat16(half), Integer.toHexString(bits));
            }
            float brain = HalfPrecision.fromBFloat16((short) bits);
            if (!Float.isNaN(brain)) {
                assertEquals((short) bits, SafetensorsWriter.toBFloat16(brain), Integer.toHexString(bits));
            }
        }
    }

    @Test
    void arraysAreConvertedElementByElement() {
        short[] source = {0x3c00, (short) 0xc000, 0x3f80};
        float[] target = {9, 9, 9, 9};
        HalfPrecision.fromFloat16(source, target, 1, 2);
        assertEquals(9, target[0]);
        assertEquals(1, target[1]);
        assertEquals(-2, target[2]);
        assertEquals(9, target[3]);
        HalfPrecision.fromBFloat16(source, target, 0, 3);
        assertEquals(1, target[2]);
    }
}
