package io.github.purerank;

import io.github.purerank.format.DType;
import io.github.purerank.load.SentenceConfig;
import io.github.purerank.model.SentenceStep;
import java.util.List;
import java.util.Set;

/**
 * Facts about a loaded sentence encoder.
 *
 * @param source where its weights were read from
 * @param config what it says about itself
 * @param steps what follows the pooling, one after another
 * @param dimension how many elements its vectors have by default
 * @param parameterCount how many numbers were learned
 * @param dtypes how its files keep them; computed with as 32-bit floats
 * @param weightBytes the memory that they take
 * @param kernels the kernels that compute with them
 * @param kernelReason why these
 */
public record SentenceEncoderInfo(
        String source,
        SentenceConfig config,
        List<SentenceStep> steps,
        int dimension,
        long parameterCount,
        Set<DType> dtypes,
        long weightBytes,
        String kernels,
        String kernelReason) {
    /** Keeps lists and sets of its own. */
    public SentenceEncoderInfo {
        steps = List.copyOf(steps);
        dtypes = Set.copyOf(dtypes);
    }
}
