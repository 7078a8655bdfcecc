import io.github.purerank.CrossEncoder;
import io.github.purerank.server.RerankServer;
import io.github.purerank.server.ServerOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Example {
    public static void main(String[] arguments) throws Exception {
        ServerOptions options = ServerOptions.defaults().withAddress("127.0.0.1", 0); // 0: any free port
        // Without a directory it is the small model in the jar; load(Path.of("my-model")) loads another.
        try (CrossEncoder model = CrossEncoder.load();
                RerankServer server = RerankServer.start(model, "default", options)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/rerank"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("""
                            {
                              "query": "How do I reset a user password?",
                              "texts": ["Rotate the signing key.", "Use the account settings page to send a reset link."],
                              "raw_scores": true
                            }"""))
                    .build();
            System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
        }
    }
}
