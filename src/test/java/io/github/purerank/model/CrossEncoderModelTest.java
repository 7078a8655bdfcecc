package io.github.purerank.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.purerank.kernel.TestKernels;
import io.github.purerank.load.TestModels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a model refuses, and what a refusal leaves behind. */
class CrossEncoderModelTest {
    private final CrossEncoderModel model =
            TestModels.tiny("hidden-30-no-prefix").load(TestKernels.scalar());

    private static int[] zeros(int length) {
        return new int[length];
    }

    private static RaggedBatch batch(int... lengths) {
        RaggedBatch batch = new RaggedBatch();
        for (int length : lengths) {
            batch.add(zeros(length), zeros(length));
        }
        return batch;
    }

    @Test
    void aBatchThatDoesNotFitIsRefused() {
        Workspace workspace = model.newWorkspace(10, 2);
        float[] logits = new float[3];
        assertThrows(IllegalArgumentException.class, () -> model.forward(batch(5, 6), workspace, logits, 0));
        assertThrows(IllegalArgumentException.class, () -> model.forward(batch(1, 1, 1), workspace, logits, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> model.forwardObserved(batch(1, 1, 1), workspace, (stage, hidden) -> {}, logits, 0));
        model.forward(batch(5, 5), workspace, logits, 0);
    }

    @Test
    void aPairWithMoreTokensThanPositionsIsRefused() {
        Workspace workspace = model.newWorkspace(200, 2);
        float[] logits = new float[2];
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> model.forward(batch(65, 66), workspace, logits, 0));
        assertEquals("66 tokens where the model has 65 positions", e.getMessage());
    }

    @Test
    void anIdOutsideItsTableIsRefusedAndHarmsNothing() {
        Workspace workspace = model.newWorkspace(20, 2);
        float[] expected = new float[1];
        model.forward(batch(3), workspace, expected, 0);
        int[][] wrong = {{0, 97, 0}, {0, -1, 0}, {Integer.MAX_VALUE, 0, 0}};
        for (int[] ids : wrong) {
            RaggedBatch batch = new RaggedBatch();
            batch.add(ids, zeros(3));
            assertThrows(IndexOutOfBoundsException.class, () -> model.forward(batch, workspace, new float[1], 0));
            RaggedBatch types = new RaggedBatch();
            types.add(zeros(3), ids);
            assertThrows(IndexOutOfBoundsException.class, () -> model.forward(types, workspace, new float[1], 0));
        }
        float[] again = new float[1];
        model.forward(batch(3), workspace, again, 0);
        assertArrayEquals(expected, again);
    }

    @Test
    void anEmptyBatchGivesNothing() {
        float[] logits = {1, 2};
        model.forward(new RaggedBatch(), model.newWorkspace(1, 1), logits, 1);
        assertArrayEquals(new float[] {1, 2}, logits);
    }

    @Test
    void batchesAreFilledAndClearedAndFilledAgain() {
        RaggedBatch batch = new RaggedBatch();
        for (int round = 0; round < 3; round++) {
            batch.clear();
            assertEquals(0, batch.pairCount());
            assertEquals(0, batch.rowCount());
            int rows = 0;
            for (int b = 0; b < 20; b++) {
                int[] ids = zeros(b * 7 % 5 + 1);
                Arrays.fill(ids, b);
                batch.add(ids, ids);
                assertEquals(rows, batch.firstRow(b));
                assertEquals(ids.length, batch.tokenCount(b));
                rows += ids.length;
            }
            assertEquals(20, batch.pairCount());
            assertEquals(rows, batch.rowCount());
            for (int b = 0; b < 20; b++) {
                assertEquals(b, batch.inputId(batch.firstRow(b)));
                assertEquals(b, batch.tokenTypeId(batch.firstRow(b + 1) - 1));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> batch.add(zeros(0), zeros(0)));
        assertThrows(IllegalArgumentException.class, () -> batch.add(zeros(2), zeros(3)));
    }

    @Test
    void configurationsAreChecked() {
        assertEquals(2, config(6, 3).headSize());
        assertThrows(IllegalArgumentException.class, () -> config(6, 4));
        assertThrows(IllegalArgumentException.class, () -> config(0, 1));
        assertThrows(IllegalArgumentException.class, () -> config(6, -3));
    }

    private static BertConfig config(int hiddenSize, int headCount) {
        return new BertConfig(11, hiddenSize, 2, headCount, 10, HiddenActivation.GELU, 7, 2, 1e-12f, 2);
    }
}
