package io.github.purerank.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class PureRankAutoConfigurationTest {
    private static final Query QUERY = new Query("how tall is everest");
    private static final List<Document> DOCUMENTS = List.of(
            new Document("Everest base camp has a bakery."),
            new Document("Mount Everest is 8,849 m high."),
            new Document("Rotate the signing key before deploying a new release."));

    private final ApplicationContextRunner contexts =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PureRankAutoConfiguration.class));

    /** What a user writes, found by Boot through the file in the jar. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Test
    void anApplicationIsStartedAndStopped() {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        CrossEncoder model;
        try (ConfigurableApplicationContext context = application.run("--purerank.top-k=1")) {
            List<Document> best = context.getBean(DocumentPostProcessor.class).process(QUERY, DOCUMENTS);
            assertEquals(1, best.size());
            assertEquals(DOCUMENTS.get(1).getText(), best.get(0).getText());
            model = context.getBean(CrossEncoder.class);
        }
        assertThrows(IllegalStateException.class, () -> model.predict(new TextPair("query", "passage")));
    }

    @Test
    void withoutPropertiesAllDocumentsAreKept() {
        contexts.run(context -> assertEquals(
                DOCUMENTS.size(),
                context.getBean(DocumentPostProcessor.class)
                        .process(QUERY, DOCUMENTS)
                        .size()));
    }

    @Test
    void lowScoresAreLeftOut() {
        contexts.withPropertyValues("purerank.min-score=0").run(context -> {
            List<Document> left = context.getBean(DocumentPostProcessor.class).process(QUERY, DOCUMENTS);
            assertEquals(DOCUMENTS.get(1).getText(), left.get(0).getText());
            assertTrue(left.size() < DOCUMENTS.size(), left.toString());
            for (Document document : left) {
                assertTrue(document.getScore() >= 0, document.toString());
            }
        });
    }

    @Test
    void aMissingModelIsNamedAndTheApplicationDoesNotStart(@TempDir Path directory) {
        String missing = directory.resolve("no-such-model").toString();
        contexts.withPropertyValues("purerank.model=" + missing).run(context -> {
            Throwable failure = context.getStartupFailure();
            assertTrue(causes(failure).contains(missing), causes(failure));
        });
        contexts.withPropertyValues("purerank.model=" + directory).run(context -> {
            Throwable failure = context.getStartupFailure();
            assertTrue(causes(failure).contains("config.json"), causes(failure));
        });
    }

    @Test
    void impossibleValuesAreNamed() {
        contexts.withPropertyValues("purerank.top-k=0")
                .run(context -> assertTrue(
                        causes(context.getStartupFailure()).contains("purerank.top-k: expected at least 1, found 0")));
        contexts.withPropertyValues("purerank.min-score=NaN")
                .run(context -> assertTrue(causes(context.getStartupFailure()).contains("purerank.min-score")));
    }

    @Test
    void anApplicationsOwnModelIsUsedAndNothingElseLoaded() {
        contexts.withUserConfiguration(OwnModel.class)
                .withPropertyValues("purerank.model=/no/such/model")
                .run(context -> {
                    assertSame(context.getBean("ownModel"), context.getBean(CrossEncoder.class));
                    assertEquals(
                            1,
                            context.getBeansOfType(PureRankDocumentPostProcessor.class)
                                    .size());
                });
    }

    @Test
    void canBeSwitchedOff() {
        contexts.withPropertyValues("purerank.enabled=false").run(context -> {
            assertFalse(context.containsBean("pureRankCrossEncoder"));
            assertEquals(0, context.getBeansOfType(DocumentPostProcessor.class).size());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnModel {
        @Bean
        CrossEncoder ownModel() throws IOException {
            return CrossEncoder.load();
        }
    }

    private static String causes(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
