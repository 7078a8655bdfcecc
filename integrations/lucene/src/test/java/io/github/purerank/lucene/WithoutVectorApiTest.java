package io.github.purerank.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import org.apache.lucene.search.TopDocs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("scalar")
class WithoutVectorApiTest {
    @Test
    void rescoresWithPlainLoops() throws Exception {
        String query = "password of the mail server";
        try (CrossEncoder model = CrossEncoder.load();
                Settings settings = new Settings()) {
            assertEquals("scalar", model.info().kernels());
            TopDocs hits = settings.searcher().search(Settings.bm25(query), 10);
            TopDocs rescored =
                    new PureRankRescorer(model, query, Settings.PASSAGE).rescore(settings.searcher(), hits, 10);
            assertEquals(10, rescored.scoreDocs.length);
            assertTrue(rescored.scoreDocs[0].score > rescored.scoreDocs[9].score);
        }
    }
}
