package io.github.purerank.spark;

import io.github.purerank.PredictOptions;
import java.util.Objects;
import org.apache.spark.util.LongAccumulator;

/**
 * How rows are scored. Immutable; begin with {@link #defaults()}.
 *
 * @param model where the executors find the model
 * @param scoreColumn the name of the column that is added
 * @param maxCharacters the most characters (UTF-16 units) of a query or a passage: a row with a longer one is a bad row; 0 for
 *     any number. Without it long texts are cut or read in windows, as {@code predict} says
 * @param predict activation, length, windows over long texts; neither a timeout nor a listener, which Spark has ways of its own for
 * @param badRows counts the rows that get no score; null for a counter that {@link PureRank} makes, which is seen in Spark's web UI
 *     under the name {@value PureRank#BAD_ROWS}
 */
public record PureRankOptions(
        ModelSource model, String scoreColumn, int maxCharacters, PredictOptions predict, LongAccumulator badRows) {
    private static final PureRankOptions DEFAULTS =
            new PureRankOptions(ModelSource.inJar(), "score", 0, PredictOptions.defaults(), null);

    /** Refuses options that make no sense in a task. */
    public PureRankOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(predict, "predict");
        if (Objects.requireNonNull(scoreColumn, "scoreColumn").isEmpty()) {
            throw new IllegalArgumentException("scoreColumn: is empty");
        }
        if (maxCharacters < 0) {
            throw new IllegalArgumentException("maxCharacters: expected at least 0, found " + maxCharacters);
        }
        if (predict.timeout() != null) {
            throw new IllegalArgumentException(
                    "predict.timeout: cancel the job instead; a task that ran out of time is run again");
        }
        if (predict.progress() != null) {
            throw new IllegalArgumentException("predict.progress: a listener cannot be sent to executors");
        }
        if (predict.softmax()) {
            throw new IllegalArgumentException(
                    "predict.softmax: is for models of several labels, and a row gets one score");
        }
        if (badRows != null && !badRows.isRegistered()) {
            throw new IllegalArgumentException(
                    "badRows: not of a SparkContext; SparkContext.longAccumulator makes one that is");
        }
    }

    /** The model in the jar, a column "score", the model's own activation and length. */
    public static PureRankOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another model. */
    public PureRankOptions withModel(ModelSource newModel) {
        return new PureRankOptions(newModel, scoreColumn, maxCharacters, predict, badRows);
    }

    /** The same with another name for the new column. */
    public PureRankOptions withScoreColumn(String name) {
        return new PureRankOptions(model, name, maxCharacters, predict, badRows);
    }

    /** The same with a limit beyond which texts are not scored at all. */
    public PureRankOptions withMaxCharacters(int characters) {
        return new PureRankOptions(model, scoreColumn, characters, predict, badRows);
    }

    /** The same with other options for the scores. */
    public PureRankOptions withPredict(PredictOptions newPredict) {
        return new PureRankOptions(model, scoreColumn, maxCharacters, newPredict, badRows);
    }

    /**
     * The same with a counter of the caller's, from {@code SparkContext.longAccumulator}. As Spark counts, rows of tasks that
     * failed are not in it, and rows that were computed twice are twice in it.
     */
    public PureRankOptions withBadRows(LongAccumulator counter) {
        return new PureRankOptions(
                model, scoreColumn, maxCharacters, predict, Objects.requireNonNull(counter, "badRows"));
    }
}
