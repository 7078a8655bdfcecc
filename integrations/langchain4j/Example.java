import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.purerank.langchain4j.PureRankEmbeddingModel;
import io.github.purerank.langchain4j.PureRankScoringModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

public class Example {
    public static void main(String[] arguments) throws Exception {
        List<TextSegment> segments = List.of(
                TextSegment.from("Rotate the signing key before deploying a new release."),
                TextSegment.from("A password that many people use is soon guessed."),
                TextSegment.from("The user guide is printed twice a year."),
                TextSegment.from("Use the account settings page to send a password reset link."));

        // Without a directory the scoring model is the small one in the jar; .directory(Path.of("my-model")) loads another.
        try (PureRankEmbeddingModel embeddingModel = PureRankEmbeddingModel.load(Path.of(arguments[0]));
                PureRankScoringModel scoringModel = PureRankScoringModel.builder().build()) {
            InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
            store.addAll(embeddingModel.embedAll(segments).content(), segments);
            EmbeddingStoreContentRetriever retriever = EmbeddingStoreContentRetriever.builder()
                    .embeddingStore(store)
                    .embeddingModel(embeddingModel)
                    .embeddingInputType(EmbeddingInputType.QUERY)
                    .maxResults(3)
                    .build();
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
