package io.github.purerank.load;

import io.github.purerank.format.DType;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.text.PairEncoder;
import java.util.Set;

/**
 * A model as it came out of its files.
 *
 * @param source where the weights were read from, for people to read
 * @param config what the model says about itself
 * @param encoder makes token ids of texts
 * @param network makes logits of token ids
 * @param parameterCount how many numbers were learned
 * @param dtypes how the file keeps them
 */
public record LoadedModel(
        String source,
        ModelConfig config,
        PairEncoder encoder,
        CrossEncoderModel network,
        long parameterCount,
        Set<DType> dtypes) {
    /** Keeps its own set of types. */
    public LoadedModel {
        dtypes = Set.copyOf(dtypes);
    }
}
