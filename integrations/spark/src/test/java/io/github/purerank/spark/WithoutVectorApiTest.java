package io.github.purerank.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("scalar")
class WithoutVectorApiTest {
    @Test
    void scoresWithPlainLoops() throws Exception {
        List<TextPair> pairs = TestSpark.pairs(10, 20);
        SparkSession session = TestSpark.local(1).getOrCreate();
        try (CrossEncoder model = CrossEncoder.load()) {
            assertEquals("scalar", model.info().kernels());
            assertArrayEquals(
                    model.predict(pairs),
                    TestSpark.scoresInOrder(PureRank.score(
                                    TestSpark.rows(session, pairs, 2), "query", "passage", PureRankOptions.defaults())
                            .collectAsList()));
        } finally {
            session.stop();
        }
    }
}
