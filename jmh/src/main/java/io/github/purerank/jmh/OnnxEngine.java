package io.github.purerank.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/**
 * ONNX Runtime, used as its users do: all graph optimisations, pairs sorted by length, batches of up to 32 padded to their
 * longest pair. It has no pooler and classifier to compute, which is in its favour.
 */
final class OnnxEngine implements Engine {
    private static final int BATCH_PAIRS = 32;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxEngine(byte[] onnx, int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        session = environment.createSession(onnx, options);
    }

    @Override
    public float[] score(int[][] inputIds, int[][] tokenTypeIds) throws IOException {
        Integer[] order = new Integer[inputIds.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> -inputIds[i].length));
        float[] scores = new float[inputIds.length];
        for (int from = 0; from < order.length; from += BATCH_PAIRS) {
            Integer[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH_PAIRS));
            try {
                scoreBatch(batch, inputIds, tokenTypeIds, scores);
            } catch (OrtException e) {
                throw new IOException(e);
            }
        }
        return scores;
    }

    private void scoreBatch(Integer[] batch, int[][] inputIds, int[][] tokenTypeIds, float[] scores)
            throws OrtException {
        int longest = inputIds[batch[0]].length;
        LongBuffer ids = longs(batch.length * longest);
        LongBuffer types = longs(batch.length * longest);
        LongBuffer mask = longs(batch.length * longest);
        for (int b = 0; b < batch.length; b++) {
            int[] row = inputIds[batch[b]];
            for (int t = 0; t < row.length; t++) {
                ids.put(b * longest + t, row[t]);
                types.put(b * longest + t, tokenTypeIds[batch[b]][t]);
                mask.put(b * longest + t, 1);
            }
        }
        long[] shape = {batch.length, longest};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types, shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                OrtSession.Result result = session.run(Map.of(
                        "input_ids", idTensor, "token_type_ids", typeTensor, "attention_mask", maskTensor))) {
            OnnxTensor hidden = (OnnxTensor) result.get(0);
            FloatBuffer values = hidden.getFloatBuffer();
            int hiddenSize = (int) hidden.getInfo().getShape()[2];
            for (int b = 0; b < batch.length; b++) {
                scores[batch[b]] = values.get(b * longest * hiddenSize);
            }
        }
    }

    private static LongBuffer longs(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    @Override
    public void close() throws IOException {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }
}
