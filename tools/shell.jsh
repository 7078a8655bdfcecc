// What tools/purerank shell begins with.
import io.github.purerank.*;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.text.Encoding;
import io.github.purerank.trace.*;
import java.nio.file.Path;
import java.util.*;

CrossEncoder model = CrossEncoder.load();

/** The score of one pair. */
float score(String query, String passage) { return model.predict(new TextPair(query, passage)); }

/** All that is computed for one pair. */
Trace trace(String query, String passage) { return model.trace(new TextPair(query, passage)); }
