package io.github.purerank;

import io.github.purerank.kernel.RowProducts;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Finds, among millions of vectors in memory, those that are most like a vector. The search is exact: it looks at every vector.
 *
 * <pre>{@code
 * SemanticIndex.Builder builder = SemanticIndex.builder(model.embeddingDimension());
 * for (float[] vector : model.encodeDocuments(documents)) {
 *     builder.add(vector);
 * }
 * try (SemanticIndex index = builder.build()) {
 *     List<SearchHit> hits = index.search(model.encodeQuery("how tall is everest"), 10);
 * }
 * }</pre>
 *
 * <p>Immutable and safe for many threads at once. Scores have the same bits whatever the number of threads and whichever kernels
 * compute them; vectors of equal score rank in the order in which they were added.
 */
public final class SemanticIndex implements AutoCloseable {
    /** The most vectors. */
    static final int MAX_VECTORS = Integer.MAX_VALUE - 8;
    /** The longest vectors. */
    static final int MAX_DIMENSION = 65_536;

    /** Vectors whose products with all of several queries are computed while they are in a near cache: about 64 kB of them. */
    private static final int BLOCK_ELEMENTS = 1 << 14;

    /** How vectors are kept. */
    public enum Storage {
        /** As floats, 4 bytes an element. */
        FLOAT,
        /**
         * As whole numbers of 8 bits, with one factor for each vector: 1 byte an element. Scores are rounded a little, queries are
         * not; the best ten are the best ten of {@link #FLOAT} but for a few in a hundred.
         */
        INT8
    }

    private final VectorStore store;
    private final Similarity similarity;
    private final RowProducts kernels;
    private final WorkCrew crew;
    private volatile boolean closed;

    private SemanticIndex(VectorStore store, Similarity similarity, LoadOptions options) {
        this.store = store;
        this.similarity = similarity;
        this.kernels = ChosenKernels.get().kernels().rowProducts();
        this.crew = new WorkCrew(options.threads(), options.executor());
        crew.inBackground(0, kernels::warmUp);
    }

    /** Begins an index of floats that are compared by their cosine. */
    public static Builder builder(int dimension) {
        return builder(dimension, Storage.FLOAT, Similarity.COSINE);
    }

    /**
     * Begins an index.
     *
     * @param dimension the length of all vectors, up to 65,536
     * @param similarity cosine or dot
     * @throws IllegalArgumentException if the similarity is another, which no index computes
     */
    public static Builder builder(int dimension, Storage storage, Similarity similarity) {
        if (dimension < 1 || dimension > MAX_DIMENSION) {
            throw new IllegalArgumentException("dimension: expected 1 to " + MAX_DIMENSION + ", found " + dimension);
        }
        Objects.requireNonNull(storage, "storage");
        if (similarity != Similarity.COSINE && similarity != Similarity.DOT) {
            throw new IllegalArgumentException("similarity: expected COSINE or DOT, found " + similarity);
        }
        return new Builder(VectorStore.of(dimension, storage), similarity);
    }

    /** Gathers the vectors of an index. Used by one thread at a time, and no more when the index is built. */
    public static final class Builder {
        private VectorStore store;
        private final Similarity similarity;

        Builder(VectorStore store, Similarity similarity) {
            this.store = store;
            this.similarity = similarity;
        }

        /**
         * Appends a vector.
         *
         * @throws IllegalArgumentException if it is not of the index's length, or has an element that is no finite number
         */
        public Builder add(float[] vector) {
            requireVector(vector, open().dimension);
            store.add(similarity.prepared(vector));
            return this;
        }

        /** The index, for as many threads as the machine has processors. */
        public SemanticIndex build() {
            return build(LoadOptions.defaults());
        }

        /** The same with options. */
        public SemanticIndex build(LoadOptions options) {
            SemanticIndex index = new SemanticIndex(open(), similarity, options);
            store = null;
            return index;
        }

        private VectorStore open() {
            if (store == null) {
                throw new IllegalStateException("the index has been built");
            }
            return store;
        }
    }

    /**
     * Reads an index that {@link #save} wrote.
     *
     * @throws io.github.purerank.format.ModelFormatException if it is no such file, is damaged or incomplete
     */
    public static SemanticIndex load(Path file) throws IOException {
        return load(file, LoadOptions.defaults());
    }

