package io.github.purerank.jmh;

import io.github.purerank.cli.OnnxImport;
import io.github.purerank.model.PoolingMode;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The weights of both sides: all-MiniLM-L6-v2, out of the Maven artifacts that LangChain4j publishes. It has the shape of
 * ms-marco-MiniLM-L6-v2 without the head; PureRank's copy gets a seeded one.
 */
final class MiniLm {
    private static final String ONNX = "/all-minilm-l6-v2.onnx";
    private static final String INT8_ONNX = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    private static final long SEED = 1;

    private static final int LAYERS = 6;
    private static final int HIDDEN = 384;
    private static final int INTERMEDIATE = 1536;

    private MiniLm() {}

    /** The network in ONNX, f32. */
    static byte[] onnx() throws IOException {
        return resource(ONNX);
    }

    /** The network in ONNX, its products in int8. */
    static byte[] int8Onnx() throws IOException {
        return resource(INT8_ONNX);
    }

    /** Its tokenizer.json. */
    static byte[] tokenizer() throws IOException {
        return resource(TOKENIZER);
    }

    /** The same weights as a directory that PureRank loads; made when it is first asked for. */
    static Path directory() throws IOException {
        return directory("", OnnxImport.Options.defaults().withSeed(SEED));
    }

    /** The same as what it is, an encoder of sentences. */
    static Path sentences() throws IOException {
        return directory(
                "-sentences",
                OnnxImport.Options.defaults()
                        .withSentences(new OnnxImport.SentenceOptions(PoolingMode.MEAN, 256, true)));
    }

    private static Path directory(String ending, OnnxImport.Options options) throws IOException {
        Path target = Path.of(System.getProperty("purerank.jmh.weights", "target/minilm") + ending)
                .toAbsolutePath();
        if (!Files.isDirectory(target)) {
            Files.createDirectories(target.getParent());
            Path made = Files.createTempDirectory(target.getParent(), "minilm");
            OnnxImport.convert(new ByteArrayInputStream(onnx()), ONNX, tokenizer(), made, options);
            try {
                Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException e) {
                // Another process was faster; its result is the same.
            }
        }
        return target;
    }

    /**
     * The floating-point operations of a forward pass without padding and with [CLS] alone in the last layer, a multiply-add being
     * two; products and attention alone.
     *
     * @param tokenCounts the tokens of each pair
     */
    static double flop(int[] tokenCounts) {
        double multiplyAdds = 0;
        for (int t : tokenCounts) {
            double layer = t * (4.0 * HIDDEN * HIDDEN + 2.0 * HIDDEN * INTERMEDIATE) + 2.0 * t * t * HIDDEN;
            double keysAndValues = t * 2.0 * HIDDEN * HIDDEN;
            double firstToken = 2.0 * HIDDEN * HIDDEN + 2.0 * HIDDEN * INTERMEDIATE + 2.0 * t * HIDDEN;
            double pooler = (double) HIDDEN * HIDDEN;
            multiplyAdds += (LAYERS - 1) * layer + keysAndValues + firstToken + pooler;
        }
        return 2 * multiplyAdds;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MiniLm.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("resource " + name);
            }
            return in.readAllBytes();
        }
    }
}
