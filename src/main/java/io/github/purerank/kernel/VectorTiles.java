package io.github.purerank.kernel;

import static io.github.purerank.kernel.VectorMath.LANES;
import static io.github.purerank.kernel.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of a matrix product: a tile of R rows by two vectors of columns, kept in registers from the first k to
 * the last.
 *
 * <p>Each step loads two vectors of B and, for each row, spreads one element of A over a vector: 2 + R loads for 2 R fused
 * multiply-adds. With 12 rows that is 24 sums, enough to hide the latency of a multiply-add, and fits the 32 registers of
 * AVX-512 and AArch64 (24 sums, 2 of B, 1 of A). The lower tiles take the rows that are left over, and that of 6 rows is the
 * tallest for 16 registers.
 *
 * <p>A stands in strips: the R elements of one k side by side, then those of the next k. B stands in panels of {@link
 * PackedMatrix#PANEL} columns. A register tile cannot be an array, so the rows are written out.
 */
final class VectorTiles {
    private static final int PANEL = PackedMatrix.PANEL;

    /**
     * Rows of the tallest tile: 12 where there are 32 registers, else 6 (12 sums, 2 of B, 1 of A). Vectors below 512 bits on x86
     * are taken for AVX2, which has 16.
     */
    static final int TALLEST = LANES < 16 && isX86() ? 6 : 12;

    /** Columns that are packed row after row: 6 kB of a strip, which stay in the first-level cache from one row to the next. */
    private static final int PACKED_AT_ONCE = 128;

    private VectorTiles() {}

    private static boolean isX86() {
        String architecture = System.getProperty("os.arch", "");
        return architecture.equals("amd64") || architecture.equals("x86_64");
    }

    /** The height of the tile that takes the next rows when so many are left. */
    static int height(int rowsLeft) {
        return rowsLeft >= TALLEST ? TALLEST : Integer.highestOneBit(rowsLeft);
    }

    /** Copies rows into strips, each as high as the tile that will read it. */
    static void pack(float[] rows, int at, int stride, int rowCount, int count, float[] strips) {
        int strip = 0;
        for (int m = 0, height; m < rowCount; m += height, strip += height * count) {
            height = height(rowCount - m);
            for (int k = 0; k < count; k += PACKED_AT_ONCE) {
                packColumns(
                        rows,
                        at + m * stride + k,
                        stride,
                        height,
                        Math.min(PACKED_AT_ONCE, count - k),
                        strips,
                        strip + k * height);
            }
        }
    }

    private static void packColumns(
            float[] rows, int at, int stride, int height, int count, float[] strips, int strip) {
        for (int r = 0; r < height; r++) {
            int from = at + r * stride;
            for (int k = 0, to = strip + r; k < count; k++, to += height) {
                strips[to] = rows[from + k];
            }
        }
    }

    /**
     * c[m][n] = init[n] + sum over k of a[m][k] * b[k][n] for one panel of columns.
     *
     * @param strips a (M, K) as {@link #pack} leaves it
     * @param panel b (K, PANEL) from {@code panelAt} on
     * @param init (PANEL) from {@code initAt} on
     * @param c (M, PANEL) from {@code cAt} on, rows {@code cStride} apart
     */
    static void multiply(
            float[] strips,
            int rowCount,
            int count,
            float[] panel,
            int panelAt,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        for (int n = 0; n < PANEL; n += 2 * LANES) {
            int b = panelAt + n;
            int strip = 0;
            for (int m = 0, height; m < rowCount; m += height, strip += height * count) {
                height = height(rowCount - m);
                int to = cAt + m * cStride + n;
                switch (height) {
                    case 12 -> rows12(strips, strip, panel, b, count, init, initAt + n, c, to, cStride);
                    case 8 -> rows8(strips, strip, 8, panel, b, count, init, initAt + n, c, to, cStride);
                    case 6 -> rows6(strips, strip, panel, b, count, init, initAt + n, c, to, cStride);
                    case 4 -> rows4(strips, strip, 4, panel, b, count, init, initAt + n, c, to, cStride);
                    case 2 -> rows2(strips, strip, panel, b, count, init, initAt + n, c, to, cStride);
                    default -> rows1(strips, strip, panel, b, count, init, initAt + n, c, to);
                }
            }
        }
    }

    static void rows12(
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int count,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        FloatVector c10 = init0, c11 = init1;
        FloatVector c20 = init0, c21 = init1;
        FloatVector c30 = init0, c31 = init1;
        FloatVector c40 = init0, c41 = init1;
        FloatVector c50 = init0, c51 = init1;
        FloatVector c60 = init0, c61 = init1;
        FloatVector c70 = init0, c71 = init1;
        FloatVector c80 = init0, c81 = init1;
        FloatVector c90 = init0, c91 = init1;
        FloatVector c100 = init0, c101 = init1;
        FloatVector c110 = init0, c111 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k * 12;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[i + 8]);
            c80 = a8.fma(b0, c80);
            c81 = a8.fma(b1, c81);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[i + 9]);
            c90 = a9.fma(b0, c90);
            c91 = a9.fma(b1, c91);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[i + 10]);
            c100 = a10.fma(b0, c100);
            c101 = a10.fma(b1, c101);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[i + 11]);
            c110 = a11.fma(b0, c110);
            c111 = a11.fma(b1, c111);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
        c60.intoArray(c, cAt + 6 * cStride);
        c61.intoArray(c, cAt + 6 * cStride + LANES);
        c70.intoArray(c, cAt + 7 * cStride);
        c71.intoArray(c, cAt + 7 * cStride + LANES);
        c80.intoArray(c, cAt + 8 * cStride);
        c81.intoArray(c, cAt + 8 * cStride + LANES);
        c90.intoArray(c, cAt + 9 * cStride);
        c91.intoArray(c, cAt + 9 * cStride + LANES);
        c100.intoArray(c, cAt + 10 * cStride);
        c101.intoArray(c, cAt + 10 * cStride + LANES);
        c110.intoArray(c, cAt + 11 * cStride);
        c111.intoArray(c, cAt + 11 * cStride + LANES);
    }

    /** Like the others, but the elements of a for one k are {@code step} apart from the next k's. */
    static void rows8(
            float[] a,
            int aAt,
            int step,
            float[] b,
            int bAt,
            int count,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        FloatVector c10 = init0, c11 = init1;
        FloatVector c20 = init0, c21 = init1;
        FloatVector c30 = init0, c31 = init1;
        FloatVector c40 = init0, c41 = init1;
        FloatVector c50 = init0, c51 = init1;
        FloatVector c60 = init0, c61 = init1;
        FloatVector c70 = init0, c71 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k * step;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
        c60.intoArray(c, cAt + 6 * cStride);
        c61.intoArray(c, cAt + 6 * cStride + LANES);
        c70.intoArray(c, cAt + 7 * cStride);
        c71.intoArray(c, cAt + 7 * cStride + LANES);
    }

    /** The tallest tile where there are 16 registers. */
    static void rows6(
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int count,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        FloatVector c10 = init0, c11 = init1;
        FloatVector c20 = init0, c21 = init1;
        FloatVector c30 = init0, c31 = init1;
        FloatVector c40 = init0, c41 = init1;
        FloatVector c50 = init0, c51 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k * 6;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
    }

    /** Like {@link #rows8}. */
    static void rows4(
            float[] a,
            int aAt,
            int step,
            float[] b,
            int bAt,
            int count,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        FloatVector c10 = init0, c11 = init1;
        FloatVector c20 = init0, c21 = init1;
        FloatVector c30 = init0, c31 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k * step;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
    }

    static void rows2(
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int count,
            float[] init,
            int initAt,
            float[] c,
            int cAt,
            int cStride) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        FloatVector c10 = init0, c11 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k * 2;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
    }

    static void rows1(float[] a, int aAt, float[] b, int bAt, int count, float[] init, int initAt, float[] c, int cAt) {
        FloatVector init0 = FloatVector.fromArray(SPECIES, init, initAt);
        FloatVector init1 = FloatVector.fromArray(SPECIES, init, initAt + LANES);
        FloatVector c00 = init0, c01 = init1;
        for (int k = 0; k < count; k++) {
            int i = aAt + k;
            int j = bAt + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, j);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
    }
}
