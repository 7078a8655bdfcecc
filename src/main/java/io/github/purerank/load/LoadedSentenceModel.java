package io.github.purerank.load;

import io.github.purerank.format.DType;
import io.github.purerank.model.SentenceModel;
import io.github.purerank.text.PairEncoder;
import java.util.Set;

/**
 * A sentence encoder as it came out of its files.
 *
 * @param source where the weights were read from, for people to read
 * @param config what the model says about itself
 * @param encoder makes token ids of texts
 * @param network makes vectors of token ids
 * @param parameterCount how many numbers were learned
 * @param dtypes how the files keep them
 */
public record LoadedSentenceModel(
        String source,
        SentenceConfig config,
        PairEncoder encoder,
        SentenceModel network,
        long parameterCount,
        Set<DType> dtypes) {
    /** Keeps its own set of types. */
    public LoadedSentenceModel {
        dtypes = Set.copyOf(dtypes);
    }
}
