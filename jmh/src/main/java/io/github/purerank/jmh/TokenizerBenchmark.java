package io.github.purerank.jmh;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.purerank.load.ModelLoader;
import io.github.purerank.text.PairEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Tokenising English by one thread, PureRank beside Hugging Face's tokenizer by JNI. An operation is 1 MB of UTF-8, so operations
 * a second are MB a second; the text is this project's documentation and licence over and over, paragraph by paragraph.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class TokenizerBenchmark {
    private static final int BYTES = 1_000_000;

    private final List<String> paragraphs = new ArrayList<>();
    private PairEncoder encoder;
    private HuggingFaceTokenizer peer;

    /** Loads the text and both tokenizers. */
    @Setup
    public void load() throws IOException {
        String text = "";
        for (String file : List.of("/LICENSE", "/design.md", "/numerics.md", "/security.md")) {
            try (InputStream in = TokenizerBenchmark.class.getResourceAsStream(file)) {
                text += new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n\n";
            }
        }
        int left = BYTES;
        while (left > 0) {
            for (String paragraph : text.split("\n\\s*\n")) {
                int bytes = paragraph.getBytes(StandardCharsets.UTF_8).length;
                if (bytes > 0 && left > 0) {
                    paragraphs.add(bytes <= left ? paragraph : "x".repeat(left));
                    left -= Math.min(left, bytes);
                }
            }
        }
        encoder = ModelLoader.loadTokenizer(ModelLoader.defaultFiles()).encoder();
        peer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(ModelLoader.defaultFiles().read("tokenizer.json", 1 << 26)),
                Map.of("padding", "false", "truncation", "false"));
    }

    /** PureRank. */
    @Benchmark
    public void purerank(Blackhole blackhole) {
        for (String paragraph : paragraphs) {
            blackhole.consume(encoder.tokenize(paragraph));
        }
    }

    /** DJL's binding of Hugging Face tokenizers, one call a paragraph; its batch call uses all cores. */
    @Benchmark
    public void djl(Blackhole blackhole) {
        for (String paragraph : paragraphs) {
            blackhole.consume(peer.encode(paragraph));
        }
    }
}
