package io.github.purerank;

import io.github.purerank.format.DType;
import io.github.purerank.load.ModelConfig;
import java.util.Set;

/**
 * Facts about a loaded model.
 *
 * @param source where its weights were read from
 * @param config what it says about itself
 * @param parameterCount how many numbers were learned
 * @param dtypes how its file keeps them; computed with as 32-bit floats
 * @param weightBytes the memory that they take
 * @param kernels the kernels that compute with them
 * @param kernelReason why these
 */
public record ModelInfo(
        String source,
        ModelConfig config,
        long parameterCount,
        Set<DType> dtypes,
        long weightBytes,
        String kernels,
        String kernelReason) {}
