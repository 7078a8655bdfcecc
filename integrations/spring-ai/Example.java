import io.github.purerank.springai.PureRankDocumentPostProcessor;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableAutoConfiguration
public class Example {
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(Example.class);
        application.setBannerMode(org.springframework.boot.Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.run("--purerank.top-k=2").close(); // or in application.properties, with purerank.model=my-model
    }

    @Bean
    CommandLineRunner ask(PureRankDocumentPostProcessor reranker) {
        // In place of a VectorStoreDocumentRetriever. A RetrievalAugmentationAdvisor takes the bean:
        // RetrievalAugmentationAdvisor.builder().documentRetriever(...).documentPostProcessors(reranker).build()
        List<Document> retrieved = List.of(
                new Document("Rotate the signing key before deploying a new release."),
                new Document("The user guide is printed twice a year."),
                new Document("Use the account settings page to send a password reset link."));
        return arguments -> {
            for (Document document : reranker.process(new Query("How do I reset a user password?"), retrieved)) {
                System.out.printf("%8.4f  %s%n", document.getScore(), document.getText());
            }
        };
    }
}
