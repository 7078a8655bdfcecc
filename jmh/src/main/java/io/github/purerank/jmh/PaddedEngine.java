package io.github.purerank.jmh;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import io.github.purerank.TextPair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A native runtime, used as its users do: pairs sorted by length, batches of up to 32 padded to their longest pair. There is no
 * pooler and classifier to compute, which is in its favour.
 */
abstract class PaddedEngine implements Engine {
    private static final int BATCH_PAIRS = 32;

    private final HuggingFaceTokenizer tokenizer;
    private Tokenized prepared;

    /** (pairs, tokens) each. */
    private record Tokenized(long[][] inputIds, long[][] tokenTypeIds) {}

    /** (pairs, tokens) each, row after row; padding is 0. */
    record Batch(int pairs, int tokens, LongBuffer inputIds, LongBuffer tokenTypeIds, LongBuffer attentionMask) {}

    PaddedEngine() throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(MiniLm.tokenizer()),
                Map.of("padding", "false", "truncation", "true", "maxLength", "512", "modelMaxLength", "512"));
    }

    /** Computes a batch; gives the first number of each pair's first hidden state. */
    abstract float[] compute(Batch batch) throws IOException;

    @Override
    public final float[] scoreTexts(List<TextPair> pairs) throws IOException {
        return score(tokenize(pairs));
    }

    @Override
    public final float[] scorePrepared() throws IOException {
        return score(prepared);
    }

    @Override
    public final void prepare(List<TextPair> pairs) {
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
            Integer[] members = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH_PAIRS));
            float[] found = compute(batch(members, pairs));
            for (int b = 0; b < members.length; b++) {
                scores[members[b]] = found[b];
            }
        }
        return scores;
    }

    private static Batch batch(Integer[] members, Tokenized pairs) {
        int longest = pairs.inputIds()[members[0]].length;
        int size = members.length * longest;
        Batch batch = new Batch(members.length, longest, longs(size), longs(size), longs(size));
        for (int b = 0; b < members.length; b++) {
            long[] row = pairs.inputIds()[members[b]];
            for (int t = 0; t < row.length; t++) {
                batch.inputIds().put(b * longest + t, row[t]);
                batch.tokenTypeIds().put(b * longest + t, pairs.tokenTypeIds()[members[b]][t]);
                batch.attentionMask().put(b * longest + t, 1);
            }
        }
        return batch;
    }

    private static LongBuffer longs(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    @Override
    public void close() throws IOException {
        tokenizer.close();
    }
}
