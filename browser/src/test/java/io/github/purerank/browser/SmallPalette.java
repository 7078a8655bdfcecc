package io.github.purerank.browser;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pictures of few colours, so that their files are small. */
final class SmallPalette {
    private static final int COLOURS = 256;

    private SmallPalette() {}

    /** The picture in 256 of its colours; the nearest of them for each of the others. */
    static BufferedImage of(BufferedImage picture) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                counts.merge(picture.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        List<Integer> byFrequency = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        int[] palette = palette(byFrequency);
        Map<Integer, Integer> nearest = new HashMap<>();
        IndexColorModel colours = new IndexColorModel(8, palette.length, palette, 0, false, -1, 0);
        BufferedImage small =
                new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, colours);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int index = nearest.computeIfAbsent(picture.getRGB(x, y) & 0xffffff, rgb -> nearest(rgb, palette));
                small.getRaster().setSample(x, y, 0, index);
            }
        }
        return small;
    }

    /** Half of the colours are the most frequent; each of the rest is the one that is farthest from all before it. */
    private static int[] palette(List<Integer> byFrequency) {
        int size = Math.min(COLOURS, byFrequency.size());
        int[] palette = new int[size];
        int[] distances = new int[byFrequency.size()];
        Arrays.fill(distances, Integer.MAX_VALUE);
        for (int i = 0; i < size; i++) {
            int next = i;
            if (i >= size / 2) {
                for (int c = 0; c < distances.length; c++) {
                    next = distances[c] > distances[next] ? c : next;
                }
            }
            palette[i] = byFrequency.get(next);
            for (int c = 0; c < distances.length; c++) {
                distances[c] = Math.min(distances[c], distance(byFrequency.get(c), palette[i]));
            }
        }
        return palette;
    }

    private static int nearest(int rgb, int[] palette) {
        int best = 0;
        for (int i = 1; i < palette.length; i++) {
            if (distance(rgb, palette[i]) < distance(rgb, palette[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(int a, int b) {
        int red = (a >> 16) - (b >> 16);
        int green = (a >> 8 & 255) - (b >> 8 & 255);
        int blue = (a & 255) - (b & 255);
        return red * red + green * green + blue * blue;
    }
}
