package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void readingANumberAgainGivesItsBits() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                String text = Numbers.full(value);
                assertEquals(value, Float.parseFloat(text), text);
                assertEquals(value, Double.parseDouble(text), text);
            }
        }
    }

    @Test
    void readingADoubleAgainGivesItsBits() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertEquals(value, Double.parseDouble(Numbers.full(value)), Numbers.full(value));
            }
        }
        assertEquals("0.1", Numbers.full(0.1));
    }

    @Test
    void writesPlainNumbersPlainly() {
        assertEquals("0.5", Numbers.full(0.5f));
        assertEquals("-3.0", Numbers.full(-3f));
        assertEquals("100.0", Numbers.full(100f));
        assertEquals("0.0", Numbers.full(0f));
        assertEquals("-0.0", Numbers.full(-0f));
        assertEquals("8.607138633728027", Numbers.full(8.607138633728027f));
        assertEquals("NaN", Numbers.full(Float.NaN));
        assertEquals("-Infinity", Numbers.full(Float.NEGATIVE_INFINITY));
    }

    @Test
    void theResultIsAJsonNumber() {
        for (float value : new float[] {1e-30f, 3.4e38f, 1.17e-38f, 1e10f, -7.5e20f}) {
            assertTrue(Numbers.full(value).matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), Numbers.full(value));
        }
    }
}
