package io.github.purerank.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.TextPair;
import io.github.purerank.load.Calibration;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MetricsTest {
    private static void assertRefused(String expected, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void whatHasNoMetricIsRefused() {
        assertRefused("no scores", () -> BinaryMetrics.of(new double[0], new int[0]));
        assertRefused("no scores", () -> MultiClassMetrics.of(new float[0][], new int[0]));
        assertRefused("at least two", () -> CorrelationMetrics.of(new double[1], new double[1]));
        assertRefused("at least two", () -> RankingMetrics.of(new double[1], new boolean[1], 10));
        assertRefused("no scores", () -> RankingMetrics.mean(List.of()));
        assertRefused("no scores", () -> new CrossEncoderRerankingEvaluator(List.of()));
        assertRefused("a label for each", () -> BinaryMetrics.of(new double[2], new int[1]));
        assertRefused("a label for each", () -> new CrossEncoderClassificationEvaluator(List.of(), new int[1]));
        assertRefused("a label for each", () -> new CrossEncoderCorrelationEvaluator(List.of(), new double[1]));
        assertRefused("label 1: expected 0 or 1, found 2", () -> BinaryMetrics.of(new double[2], new int[] {0, 2}));
        assertRefused("k: expected at least 1", () -> RankingMetrics.of(new double[2], new boolean[2], 0));
    }

    @Test
    void scoresThatAreNoNumbersAreRefused() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] scores = {0, bad};
            assertRefused(
                    "score 1: expected a finite number, found " + bad, () -> BinaryMetrics.of(scores, new int[2]));
            assertRefused("score 1", () -> RankingMetrics.of(scores, new boolean[2], 10));
            assertRefused("score 1", () -> PlattScaling.fit(scores, new int[] {0, 1}));
        }
        double[] notANumber = {0, Double.NaN, 1};
        assertEquals(
                new CorrelationMetrics(Double.NaN, Double.NaN),
                CorrelationMetrics.of(notANumber, new double[] {1, 2, 3}));
        assertEquals(
                new CorrelationMetrics(Double.NaN, Double.NaN),
                CorrelationMetrics.of(new double[] {1, 2, 3}, notANumber));
        // As for scipy, an infinity has a rank.
        CorrelationMetrics infinite =
                CorrelationMetrics.of(new double[] {2, 1, 3}, new double[] {1, Double.POSITIVE_INFINITY, 1});
        assertTrue(Double.isNaN(infinite.pearson()));
        assertEquals(-0.8660254037844387, infinite.spearman(), 1e-12);
        // As for numpy, the first NaN is the highest score.
        float[][] withNaN = {{1, Float.NaN, Float.NaN, 2}};
        assertEquals(1, MultiClassMetrics.of(withNaN, new int[] {1}).f1Micro());
    }

    @Test
    void labelsBeyondTheModelsCountAsMissed() {
        // scikit-learn: f1_score([7, -1, 0], [0, 1, 0], average="macro").
        MultiClassMetrics found = MultiClassMetrics.of(new int[] {0, 1, 0}, new int[] {7, -1, 0});
        assertEquals(1 / 6.0, found.f1Macro(), 1e-12);
    }

    @Test
    void aSampleNeedsTwoDocumentsToRank() {
        RerankingSample single = RerankingSample.withNegative("q", List.of("a"), List.of());
        assertRefused("sample 1: nDCG needs at least two", () -> {
            RerankingSample good = RerankingSample.withNegative("q", List.of("a"), List.of("b"));
            new CrossEncoderRerankingEvaluator(List.of(good, single));
        });
        assertRefused(
                "two",
                () -> RerankingSample.withDocuments("q", List.of("a"), List.of("a"))
                        .requireRankable(true));
        // The relevant document that the search missed is ranked with the other, or nothing is to be found.
        RerankingSample missed = RerankingSample.withDocuments("q", List.of("a"), List.of("b"));
        missed.requireRankable(true);
        missed.requireRankable(false);
        RerankingSample half = RerankingSample.withDocuments("q", List.of("a", "b"), List.of("a"));
        half.requireRankable(true);
        assertRefused("two", () -> half.requireRankable(false));
        assertRefused("both", () -> new RerankingSample("q", List.of(), List.of(), List.of("a")));
        assertRefused("neither", () -> new RerankingSample("q", List.of(), null, null));
        assertRefused("documents", () -> RerankingSample.withDocuments("q", List.of("a"), List.of()));
    }

    @Test
    void scoresOfAnotherCountThanThePairsAreRefused() {
        List<RerankingSample> samples = List.of(RerankingSample.withNegative("q", List.of("a"), List.of("b")));
        assertRefused("a label for each", () -> new CrossEncoderRerankingEvaluator(samples).evaluate(new float[3]));
        List<TextPair> pairs = List.of(new TextPair("a", "b"));
        assertRefused(
                "a label for each",
                () -> new CrossEncoderClassificationEvaluator(pairs, new int[1]).evaluate(new float[2][1]));
    }

    @Test
    void metricsWithoutCommonsMathSayWhatTheyNeed() throws IOException, ReflectiveOperationException {
        URL classes = Path.of("target/classes").toUri().toURL();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> metrics = alone.loadClass(CorrelationMetrics.class.getName());
            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class,
                    () -> metrics.getMethod("of", double[].class, double[].class)
                            .invoke(null, new double[] {1, 2}, new double[] {3, 4}));
            assertEquals(IllegalStateException.class, thrown.getCause().getClass());
            assertTrue(thrown.getCause().getMessage().contains("org.apache.commons:commons-math3"));
            // All else does without.
            alone.loadClass(BinaryMetrics.class.getName())
                    .getMethod("of", double[].class, int[].class)
                    .invoke(null, new double[] {1, 2}, new int[] {0, 1});
        }
    }

    @Test
    void whatHasNoCalibrationIsRefused() {
        assertRefused(
                "both labels, found 2 with label 1 and 0",
                () -> PlattScaling.fit(new double[] {1, 2}, new int[] {1, 1}));
        assertRefused("both labels, found 0 with label 1 and 0", () -> PlattScaling.fit(new double[0], new int[0]));
        assertRefused(
                "different scores, found 2.0 alone", () -> PlattScaling.fit(new double[] {2, 2}, new int[] {0, 1}));
        assertRefused("different scores", () -> PlattScaling.fit(new double[2], new int[] {0, 1}));
        assertRefused("different scores", () -> PlattScaling.fit(new double[] {0.1, 0.1, 0.1}, new int[] {0, 1, 1}));
        assertRefused("0 or 1", () -> PlattScaling.fit(new double[] {1, 2}, new int[] {0, 3}));
    }

    @Test
    void aCalibrationFindsTheLineThatLabelsWereDrawnFrom() {
        Random random = new Random(1);
        int pairs = 200_000;
        double[] logits = new double[pairs];
        int[] labels = new int[pairs];
        for (int i = 0; i < pairs; i++) {
            logits[i] = 5 * random.nextGaussian() - 2;
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-(0.7 * logits[i] + 1))) ? 1 : 0;
        }
        Calibration found = PlattScaling.fit(logits, labels);
        assertEquals(0.7, found.slope(), 0.02);
        assertEquals(1, found.intercept(), 0.03);
        assertTrue(found.logLossAfter() < found.logLossBefore());
    }

    /** By hand: at +-1 with one pair of each label and 2/3, 1/3 as targets, the slope is ln 2 and the intercept 0. */
    @Test
    void separatedLabelsHaveAFiniteSlope() {
        Calibration found = PlattScaling.fit(new double[] {-1, 1}, new int[] {0, 1});
        assertEquals(Math.log(2), found.slope(), 1e-9);
        assertEquals(0, found.intercept(), 1e-9);
        assertEquals(Math.log(1.5), found.logLossAfter(), 1e-9);
        assertEquals(Math.log1p(Math.exp(-1)), found.logLossBefore(), 1e-12);
        assertEquals(2 / 3.0, found.apply(1f), 1e-6);
        Calibration swapped = PlattScaling.fit(new double[] {-1e6, 1e6}, new int[] {1, 0});
        assertEquals(-Math.log(2) / 1e6, swapped.slope(), 1e-14);
        for (double size : new double[] {1e-200, 1e200}) {
            Calibration other = PlattScaling.fit(new double[] {-size, size}, new int[] {0, 1});
            assertEquals(Math.log(2), other.slope() * size, 1e-9);
        }
    }
}
