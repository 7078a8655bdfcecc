package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LongText;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.Calibration;
import io.github.purerank.model.ScoreActivation;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;

/** What goes from the driver to the tasks: which model scores which texts how, and the counter of the rows that get no score. */
final class PairScoring implements Serializable {
    private static final long serialVersionUID = 1;

    private final ModelSource source;
    private final int maxCharacters;
    private final LongAccumulator badRows;
    // What PredictOptions has, which cannot be sent itself.
    private final int batchSize;
    private final ScoreActivation activation;
    private final boolean calibrated;
    /** Null for that of the model. */
    private final String calibrationJson;

    private final int maxLength;
    private final String prompt;
    private final String promptName;
    private final LongText.Method longTextMethod;
    private final int windowCount;
    private final int stride;

    PairScoring(PureRankOptions options, LongAccumulator badRows) {
        this.source = options.model();
        this.maxCharacters = options.maxCharacters();
        this.badRows = badRows;
        PredictOptions predict = options.predict();
        this.batchSize = predict.batchSize();
        this.activation = predict.activation();
        this.calibrated = predict.calibrated();
        this.calibrationJson =
                predict.calibration() == null ? null : predict.calibration().toJson();
        this.maxLength = predict.maxLength();
        this.prompt = predict.prompt();
        this.promptName = predict.promptName();
        this.longTextMethod = predict.longText().method();
        this.windowCount = predict.longText().windowCount();
        this.stride = predict.longText().stride();
    }

    /** The pair, or null if it cannot be scored: then it is counted. */
    TextPair pairOrCount(String query, String passage) {
        if (query == null || passage == null || isTooLong(query) || isTooLong(passage)) {
            badRows.add(1);
            return null;
        }
        return new TextPair(query, passage);
    }

    private boolean isTooLong(String text) {
        return maxCharacters > 0 && text.length() > maxCharacters;
    }

    /**
     * The pairs' scores, in their order; computed by as many threads as the task has processors.
     *
     * @throws CancellationException soon after the task was killed
     */
    float[] scores(List<TextPair> pairs) {
        // The driver evaluates what depends on no row itself, and has no task then.
        TaskContext task = TaskContext.get();
        requireAlive(task);
        CrossEncoder model = SharedModels.OF_THIS_JVM.get(source, task == null ? 1 : task.cpus());
        requireWithinPositions(model);
        return model.predict(pairs, options(task));
    }

    private PredictOptions options(TaskContext task) {
        LongText longText = new LongText(longTextMethod, windowCount, stride);
        // Spark does not interrupt the thread of a task that it kills, unless the job was begun so.
        return new PredictOptions(
                batchSize,
                activation,
                false,
                calibrated,
                calibration(),
                maxLength,
                prompt,
                promptName,
                longText,
                (done, total) -> requireAlive(task),
                null);
    }

    private Calibration calibration() {
        try {
            return calibrationJson == null ? null : Calibration.parse(calibrationJson);
        } catch (ModelFormatException e) {
            throw new IllegalStateException("a calibration that was made here", e);
        }
    }

    private static void requireAlive(TaskContext task) {
        if (task != null && task.isInterrupted()) {
            throw new CancellationException("the task was killed");
        }
    }

    /** Before any row is scored: otherwise it would depend on the lengths of the rows whether the job dies. */
    private void requireWithinPositions(CrossEncoder model) {
        int limit = maxLength == 0 ? model.config().maxLength() : maxLength;
        int positions = model.config().bert().maxPositionEmbeddings();
        if (longTextMethod == LongText.Method.TRUNCATE && limit > positions) {
            throw new IllegalArgumentException(
                    "maxLength: " + limit + " tokens where the model has " + positions + " positions");
        }
    }
}
