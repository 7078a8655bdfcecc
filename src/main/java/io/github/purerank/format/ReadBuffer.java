package io.github.purerank.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * Memory through which one thread reads elements: outside the heap, so that file channels fill it without a copy of their own.
 * The views are made once, so that reading leaves no garbage.
 */
final class ReadBuffer {
    /** Fits a core's L2 cache together with what is made of it. */
    static final int BYTES = 256 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final FloatBuffer floats = bytes.asFloatBuffer();
    private final DoubleBuffer doubles = bytes.asDoubleBuffer();
    private final LongBuffer longs = bytes.asLongBuffer();
    private final ShortBuffer shorts = bytes.asShortBuffer();
    private short[] halves;

    /** Reads {@code count} bytes at a position; fewer only if the file ends before. */
    int fill(PositionedBytes source, long position, int count) throws IOException {
        bytes.clear().limit(count);
        while (bytes.hasRemaining()) {
            if (source.read(bytes, position + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.position();
    }

    /** The first elements, converted to float. */
    void get(DType dtype, float[] target, int offset, int count) {
        switch (dtype) {
            case F32 -> floats.clear().get(target, offset, count);
            case F16 -> HalfPrecision.fromFloat16(halves(count), target, offset, count);
            case BF16 -> HalfPrecision.fromBFloat16(halves(count), target, offset, count);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = (float) doubles.get(i);
                }
            }
            case I64 -> throw new IllegalArgumentException("I64 as float");
        }
    }

    /** The first elements as integers. */
    void get(long[] target, int offset, int count) {
        longs.clear().get(target, offset, count);
    }

    private short[] halves(int count) {
        if (halves == null) {
            halves = new short[BYTES / Short.BYTES];
        }
        shorts.clear().get(halves, 0, count);
        return halves;
    }
}
