package io.github.purerank;

import java.util.Arrays;
import java.util.List;

/**
 * The best of many scores. Scores that are equal rank by their indexes, the lower first; so what is kept does not depend on the order
 * in which they come. Belongs to one thread at a time.
 */
final class TopHits {
    /** A heap, the worst on top: scores in the upper halves, made such that they compare as whole numbers; indexes inverted below. */
    private final long[] heap;

    private int size;

    TopHits(int capacity) {
        heap = new long[capacity];
    }

    /** An empty one for as many, or for {@code most} if that is fewer. */
    TopHits emptyCopy(int most) {
        return new TopHits(Math.min(heap.length, most));
    }

    /** Puts a score among the best, if it is one of them. */
    void offer(float score, int index) {
        offer(key(score, index));
    }

    /** Puts each of {@code count} scores among the best, if it is one of them; their indexes begin with {@code firstIndex}. */
    void offerAll(float[] scores, int count, int firstIndex) {
        float worst = worst();
        for (int i = 0; i < count; i++) {
            // Most are worse, and known to be so by this alone. What is no number is offered, to be refused by its key.
            if (!(scores[i] < worst)) {
                offer(scores[i], firstIndex + i);
                worst = worst();
            }
        }
    }

    /** What a score must not be below to be among the best. */
    private float worst() {
        return size < heap.length || size == 0 ? Float.NEGATIVE_INFINITY : score(heap[0]);
    }

    /** Puts all of another's among the best. */
    void offerAll(TopHits others) {
        for (int i = 0; i < others.size; i++) {
            offer(others.heap[i]);
        }
    }

    private void offer(long key) {
        if (size < heap.length) {
            int i = size++;
            for (; i > 0 && heap[(i - 1) / 2] > key; i = (i - 1) / 2) {
                heap[i] = heap[(i - 1) / 2];
            }
            heap[i] = key;
        } else if (size > 0 && key > heap[0]) {
            sink(key);
        }
    }

    private void sink(long key) {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= key) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = key;
    }

    /** What was kept, the best first. */
    List<SearchHit> ranked() {
        long[] sorted = Arrays.copyOf(heap, size);
        Arrays.sort(sorted);
        SearchHit[] hits = new SearchHit[size];
        for (int i = 0; i < size; i++) {
            long key = sorted[size - 1 - i];
            hits[i] = new SearchHit(~(int) key, score(key));
        }
        return List.of(hits);
    }

    private static float score(long key) {
        int bits = (int) (key >> 32);
        return Float.intBitsToFloat(bits ^ bits >> 31 & Integer.MAX_VALUE);
    }

    /** Indexes are not negative, so inverted ones are larger the lower they are, read without a sign. */
    private static long key(float score, int index) {
        // Adding 0 makes -0 equal to 0; what is no number is worse than any.
        int bits = Float.floatToRawIntBits(Float.isNaN(score) ? Float.NEGATIVE_INFINITY : score + 0f);
        return (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | ~index & 0xffffffffL;
    }
}