    /** The same with options. */
    public static SemanticIndex load(Path file, LoadOptions options) throws IOException {
        Objects.requireNonNull(options, "options");
        return IndexFile.read(file).build(options);
    }

    /**
     * The same from anywhere.
     *
     * @param channel the file, from its first byte; it is not closed
     * @param name how messages name it
     */
    public static SemanticIndex load(SeekableByteChannel channel, String name, LoadOptions options) throws IOException {
        return IndexFile.read(channel, name).build(options);
    }

    /** Writes the index to a file, which is there as a whole or not at all; an older one is replaced. */
    public void save(Path file) throws IOException {
        IndexFile.write(file, store, similarity);
    }

    /**
     * The vectors that are most like a vector.
     *
     * @param topK how many; more than there are means all
     * @return the most alike first
     * @throws IllegalArgumentException if the query is not of the index's length, or has an element that is no finite number
     * @throws IllegalStateException if the index is closed
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays so
     */
    public List<SearchHit> search(float[] query, int topK) {
        return searchAll(new float[][] {Objects.requireNonNull(query, "query")}, topK)
                .get(0);
    }

    /** The same for several at once, which is faster than one after another: the vectors are read once. */
    public List<List<SearchHit>> searchAll(float[][] queries, int topK) {
        if (topK < 1) {
            throw new IllegalArgumentException("topK: expected at least 1, found " + topK);
        }
        if (closed) {
            throw new IllegalStateException("this SemanticIndex is closed");
        }
        float[][] padded = new float[queries.length][];
        TopHits[] best = new TopHits[queries.length];
        for (int q = 0; q < queries.length; q++) {
            requireVector(queries[q], store.dimension);
            padded[q] = Arrays.copyOf(similarity.prepared(queries[q]), store.stride);
            best[q] = new TopHits(Math.min(topK, store.count()));
        }
        if (queries.length > 0) {
            crew.run(store.arrayCount(), Cancellation.BY_INTERRUPTION, array -> searchArray(array, padded, best));
        }
        List<List<SearchHit>> hits = new ArrayList<>(queries.length);
        for (TopHits top : best) {
            hits.add(top.ranked());
        }
        return hits;
    }

    private void searchArray(int array, float[][] queries, TopHits[] best) {
        int rows = store.rowsIn(array);
        // One query reads each vector once, however many there are.
        int block = queries.length == 1 ? rows : Math.max(1, BLOCK_ELEMENTS / store.stride);
        float[] scores = new float[block];
        TopHits[] mine = new TopHits[queries.length];
        for (int q = 0; q < queries.length; q++) {
            mine[q] = best[q].emptyCopy(rows);
        }
        int first = array * store.rowsOfArray();
        for (int row = 0; row < rows; row += block) {
            int count = Math.min(block, rows - row);
            for (int q = 0; q < queries.length; q++) {
                store.products(kernels, queries[q], array, row, count, scores);
                mine[q].offerAll(scores, count, first + row);
            }
        }
        for (int q = 0; q < queries.length; q++) {
            synchronized (best[q]) {
                best[q].offerAll(mine[q]);
            }
        }
    }

    private static void requireVector(float[] vector, int dimension) {
        Objects.requireNonNull(vector, "vector");
        if (vector.length != dimension) {
            throw new IllegalArgumentException("a vector of " + vector.length + " elements: expected " + dimension);
        }
        for (int i = 0; i < dimension; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new IllegalArgumentException("element " + i + " of a vector is " + vector[i]);
            }
        }
    }

    /** A vector as it is kept: of length 1 if it is compared by its cosine, rounded if it is kept in 8 bits. */
    public float[] vector(int index) {
        return store.get(Objects.checkIndex(index, store.count()));
    }

    /** How many vectors there are. */
    public int size() {
        return store.count();
    }

    /** The length of the vectors. */
    public int dimension() {
        return store.dimension;
    }

    /** How vectors are compared. */
    public Similarity similarity() {
        return similarity;
    }

    /** How vectors are kept. */
    public Storage storage() {
        return store instanceof VectorStore.Floats ? Storage.FLOAT : Storage.INT8;
    }

    /** The memory of the vectors, in bytes. */
    public long bytes() {
        return store.bytes();
    }

    /** Ends the index's own threads. Calls that have begun end as usual; later ones are refused. */
    @Override
    public void close() {
        closed = true;
        crew.close();
    }
}
