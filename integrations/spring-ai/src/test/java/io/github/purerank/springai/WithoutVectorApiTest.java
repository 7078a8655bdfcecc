package io.github.purerank.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.purerank.CrossEncoder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("scalar")
class WithoutVectorApiTest {
    @Test
    void anApplicationStartsAndRanksWithPlainLoops() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PureRankAutoConfiguration.class))
                .withPropertyValues("purerank.top-k=1")
                .run(context -> {
                    assertEquals(
                            "scalar", context.getBean(CrossEncoder.class).info().kernels());
                    List<Document> best = context.getBean(PureRankDocumentPostProcessor.class)
                            .process(
                                    new Query("how tall is everest"),
                                    List.of(
                                            new Document("Everest base camp has a bakery."),
                                            new Document("Mount Everest is 8,849 m high.")));
                    assertEquals("Mount Everest is 8,849 m high.", best.get(0).getText());
                });
    }
}
