package io.github.purerank.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionWeightsTest {
    /** With values that are the rows of the identity matrix, what a head gathers are its weights. */
    @ParameterizedTest
    @MethodSource("io.github.purerank.kernel.TestKernels#all")
    void areWhatTheKernelsSumTheValuesWith(Kernels kernels) {
        Random random = new Random(4);
        int row = 3;
        for (int tokenCount : new int[] {1, 2, 7, 16, 17, 33, 64, 65, 150}) {
            int headSize = tokenCount + random.nextInt(3);
            int hiddenSize = 2 * headSize;
            AttentionHeads heads = new AttentionHeads(2, headSize, 0, hiddenSize, 2 * hiddenSize);
            Matrix rows = TestMatrices.random(random, row + tokenCount, 3 * hiddenSize);
            for (int t = 0; t < tokenCount; t++) {
                for (int h = 0; h < hiddenSize; h++) {
                    rows.data()[rows.at(row + t) + 2 * hiddenSize + h] = h % headSize == t ? 1f : 0f;
                }
            }
            Matrix context = TestMatrices.garbage(tokenCount, hiddenSize);
            kernels.attention(heads, rows, row, tokenCount, rows, row, tokenCount, context, 0, kernels.newScratch());
            for (int head = 0; head < 2; head++) {
                float[] weights = AttentionWeights.of(heads, head, rows, row, tokenCount);
                for (int t = 0; t < tokenCount; t++) {
                    float sum = 0;
                    for (int j = 0; j < tokenCount; j++) {
                        float weight = weights[t * tokenCount + j];
                        sum += weight;
                        assertEquals(TestMatrices.get(context, t, head * headSize + j), weight);
                    }
                    assertEquals(1, sum, 1e-6);
                }
            }
        }
    }
}
