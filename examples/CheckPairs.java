import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Scores the pairs of a file and checks that every relevant one scores above every unrelated one. */
public final class CheckPairs {
    /** The file, {@code examples/pairs.jsonl} if none is named, and the directory of a model, if not the small one in the jar. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments.length > 0 ? arguments[0] : "examples/pairs.jsonl");
        List<TextPair> pairs = new ArrayList<>();
        List<Boolean> relevant = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonValue row = JsonValue.parse(line.getBytes(StandardCharsets.UTF_8), file + ", line " + (pairs.size() + 1));
            pairs.add(new TextPair(row.get("query").string(), row.get("passage").string()));
            relevant.add(row.get("relevant").bool());
        }
        float worstRelevant = Float.POSITIVE_INFINITY;
        float bestUnrelated = Float.NEGATIVE_INFINITY;
        try (CrossEncoder model =
                arguments.length > 1 ? CrossEncoder.load(Path.of(arguments[1])) : CrossEncoder.load()) {
            float[] scores = model.predict(pairs);
            for (int i = 0; i < scores.length; i++) {
                System.out.println((relevant.get(i) ? "relevant   " : "unrelated  ") + scores[i] + "  "
                        + pairs.get(i).passage());
                if (relevant.get(i)) {
                    worstRelevant = Math.min(worstRelevant, scores[i]);
                } else {
                    bestUnrelated = Math.max(bestUnrelated, scores[i]);
                }
            }
        }
        if (!(worstRelevant > bestUnrelated)) {
            System.err.println("an unrelated pair scores " + bestUnrelated + ", a relevant one " + worstRelevant);
            System.exit(1);
        }
    }
}
