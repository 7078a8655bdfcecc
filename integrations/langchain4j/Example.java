import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import io.github.purerank.langchain4j.PureRankScoringModel;
import java.util.List;
import java.util.Map;

public class Example {
    public static void main(String[] arguments) throws Exception {
        // In place of an EmbeddingStoreContentRetriever, or whatever finds your passages.
        ContentRetriever retriever = query -> List.of(
                Content.from("Rotate the signing key before deploying a new release."),
                Content.from("The user guide is printed twice a year."),
                Content.from("Use the account settings page to send a password reset link."));

        // Without a directory it is the small model in the jar; .directory(Path.of("my-model")) loads another.
        try (PureRankScoringModel scoringModel = PureRankScoringModel.builder().build()) {
            ReRankingContentAggregator aggregator = ReRankingContentAggregator.builder()
                    .scoringModel(scoringModel)
                    .maxResults(2)
                    .build();
            Query query = Query.from("How do I reset a user password?");
            for (Content content : aggregator.aggregate(Map.of(query, List.of(retriever.retrieve(query))))) {
                System.out.printf(
                        "%8.4f  %s%n",
                        content.metadata().get(ContentMetadata.RERANKED_SCORE),
                        content.textSegment().text());
            }
        }
    }
}
