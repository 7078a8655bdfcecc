package io.github.purerank.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void roundNumbersEncloseTheRange() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            double width = Math.pow(10, random.nextInt(60) - 30) * (1 + 9 * random.nextDouble());
            double min = width * 20 * (random.nextDouble() - 0.5);
            int wanted = 3 + random.nextInt(60);
            Scale scale = Scale.around(min, min + width, wanted);
            String shown = scale + " around " + min + " and " + (min + width);
            assertTrue(scale.first() <= min + 1e-9 * width, shown);
            assertTrue(scale.last() >= min + width - 1e-8 * width, shown);
            assertTrue(scale.count() >= wanted / 2.6 && scale.count() <= wanted + 2, shown + ", wanted " + wanted);
            Set<String> labels = new HashSet<>();
            for (int t = 0; t <= scale.count(); t++) {
                String label = scale.label(t);
                assertTrue(labels.add(label), shown + ": " + label + " twice");
                assertEquals(scale.at(t), Double.parseDouble(label), 1e-6 * scale.step(), shown);
            }
        }
    }

    @Test
    void labelsHaveTheDecimalsOfTheStep() {
        Scale scale = Scale.around(-0.25, 0.25, 5);
        assertEquals("Scale[first=-0.30000000000000004, step=0.1, count=6]", scale.toString());
        assertEquals("-0.3", scale.label(0));
        assertEquals("0.0", scale.label(3));
        assertEquals("-15", Scale.around(-15, 13.2, 8).label(0));
        assertEquals("20", Scale.around(0, 100, 5).label(1));
    }
}
