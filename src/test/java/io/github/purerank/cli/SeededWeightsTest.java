package io.github.purerank.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the formula gives stays as it is; that Python finds the same is tested by the golden files. */
class SeededWeightsTest {
    @Test
    void valuesDependOnNameAndSeed() {
        float[] values = SeededWeights.floats("classifier.weight", 1, 1, 100);
        assertEquals(100, values.length);
        assertArrayEquals(values, SeededWeights.floats("classifier.weight", 1, 1, 100));
        assertTrue(values[0] != SeededWeights.floats("classifier.weight", 2, 1, 100)[0]);
        assertTrue(values[0] != SeededWeights.floats("classifier2.weight", 1, 1, 100)[0]);
    }

    /** SplitMix64 from 0 begins with 0xe220a8397b1dcdaf; a name's hash as the seed starts it at 0. */
    @Test
    void theSequenceIsSplitMix64() {
        long hash = 0xcbf29ce484222325L;
        for (char c : "x".toCharArray()) {
            hash = (hash ^ c) * 0x100000001b3L;
        }
        double first = SeededWeights.doubles("x", hash, 16, 1, 1)[0];
        assertEquals((short) 0xe220 / 32768.0, first);
    }

    @Test
    void valuesAreOfTheStatedSize() {
        assertRange(SeededWeights.floats("pooler.dense.weight", 1, 50, 384), -0.0625f, 0.0625f);
        assertRange(SeededWeights.floats("pooler.dense.bias", 1, 20000), -0.125f, 0.125f);
        assertRange(SeededWeights.floats("embeddings.LayerNorm.weight", 1, 20000), 0.75f, 1.25f);
        assertRange(SeededWeights.floats("embeddings.word_embeddings.weight", 1, 100, 200), -1f, 1f);
        assertRange(SeededWeights.floats("embeddings.position_embeddings.weight", 1, 100, 200), -0.5f, 0.5f);
    }

    /** Within the range, and nearly up to its ends. */
    private static void assertRange(float[] values, float least, float greatest) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        float slack = (greatest - least) / 100;
        assertTrue(min >= least && min < least + slack, "least " + min);
        assertTrue(max <= greatest && max > greatest - slack, "greatest " + max);
    }
}
