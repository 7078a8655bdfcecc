package io.github.purerank.jmh;

import io.github.purerank.TextPair;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Something that runs the model. */
interface Engine extends Closeable {
    /** Tokenises and computes pairs; gives one number a pair that all of the computation went into. */
    float[] scoreTexts(List<TextPair> pairs) throws IOException;

    /** The same for pairs that were {@link #prepare prepared}. */
    float[] scorePrepared() throws IOException;

    /** Tokenises the pairs that {@link #scorePrepared} computes. */
    void prepare(List<TextPair> pairs) throws IOException;

    /**
     * Makes an engine.
     *
     * @param name "purerank", "onnxruntime", "onnxruntime-int8" or "djl"
     * @param threads how many threads it may use
     */
    static Engine create(String name, int threads) throws IOException {
        return switch (name) {
            case "purerank" -> new PureRankEngine(threads);
            case "onnxruntime" -> new OnnxEngine(MiniLm.onnx(), threads);
            case "djl" -> new DjlEngine(MiniLm.onnx(), threads);
            case "onnxruntime-int8" -> new OnnxEngine(MiniLm.int8Onnx(), threads);
            default -> throw new IllegalArgumentException("no engine " + name);
        };
    }
}
