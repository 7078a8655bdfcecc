package io.github.purerank.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime by its own Java binding, with all graph optimisations. */
final class OnnxEngine extends PaddedEngine {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxEngine(byte[] onnx, int threads) throws IOException {
        try {
            session = createSession(onnx, threads);
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }

    private OrtSession createSession(byte[] onnx, int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        return environment.createSession(onnx, options);
    }

    @Override
    float[] compute(Batch batch) throws IOException {
        long[] shape = {batch.pairs(), batch.tokens()};
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, batch.inputIds(), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, batch.tokenTypeIds(), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, batch.attentionMask(), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask))) {
            OnnxTensor hidden = (OnnxTensor) result.get(0);
            FloatBuffer values = hidden.getFloatBuffer();
            int hiddenSize = (int) hidden.getInfo().getShape()[2];
            float[] first = new float[batch.pairs()];
            for (int b = 0; b < first.length; b++) {
                first[b] = values.get(b * batch.tokens() * hiddenSize);
            }
            return first;
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }
}
