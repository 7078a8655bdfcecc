package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * Scores query–passage pairs that are rows of a Dataset, where they are. Each executor loads the model once, when its first task
 * needs it, and its tasks share it; each uses as many threads as {@code spark.task.cpus} says. Scores have the same bits as those of
 * {@link CrossEncoder#predict(List)} on one machine, however the rows are partitioned.
 *
 * <p>A row whose query or passage is null, or longer than the options allow, gets a null and is counted. A model that is missing or
 * broken fails the job with a message that names it; so does one of several labels. A task that is killed ends within the time of
 * one batch.
 *
 * <p>For sessions with a SparkContext: Spark Connect's have none.
 */
public final class PureRank {
    /** The SQL function's name. */
    public static final String FUNCTION = "purerank_score";

    /** The name of the counter of rows that got no score, unless the options have another. */
    public static final String BAD_ROWS = "purerank.badRows";

    private PureRank() {}

    /**
     * Adds the score of each row. Rows, their order and their partitions stay as they are; a partition is read some thousand rows at
     * a time at most.
     *
     * @param queryColumn the name of a column of strings
     * @param passageColumn another
     * @return the rows with one column more, of floats and nulls; computed when Spark needs it
     * @throws IllegalArgumentException if a column is not there, or not of strings, or the score's column is there already
     */
    public static Dataset<Row> score(
            Dataset<Row> rows, String queryColumn, String passageColumn, PureRankOptions options) {
        SparkSession session = rows.sparkSession();
        StructType schema = rows.schema();
        boolean caseSensitive = Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive"));
        int query = textColumn(schema, queryColumn, caseSensitive);
        int passage = textColumn(schema, passageColumn, caseSensitive);
        for (StructField field : schema.fields()) {
            if (isNamed(field, options.scoreColumn(), caseSensitive)) {
                throw new IllegalArgumentException("scoreColumn: there is a column " + field.name() + " already");
            }
        }
        PairScoring scoring = new PairScoring(options, badRows(session, options));
        return rows.mapPartitions(
                new RowScorer(scoring, query, passage),
                Encoders.row(schema.add(options.scoreColumn(), DataTypes.FloatType, true)));
    }

    /**
     * Registers the SQL function {@value #FUNCTION}, which gives a float for a query and a passage, or null. It sees one row at a time,
     * and Spark may call it more than once for one; {@link #score} is faster.
     *
     * @param options but for the name of the column
     */
    public static void register(SparkSession session, PureRankOptions options) {
        PairScoring scoring = new PairScoring(options, badRows(session, options));
        UDF2<String, String, Float> function = (query, passage) -> {
            TextPair pair = scoring.pairOrCount(query, passage);
            return pair == null ? null : (Float) scoring.scores(List.of(pair))[0];
        };
        session.udf().register(FUNCTION, function, DataTypes.FloatType);
    }

    /**
     * Has a model of the driver's brought to every executor that needs it for this session; give the result to {@link PureRankOptions#withModel}. It is
     * loaded once to see that it can be.
     *
     * @param directory as {@link CrossEncoder#load(Path)} reads it
     * @throws IOException if the model is missing or broken, or cannot be packed
     */
    public static ModelSource addModel(SparkSession session, Path directory) throws IOException {
        CrossEncoder.load(directory, LoadOptions.defaults().withThreads(1)).close();
        String name = "purerank-" + UUID.randomUUID();
        // There Spark deletes it when the application ends.
        Path archive = Path.of(SparkFiles.getRootDirectory(), name + ".zip");
        ModelArchive.write(directory, archive);
        // What SparkContext.addArchive adds, a session of Spark 4 that has artifacts of its own does not see.
        session.sql("ADD ARCHIVE '" + archive.toUri().toString().replace("'", "%27") + "#" + name + "'");
        return ModelSource.sparkFiles(name);
    }

    private static LongAccumulator badRows(SparkSession session, PureRankOptions options) {
        return options.badRows() == null ? session.sparkContext().longAccumulator(BAD_ROWS) : options.badRows();
    }

    private static int textColumn(StructType schema, String name, boolean caseSensitive) {
        Objects.requireNonNull(name, "name of a column");
        int found = -1;
        for (int c = 0; c < schema.length(); c++) {
            if (isNamed(schema.apply(c), name, caseSensitive)) {
                if (found >= 0) {
                    throw new IllegalArgumentException("there are several columns " + name);
                }
                found = c;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException("no column " + name + " among " + Arrays.toString(schema.fieldNames()));
        }
        if (!(schema.apply(found).dataType() instanceof StringType)) {
            throw new IllegalArgumentException("column " + name + ": expected strings, found "
                    + schema.apply(found).dataType().simpleString());
        }
        return found;
    }

    private static boolean isNamed(StructField field, String name, boolean caseSensitive) {
        return caseSensitive ? field.name().equals(name) : field.name().equalsIgnoreCase(name);
    }
}
