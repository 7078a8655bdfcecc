package io.github.purerank.model;

import io.github.purerank.Golden;
import java.util.ArrayList;
import java.util.List;

/** Runs a model on golden inputs. */
public final class TestForward {
    private TestForward() {}

    /** The logits of all inputs in one batch. */
    public static float[][] logits(CrossEncoderModel model, List<Golden.Input> inputs) {
        return logits(model, inputs, 1, Parts.IN_TURN);
    }

    /** The same in up to so many parts. */
    static float[][] logits(CrossEncoderModel model, List<Golden.Input> inputs, int partCount, Parts parts) {
        RaggedBatch batch = batch(inputs);
        float[] logits = new float[inputs.size() * model.config().labelCount()];
        model.forward(batch, model.newWorkspace(batch.rowCount(), batch.pairCount(), partCount), parts, logits, 0);
        return rows(logits, model.config().labelCount());
    }

    /** The same with the last layer computed for all tokens. */
    public static float[][] observedLogits(CrossEncoderModel model, List<Golden.Input> inputs, StageObserver observer) {
        RaggedBatch batch = batch(inputs);
        float[] logits = new float[inputs.size() * model.config().labelCount()];
        model.forwardObserved(batch, model.newWorkspace(batch.rowCount(), batch.pairCount()), observer, logits, 0);
        return rows(logits, model.config().labelCount());
    }

    /** What one pair's tokens become: (T, H), without padding, for each stage. */
    public static List<float[]> hiddenStates(CrossEncoderModel model, Golden.Input input) {
        List<float[]> states = new ArrayList<>();
        observedLogits(model, List.of(input), (stage, hidden) -> {
            float[] state = new float[input.ids().length * hidden.columns()];
            for (int t = 0; t < input.ids().length; t++) {
                System.arraycopy(hidden.data(), hidden.at(t), state, t * hidden.columns(), hidden.columns());
            }
            states.add(state);
        });
        return states;
    }

    /** The inputs as one batch, in this order. */
    public static RaggedBatch batch(List<Golden.Input> inputs) {
        RaggedBatch batch = new RaggedBatch();
        for (Golden.Input input : inputs) {
            batch.add(input.ids(), input.types());
        }
        return batch;
    }

    private static float[][] rows(float[] values, int columns) {
        float[][] rows = new float[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            rows[i / columns][i % columns] = values[i];
        }
        return rows;
    }
}
