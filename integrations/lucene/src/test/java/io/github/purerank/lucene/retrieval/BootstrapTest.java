package io.github.purerank.lucene.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void theIntervalOfManyValuesIsThatOfTheNormalDistribution() {
        Random random = new Random(3);
        double[] values = random.doubles(400).toArray();
        Bootstrap interval = Bootstrap.of(values, 1);
        double half = 1.96 * Math.sqrt(StatUtils.variance(values) / values.length);
        assertEquals(StatUtils.mean(values), interval.mean(), 1e-12);
        assertEquals(interval.mean() - half, interval.low(), 0.1 * half);
        assertEquals(interval.mean() + half, interval.high(), 0.1 * half);
    }

    @Test
    void differencesAreOfTheSameQueries() {
        double[] before = new Random(3).doubles(50).toArray();
        double[] after = Arrays.stream(before).map(value -> value + 0.25).toArray();
        Bootstrap difference = Bootstrap.ofDifferences(after, before, 1);
        assertEquals(0.25, difference.low(), 1e-12);
        assertEquals(0.25, difference.high(), 1e-12);
        assertTrue(Bootstrap.of(before, 1).high() - Bootstrap.of(before, 1).low() > 0.1);
        assertEquals("+0.250 [+0.250, +0.250]", difference.signedCell());
    }
}
