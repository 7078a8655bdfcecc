package io.github.purerank.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.Golden;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.kernel.TestKernels;
import io.github.purerank.load.TestModels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models against the reference's results, against double precision, and against themselves in other batches; each with all
 * kernels that the JVM has.
 */
class GoldenModelTest {
    /** What is promised: logits within this of the reference, relative above 1. */
    private static final double LOGIT_TOLERANCE = 2e-5;

    /** Hidden states are of the size of 1 and up to about 10; relative above 1 as well. */
    private static final double STATE_TOLERANCE = 1e-5;

    static Stream<Arguments> models() {
        return TestModels.all().stream()
                .flatMap(model ->
                        TestKernels.all().stream().map(kernels -> Arguments.of(model, kernels.name(), kernels)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("models")
    void logitsAreTheReferences(TestModels testModel, String name, Kernels kernels) {
        CrossEncoderModel model = testModel.load(kernels);
        for (Golden.Input input : testModel.golden().inputs()) {
            float[] logits = TestForward.logits(model, List.of(input))[0];
            assertEquals(input.logits().length, logits.length);
            for (int l = 0; l < logits.length; l++) {
                assertClose(input.logits()[l], logits[l], LOGIT_TOLERANCE, testModel + ", " + input);
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("models")
    void hiddenStatesAreTheReferences(TestModels testModel, String name, Kernels kernels) {
        CrossEncoderModel model = testModel.load(kernels);
        int compared = 0;
        for (Golden.Input input : testModel.golden().inputs()) {
            if (testModel.golden().hiddenState(testModel.statesFile(), input, 0).isEmpty()) {
                continue;
            }
            List<float[]> states = TestForward.hiddenStates(model, input);
            assertEquals(model.config().layerCount() + 1, states.size());
            for (int stage = 0; stage < states.size(); stage++) {
                float[] expected = testModel
                        .golden()
                        .hiddenState(testModel.statesFile(), input, stage)
                        .orElseThrow();
                float[] state = states.get(stage);
                assertEquals(expected.length, state.length);
                for (int i = 0; i < state.length; i++) {
                    assertClose(expected[i], state[i], STATE_TOLERANCE, testModel + ", " + input + ", stage " + stage);
                }
            }
            compared++;
        }
        assertTrue(compared > 0);
    }

    /** The same bits alone, in any company, at any place; and whether or not the last layer is computed for [CLS] alone. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("models")
    void batchesDoNotMatter(TestModels testModel, String name, Kernels kernels) {
        CrossEncoderModel model = testModel.load(kernels);
        List<Golden.Input> inputs = testModel.golden().inputs();
        float[][] alone = new float[inputs.size()][];
        for (int i = 0; i < alone.length; i++) {
            alone[i] = TestForward.logits(model, List.of(inputs.get(i)))[0];
        }
        Random random = new Random(42);
        for (int round = 0; round < 3; round++) {
            List<Golden.Input> order = new ArrayList<>(inputs);
            Collections.shuffle(order, random);
            List<Golden.Input> some = order.subList(0, round == 0 ? order.size() : 1 + random.nextInt(order.size()));
            float[][] together = TestForward.logits(model, some);
            float[][] observed = TestForward.observedLogits(model, some, (stage, hidden) -> {});
            for (int i = 0; i < some.size(); i++) {
                assertArrayEquals(alone[some.get(i).number()], together[i], testModel + ", " + some.get(i));
                assertArrayEquals(alone[some.get(i).number()], observed[i], testModel + ", " + some.get(i));
            }
        }
    }

    /** Few rows are split by columns, more by rows; a part must need nothing of another of its step, so they run backwards too. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("models")
    void partsDoNotMatter(TestModels testModel, String name, Kernels kernels) {
        CrossEncoderModel model = testModel.load(kernels);
        Parts backwards = (count, part) -> {
            for (int i = count - 1; i >= 0; i--) {
                part.accept(i);
            }
        };
        List<Golden.Input> inputs = testModel.golden().inputs();
        List<List<Golden.Input>> batches = new ArrayList<>();
        batches.add(inputs);
        inputs.forEach(input -> batches.add(List.of(input)));
        for (List<Golden.Input> batch : batches) {
            float[][] expected = TestForward.logits(model, batch);
            for (int partCount : new int[] {2, 3, 7, 40}) {
                float[][] logits = TestForward.logits(model, batch, partCount, backwards);
                for (int i = 0; i < expected.length; i++) {
                    assertArrayEquals(expected[i], logits[i], testModel + ", " + batch + ", " + partCount + " parts");
                }
            }
        }
    }

    /** A workspace that was larger, and holds what was computed before, changes nothing. */
    @Test
    void workspacesAreReused() {
        for (Kernels kernels : TestKernels.all()) {
            CrossEncoderModel model = TestModels.tiny("hidden-100-labels-3").load(kernels);
            List<Golden.Input> inputs =
                    TestModels.tiny("hidden-100-labels-3").golden().inputs();
            Workspace workspace = model.newWorkspace(500, 9);
            float[] logits = new float[3 + 1];
            for (int i = inputs.size() - 1; i >= 0; i--) {
                model.forward(TestForward.batch(List.of(inputs.get(i))), workspace, logits, 1);
                float[] fresh = TestForward.logits(model, List.of(inputs.get(i)))[0];
                for (int l = 0; l < 3; l++) {
                    assertEquals(fresh[l], logits[l + 1]);
                }
            }
        }
    }

    @Test
    void scalarAndVectorKernelsGiveTheSameBits() {
        Kernels vector = TestKernels.vector();
        for (TestModels testModel : TestModels.all()) {
            CrossEncoderModel plain = testModel.load(TestKernels.scalar());
            CrossEncoderModel fast = testModel.load(vector);
            List<Golden.Input> inputs = testModel.golden().inputs();
            float[][] expected = TestForward.logits(plain, inputs);
            float[][] logits = TestForward.logits(fast, inputs);
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(expected[i], logits[i], testModel + ", " + inputs.get(i));
            }
            Golden.Input first = inputs.get(0);
            List<float[]> states = TestForward.hiddenStates(fast, first);
            List<float[]> expectedStates = TestForward.hiddenStates(plain, first);
            for (int stage = 0; stage < states.size(); stage++) {
                assertArrayEquals(expectedStates.get(stage), states.get(stage), testModel + ", stage " + stage);
            }
        }
    }

    /**
     * How far we and the reference are from double precision, over all golden inputs; what was measured is printed. The
     * kernels all give the same bits, so the fastest there are stand for all.
     */
    @ParameterizedTest
    @ValueSource(strings = {"default model", "tiny models"})
    void errorAgainstDoublePrecision(String group) {
        List<Kernels> all = TestKernels.all();
        Kernels kernels = all.get(all.size() - 1);
        LargestError ours = new LargestError();
        LargestError theirs = new LargestError();
        double states = 0;
        for (TestModels testModel :
                group.equals("tiny models") ? TestModels.tiny() : List.of(TestModels.defaultModel())) {
            CrossEncoderModel model = testModel.load(kernels);
            DoubleForward oracle = new DoubleForward(model.config(), testModel.weights());
            for (Golden.Input input : testModel.golden().inputs()) {
                DoubleForward.Result exact = oracle.run(input.ids(), input.types());
                ours.add(TestForward.logits(model, List.of(input))[0], exact.logits());
                theirs.add(input.logits(), exact.logits());
                if (input.ids().length < 40) {
                    states = Math.max(states, stateError(model, input, exact));
                }
            }
        }
        System.out.println(group + ": largest error of our logits: " + ours);
        System.out.println(group + ": largest error of PyTorch's logits: " + theirs);
        System.out.println(group + ": largest error of our hidden states, relative above 1: " + states);
        assertTrue(ours.relative < LOGIT_TOLERANCE / 2, group + ": " + ours);
        // If PyTorch were far off, the oracle would be wrong.
        assertTrue(theirs.relative < LOGIT_TOLERANCE / 2, group + ": " + theirs);
        assertTrue(states < STATE_TOLERANCE, group + ": " + states);
    }

    /** The largest so far. */
    private static final class LargestError {
        private double absolute;
        private double relative;

        void add(float[] logits, double[] exact) {
            for (int l = 0; l < logits.length; l++) {
                double difference = Math.abs(logits[l] - exact[l]);
                absolute = Math.max(absolute, difference);
                relative = Math.max(relative, difference / Math.max(1, Math.abs(exact[l])));
            }
        }

        @Override
        public String toString() {
            return absolute + ", relative above 1: " + relative;
        }
    }

    private static double stateError(CrossEncoderModel model, Golden.Input input, DoubleForward.Result exact) {
        List<float[]> states = TestForward.hiddenStates(model, input);
        int hiddenSize = model.config().hiddenSize();
        double error = 0;
        for (int stage = 0; stage < states.size(); stage++) {
            for (int i = 0; i < states.get(stage).length; i++) {
                double expected = exact.states().get(stage)[i / hiddenSize][i % hiddenSize];
                error = Math.max(error, Math.abs(states.get(stage)[i] - expected) / Math.max(1, Math.abs(expected)));
            }
        }
        return error;
    }

    private static void assertClose(double expected, double found, double tolerance, String what) {
        double allowed = tolerance * Math.max(1, Math.abs(expected));
        assertTrue(Math.abs(expected - found) <= allowed, () -> what + ": expected " + expected + ", found " + found);
    }
}
