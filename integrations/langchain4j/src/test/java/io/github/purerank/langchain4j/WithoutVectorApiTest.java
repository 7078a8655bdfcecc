package io.github.purerank.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import io.github.purerank.CrossEncoder;
import io.github.purerank.SentenceEncoder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("scalar")
class WithoutVectorApiTest {
    @Test
    void scoresWithPlainLoops() throws Exception {
        try (CrossEncoder model = CrossEncoder.load()) {
            assertEquals("scalar", model.info().kernels());
            List<Double> scores = PureRankScoringModel.of(model)
                    .scoreAll(
                            List.of(
                                    TextSegment.from("Everest base camp has a bakery."),
                                    TextSegment.from("Mount Everest is 8,849 m high.")),
                            "how tall is everest")
                    .content();
            assertTrue(scores.get(1) > scores.get(0), scores.toString());
        }
    }

    @Test
    void encodesWithPlainLoops() throws Exception {
        Path golden = Path.of("..", "..", "src", "test", "resources", "golden", "sentences", "mean-normalize");
        try (SentenceEncoder encoder = SentenceEncoder.load(golden)) {
            assertTrue(encoder.kernels().isFallback());
            String text = "how tall is everest";
            assertArrayEquals(
                    encoder.encode(text),
                    PureRankEmbeddingModel.of(encoder).embed(text).content().vector());
        }
    }
}
