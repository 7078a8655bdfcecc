package io.github.purerank.springai;

import io.github.purerank.CrossEncoder;
import io.github.purerank.RankOptions;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * A model and a post-processor around it, where the application has none of its own. The application does not start if the model
 * that {@code purerank.model} names is missing or broken.
 */
@AutoConfiguration
@ConditionalOnClass(DocumentPostProcessor.class)
@ConditionalOnProperty(name = "purerank.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PureRankProperties.class)
public class PureRankAutoConfiguration {
    /** The model; closed with the application's context. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    CrossEncoder pureRankCrossEncoder(PureRankProperties properties) throws IOException {
        if (properties.model().isEmpty()) {
            return CrossEncoder.load();
        }
        return CrossEncoder.load(ModelStore.ofUser().find(properties.model()));
    }

    /** The post-processor. */
    @Bean
    @ConditionalOnMissingBean
    PureRankDocumentPostProcessor pureRankDocumentPostProcessor(CrossEncoder model, PureRankProperties properties) {
        RankOptions options = RankOptions.defaults().withTopK(properties.topK());
        return new PureRankDocumentPostProcessor(
                model, properties.minScore() == null ? options : options.withMinScore(properties.minScore()));
    }
}
