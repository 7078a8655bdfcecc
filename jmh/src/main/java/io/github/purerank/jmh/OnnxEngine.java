package io.github.purerank.jmh;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.purerank.TextPair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime, used as its users do: all graph optimisations, pairs sorted by length, batches of up to 32 padded to their
 * longest pair. It has no pooler and classifier to compute, which is in its favour.
 */
final class OnnxEngine implements Engine {
    private static final int BATCH_PAIRS = 32;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    private final HuggingFaceTokenizer tokenizer;
    private Tokenized prepared;

    /** (pairs, tokens) each. */
    private record Tokenized(long[][] inputIds, long[][] tokenTypeIds) {}

    OnnxEngine(byte[] onnx, int threads) throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(MiniLm.tokenizer()),
                Map.of("padding", "false", "truncation", "true", "maxLength", "512", "modelMaxLength", "512"));
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
    public float[] scoreTexts(List<TextPair> pairs) throws IOException {
        return score(tokenize(pairs));
    }

    @Override
    public float[] scorePrepared() throws IOException {
        return score(prepared);
    }

    @Override
    public void prepare(List<TextPair> pairs) {
        prepared = tokenize(pairs);
    }

    private Tokenized tokenize(List<TextPair> pairs) {
        PairList<String, String> texts = new PairList<>(pairs.size());
        for (TextPair pair : pairs) {
            texts.add(pair.query(), pair.passage());
        }
        Encoding[] encodings = tokenizer.batchEncode(texts);
        long[][] inputIds = new long[encodings.length][];
        long[][] tokenTypeIds = new long[encodings.length][];
        for (int i = 0; i < encodings.length; i++) {
            inputIds[i] = encodings[i].getIds();
            tokenTypeIds[i] = encodings[i].getTypeIds();
        }
        return new Tokenized(inputIds, tokenTypeIds);
    }

    private float[] score(Tokenized pairs) throws IOException {
        long[][] inputIds = pairs.inputIds();
        Integer[] order = new Integer[inputIds.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> -inputIds[i].length));
        float[] scores = new float[inputIds.length];
        for (int from = 0; from < order.length; from += BATCH_PAIRS) {
            Integer[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH_PAIRS));
            try {
                scoreBatch(batch, pairs, scores);
            } catch (OrtException e) {
                throw new IOException(e);
            }
        }
        return scores;
    }

    private void scoreBatch(Integer[] batch, Tokenized pairs, float[] scores) throws OrtException {
        long[][] inputIds = pairs.inputIds();
        int longest = inputIds[batch[0]].length;
        LongBuffer ids = longs(batch.length * longest);
        LongBuffer types = longs(batch.length * longest);
        LongBuffer mask = longs(batch.length * longest);
        for (int b = 0; b < batch.length; b++) {
            long[] row = inputIds[batch[b]];
            for (int t = 0; t < row.length; t++) {
                ids.put(b * longest + t, row[t]);
                types.put(b * longest + t, pairs.tokenTypeIds()[batch[b]][t]);
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
        tokenizer.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }
}
