package io.github.purerank.cli;

import java.nio.charset.StandardCharsets;

/**
 * Weights from a formula, for a head that a checkpoint lacks and for models in tests: the same on every machine, of the size
 * that trained weights have, and meaning nothing.
 *
 * <p>Element i of a tensor is output i of SplitMix64 (Steele, Lea and Flood 2014) started at FNV-1a(name in UTF-8) xor seed,
 * cut to its top bits and read as a number v from -1 up to below 1. From the tensor's name follows what becomes of it:
 *
 * <table>
 * <caption>Values</caption>
 * <tr><th>name ends with</th><th>value</th></tr>
 * <tr><td>{@code bias}</td><td>v / 8</td></tr>
 * <tr><td>{@code LayerNorm.weight}, {@code layer_norm.weight}</td><td>1 + v / 4</td></tr>
 * <tr><td>{@code word_embeddings.weight}</td><td>v</td></tr>
 * <tr><td>another {@code embeddings.weight}</td><td>v / 2</td></tr>
 * <tr><td>anything else: W (N, K)</td><td>v / 2<sup>floor(log2(K) / 2)</sup></td></tr>
 * </table>
 *
 * <p>With 16 bits every value is a float exactly, with 48 a double. tools/make_reference.py does the same.
 */
public final class SeededWeights {
    private SeededWeights() {}

    /** A tensor's elements as floats, of 16 bits each. */
    public static float[] floats(String name, long seed, int... shape) {
        double[] values = doubles(name, seed, 16, shape);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /**
     * A tensor's elements, of so many bits each.
     *
     * @param bits 2 to 52
     * @param shape one or two dimensions
     */
    public static double[] doubles(String name, long seed, int bits, int... shape) {
        int count = 1;
        for (int dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        boolean around1 = isLayerNorm(name);
        double scale = scale(name, shape) * Math.scalb(1.0, 1 - bits);
        double[] values = new double[count];
        long state = hash(name) ^ seed;
        for (int i = 0; i < count; i++) {
            state += 0x9e3779b97f4a7c15L;
            double value = (mix(state) >> (64 - bits)) * scale;
            values[i] = around1 ? 1 + value : value;
        }
        return values;
    }

    private static boolean isLayerNorm(String name) {
        return name.endsWith("LayerNorm.weight") || name.endsWith("layer_norm.weight");
    }

    private static double scale(String name, int[] shape) {
        if (name.endsWith("bias")) {
            return 0.125;
        }
        if (isLayerNorm(name)) {
            return 0.25;
        }
        if (name.endsWith("word_embeddings.weight")) {
            return 1;
        }
        if (name.endsWith("embeddings.weight")) {
            return 0.5;
        }
        int log2 = 31 - Integer.numberOfLeadingZeros(shape[1]);
        return Math.scalb(1.0, -(log2 / 2));
    }

    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
