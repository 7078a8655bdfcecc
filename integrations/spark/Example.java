import static org.apache.spark.sql.functions.desc;

import io.github.purerank.spark.PureRank;
import io.github.purerank.spark.PureRankOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

public class Example {
    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate();
        Dataset<Row> pairs = spark.sql("""
                select 'How do I reset a user password?' query, passage from values
                    ('The user guide is printed twice a year.'),
                    ('Use the account settings page to send a password reset link.'),
                    (null) passages(passage)""");

        // Without a model it is the small one in the jar; withModel(PureRank.addModel(spark, Path.of("my-model"))) takes another.
        PureRankOptions options = PureRankOptions.defaults();
        PureRank.score(pairs, "query", "passage", options)
                .orderBy(desc("score"))
                .select("score", "passage")
                .show(false);

        PureRank.register(spark, options);
        spark.sql("select purerank_score('how tall is everest', 'Mount Everest is 8,849 m high.') score")
                .show();
        spark.stop();
    }
}
