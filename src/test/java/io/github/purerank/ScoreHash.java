package io.github.purerank;

import io.github.purerank.kernel.KernelChoice;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.load.TestModels;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.model.TestForward;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Prints the SHA-256 over all bits of the logits of golden inputs, computed by the kernels that the system property asks for:
 * {@code ScoreHash TOKENS HIDDEN} takes the models, the default one among them, with a hidden size of up to HIDDEN, and the
 * inputs of up to TOKENS tokens.
 */
public final class ScoreHash {
    private ScoreHash() {}

    /** See above. */
    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        Kernels kernels = KernelChoice.fromSystemProperty().kernels();
        System.out.println(
                hash(kernels, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])) + " " + kernels.name());
    }

    /** The hash for models of up to {@code maxHidden} and inputs of up to {@code maxTokens} tokens. */
    public static String hash(Kernels kernels, int maxTokens, int maxHidden) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (TestModels testModel : TestModels.all()) {
            CrossEncoderModel model = testModel.load(kernels);
            if (model.config().hiddenSize() > maxHidden) {
                continue;
            }
            List<Golden.Input> inputs = new ArrayList<>();
            for (Golden.Input input : testModel.golden().inputs()) {
                if (input.ids().length <= maxTokens) {
                    inputs.add(input);
                }
            }
            for (float[] logits : TestForward.logits(model, inputs)) {
                for (float logit : logits) {
                    digest.update(ByteBuffer.allocate(4)
                            .putInt(Float.floatToRawIntBits(logit))
                            .array());
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
