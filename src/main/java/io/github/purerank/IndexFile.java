package io.github.purerank;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.WholeFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a {@link SemanticIndex}. All numbers are little-endian:
 *
 * <pre>
 *   8 bytes   "PURERANK"
 *   4         version, 1
 *   4         how vectors are kept: 0 floats, 1 bytes
 *   4         how they are compared: 0 cosine, 1 dot
 *   4         dimension
 *   8         count
 *   count of  dimension floats; or one float, the factor, and dimension bytes
 *   8         CRC-32C of all before
 * </pre>
 *
 * <p>The length follows from the first 32 bytes and is checked before anything of that size is allocated.
 */
final class IndexFile {
    private static final byte[] MAGIC = {'P', 'U', 'R', 'E', 'R', 'A', 'N', 'K'};
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 32;

    private IndexFile() {}

    static void write(Path file, VectorStore store, Similarity similarity) throws IOException {
        WholeFile.write(file, channel -> {
            CheckedSink sink = new CheckedSink(channel);
            ByteBuffer header = sink.room(HEADER_BYTES);
            header.put(MAGIC)
                    .putInt(VERSION)
                    .putInt(store instanceof VectorStore.Floats ? 0 : 1)
                    .putInt(similarity == Similarity.COSINE ? 0 : 1)
                    .putInt(store.dimension)
                    .putLong(store.count());
            float[] scale = new float[1];
            for (int i = 0; i < store.count(); i++) {
                if (store instanceof VectorStore.Bytes bytes) {
                    byte[] row = bytes.bytesOf(i, scale);
                    sink.room(Float.BYTES + row.length).putFloat(scale[0]).put(row);
                } else {
                    ByteBuffer room = sink.room(Float.BYTES * store.dimension);
                    for (float x : store.get(i)) {
                        room.putFloat(x);
                    }
                }
            }
            sink.finish();
        });
    }

    static SemanticIndex.Builder read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, file.toString());
        }
    }

    /**
     * Reads an index.
     *
     * @param name how messages name the file
     * @throws ModelFormatException if it breaks a rule of the format
     */
    static SemanticIndex.Builder read(SeekableByteChannel channel, String name) throws IOException {
        long length = channel.size();
        if (length < HEADER_BYTES + CheckedSink.CHECKSUM_BYTES) {
            throw new ModelFormatException(
                    name, "", "at least " + (HEADER_BYTES + CheckedSink.CHECKSUM_BYTES) + " bytes", length + " bytes");
        }
        CheckedSource source = new CheckedSource(channel);
        ByteBuffer header = source.next(HEADER_BYTES);
        for (byte b : MAGIC) {
            if (header.get() != b) {
                throw new ModelFormatException(name, "bytes 0 to 7", "PURERANK", "other bytes");
            }
        }
        require(name, "version", VERSION, VERSION, header.getInt());
        int storage = (int) require(name, "storage", 0, 1, header.getInt());
        int similarity = (int) require(name, "similarity", 0, 1, header.getInt());
        int dimension = (int) require(name, "dimension", 1, SemanticIndex.MAX_DIMENSION, header.getInt());
        long count = require(name, "count", 0, SemanticIndex.MAX_VECTORS, header.getLong());
        int rowBytes = storage == 0 ? Float.BYTES * dimension : Float.BYTES + dimension;
        long expected = HEADER_BYTES + count * rowBytes + CheckedSink.CHECKSUM_BYTES;
        if (length != expected) {
            throw new ModelFormatException(
                    name,
                    "",
                    expected + " bytes for " + count + " vectors of " + dimension + " elements",
                    length + " bytes");
        }
        SemanticIndex.Builder builder;
        try {
            builder = rows(source, name, storage, similarity, dimension, count);
            source.requireChecksum(name);
        } catch (EOFException e) {
            throw new ModelFormatException(name, "", expected + " bytes", "a file that grew shorter");
        }
        return builder;
    }

    private static SemanticIndex.Builder rows(
            CheckedSource source, String name, int storage, int similarity, int dimension, long count)
            throws IOException {
        VectorStore store =
                VectorStore.of(dimension, storage == 0 ? SemanticIndex.Storage.FLOAT : SemanticIndex.Storage.INT8);
        float[] vector = new float[dimension];
        byte[] bytes = new byte[dimension];
        for (long i = 0; i < count; i++) {
            if (store instanceof VectorStore.Bytes into) {
                ByteBuffer row = source.next(Float.BYTES + dimension);
                float scale = row.getFloat();
                if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
                    throw new ModelFormatException(name, "factor of vector " + i, "a finite number from 0", "" + scale);
                }
                row.get(bytes);
                into.add(bytes, scale);
            } else {
                ByteBuffer row = source.next(Float.BYTES * dimension);
                for (int k = 0; k < dimension; k++) {
                    vector[k] = row.getFloat();
                    if (!Float.isFinite(vector[k])) {
                        throw new ModelFormatException(name, "vector " + i, "finite numbers", vector[k] + " at " + k);
                    }
                }
                store.add(vector);
            }
        }
        return new SemanticIndex.Builder(store, similarity == 0 ? Similarity.COSINE : Similarity.DOT);
    }

    private static long require(String name, String what, long least, long most, long found)
            throws ModelFormatException {
        if (found < least || found > most) {
            throw new ModelFormatException(
                    name, what, least == most ? Long.toString(least) : least + " to " + most, Long.toString(found));
        }
        return found;
    }
}
