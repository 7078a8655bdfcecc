package io.github.purerank.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tensors of a safetensors file, or of all the files of a sharded model.
 *
 * <p>Opening checks everything that {@link SafetensorsRule} lists; elements are read when asked for. Several threads may read
 * at once. The memory taken is a small multiple of the header, 256 kB for each thread that reads at the same time, and the
 * arrays that callers ask for.
 *
 * <p>A thread that is interrupted while it reads a file closes the file's channel for all (see
 * {@link java.nio.channels.InterruptibleChannel}); the read fails with {@link java.nio.channels.ClosedByInterruptException}.
 */
public final class Safetensors implements TensorSource {
    /** The file of a model that is not sharded. */
    public static final String FILE_NAME = "model.safetensors";

    /** Longest array that every JVM can make. */
    static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private static final int LENGTH_BYTES = Long.BYTES;

    /** A file and where its first tensor byte is. */
    private record Shard(
            PositionedBytes bytes, String file, long bufferStart, Map<String, SafetensorsHeader.Entry> entries) {}

    /** Where a tensor's data are. */
    private record Place(Shard shard, SafetensorsHeader.Entry entry) {}

    private final String description;
    private final List<Shard> shards;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Deque<ReadBuffer> idleBuffers = new ArrayDeque<>();

    private Safetensors(String description, List<Shard> shards) {
        this.description = description;
        this.shards = List.copyOf(shards);
        for (Shard shard : shards) {
            shard.entries().forEach((name, entry) -> {
                places.put(name, new Place(shard, entry));
                tensors.put(name, entry.info());
            });
        }
    }

    /**
     * Opens one file. The channel is closed with the result, and at once if the file is refused.
     *
     * @param channel the file, from its first byte
     * @param name how messages name it
     * @throws SafetensorsException if the file breaks a rule of the format
     */
    public static Safetensors open(SeekableByteChannel channel, String name) throws IOException {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(name, "name");
        return new Safetensors(name, List.of(openShard(channel, name)));
    }

    /**
     * Opens one file on disk.
     *
     * @throws SafetensorsException if the file breaks a rule of the format
     */
    public static Safetensors open(Path file) throws IOException {
        return open(FileChannel.open(file), file.toString());
    }

    /**
     * Opens the weights of a model: model.safetensors or, where that is absent, the files that model.safetensors.index.json
     * names.
     *
     * @throws SafetensorsException if a file breaks a rule of the format
     * @throws FileNotFoundException if the model has neither file
     */
    public static Safetensors openModel(ModelFiles files) throws IOException {
        if (files.has(FILE_NAME)) {
            return open(files.open(FILE_NAME), files.describe(FILE_NAME));
        }
        if (files.has(SafetensorsIndex.FILE_NAME)) {
            return openSharded(files);
        }
        String missing = files.describe(FILE_NAME) + ": no such file, nor " + SafetensorsIndex.FILE_NAME + " beside it";
        for (String pickled : new String[] {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
            if (files.has(pickled)) {
                missing +=
                        "; " + pickled + " is not read, as such a file can run code: load the model in Python and write"
                                + " it anew by save_pretrained(DIRECTORY), which writes safetensors";
                break;
            }
        }
        throw new FileNotFoundException(missing);
    }

    private static Safetensors openSharded(ModelFiles files) throws IOException {
        String index = files.describe(SafetensorsIndex.FILE_NAME);
        Map<String, String> weightMap =
                SafetensorsIndex.parse(files.read(SafetensorsIndex.FILE_NAME, SafetensorsIndex.MAX_BYTES), index);
        Map<String, Shard> shards = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, String> entry : weightMap.entrySet()) {
                String name = entry.getValue();
                if (!shards.containsKey(name)) {
                    if (!files.has(name)) {
                        throw new SafetensorsException(
                                SafetensorsRule.SHARD_EXISTS, index, entry.getKey(), "the file " + name, "none");
                    }
                    shards.put(name, openShard(files.open(name), files.describe(name)));
                }
                if (!shards.get(name).entries().containsKey(entry.getKey())) {
                    throw new SafetensorsException(
                            SafetensorsRule.INDEXED_TENSOR_IN_SHARD,
                            index,
                            entry.getKey(),
                            "a tensor in " + name,
                            "none");
                }
            }
            for (Map.Entry<String, Shard> shard : shards.entrySet()) {
                for (String tensor : shard.getValue().entries().keySet()) {
                    if (!shard.getKey().equals(weightMap.get(tensor))) {
                        throw new SafetensorsException(
                                SafetensorsRule.SHARD_TENSOR_IN_INDEX,
                                shard.getValue().file(),
                                tensor,
                                "a tensor that " + SafetensorsIndex.FILE_NAME + " has in this file",
                                String.valueOf(weightMap.get(tensor)));
                    }
                }
            }
            return new Safetensors(index, new ArrayList<>(shards.values()));
        } catch (IOException | RuntimeException | Error e) {
            shards.values().forEach(shard -> closeAfter(e, shard.bytes()));
            throw e;
        }
    }

    private static Shard openShard(SeekableByteChannel channel, String file) throws IOException {
        PositionedBytes bytes = PositionedBytes.of(channel);
        try {
            long size = bytes.size();
            if (size < LENGTH_BYTES) {
                throw new SafetensorsException(
                        SafetensorsRule.HEADER_LENGTH_PRESENT, file, "", "at least 8 bytes", Long.toString(size));
            }
            long headerBytes = readFully(bytes, 0, LENGTH_BYTES, file)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong(0);
            if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAX_HEADER_BYTES) {
                throw new SafetensorsException(
                        SafetensorsRule.HEADER_LENGTH_LIMIT,
                        file,
                        "",
                        "a header of at most " + SafetensorsHeader.MAX_HEADER_BYTES + " bytes",
                        Long.toUnsignedString(headerBytes));
            }
            long bufferStart = LENGTH_BYTES + headerBytes;
            if (bufferStart > size) {
                throw new SafetensorsException(
                        SafetensorsRule.HEADER_INSIDE_FILE,
                        file,
                        "",
                        "a header of at most " + (size - LENGTH_BYTES) + " bytes, which the file has",
                        Long.toString(headerBytes));
            }
            byte[] header =
                    readFully(bytes, LENGTH_BYTES, (int) headerBytes, file).array();
            return new Shard(bytes, file, bufferStart, SafetensorsHeader.parse(header, size - bufferStart, file));
        } catch (IOException | RuntimeException | Error e) {
            closeAfter(e, bytes);
            throw e;
        }
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void read(String tensor, long firstElement, float[] target, int offset, int count) throws IOException {
        DType dtype = require(tensor).dtype();
        if (!dtype.isFloatingPoint()) {
            throw new ModelFormatException(fileOf(tensor), tensor, "a floating-point tensor", dtype.name());
        }
        readChunks(
                tensor,
                firstElement,
                target.length,
                offset,
                count,
                (buffer, at, chunk) -> buffer.get(dtype, target, at, chunk));
    }

    @Override
    public long[] readAllLongs(String tensor) throws IOException {
        TensorInfo info = require(tensor);
        if (info.dtype() != DType.I64) {
            throw new ModelFormatException(
                    fileOf(tensor), tensor, "an I64 tensor", info.dtype().name());
        }
        long[] elements = new long[arrayLength(fileOf(tensor), info)];
        readChunks(
                tensor, 0, elements.length, 0, elements.length, (buffer, at, chunk) -> buffer.get(elements, at, chunk));
        return elements;
    }

    @Override
    public String describe() {
        return description;
    }

    /** Closes the file or files. Reading afterwards fails with {@link java.nio.channels.ClosedChannelException}. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Shard shard : shards) {
            try {
                shard.bytes().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The length of an array that holds a whole tensor. */
    static int arrayLength(String file, TensorInfo info) throws ModelFormatException {
        long count = info.elementCount();
        if (count > MAX_ARRAY_LENGTH) {
            throw new ModelFormatException(
                    file, info.name(), "at most " + MAX_ARRAY_LENGTH + " elements", Long.toString(count));
        }
        return (int) count;
    }

    /** Takes elements out of a buffer that was filled. */
    private interface Chunk {
        void take(ReadBuffer buffer, int at, int count);
    }

    private void readChunks(String tensor, long firstElement, int targetLength, int offset, int count, Chunk chunk)
            throws IOException {
        Place place = places.get(tensor);
        TensorInfo info = place.entry().info();
        Objects.checkFromIndexSize(offset, count, targetLength);
        Objects.checkFromIndexSize(firstElement, count, info.elementCount());
        int elementBytes = info.dtype().bytes();
        long position = place.shard().bufferStart() + place.entry().begin() + firstElement * elementBytes;
        ReadBuffer buffer = borrow();
        try {
            for (int done = 0; done < count; ) {
                int elements = Math.min(count - done, ReadBuffer.BYTES / elementBytes);
                int wanted = elements * elementBytes;
                int got = buffer.fill(place.shard().bytes(), position, wanted);
                if (got < wanted) {
                    throw truncated(place.shard().file(), tensor, wanted, got);
                }
                chunk.take(buffer, offset + done, elements);
                done += elements;
                position += wanted;
            }
        } finally {
            giveBack(buffer);
        }
    }

    private ReadBuffer borrow() {
        synchronized (idleBuffers) {
            if (!idleBuffers.isEmpty()) {
                return idleBuffers.pop();
            }
        }
        return new ReadBuffer();
    }

    private void giveBack(ReadBuffer buffer) {
        synchronized (idleBuffers) {
            idleBuffers.push(buffer);
        }
    }

    private String fileOf(String tensor) {
        return places.get(tensor).shard().file();
    }

    private static ByteBuffer readFully(PositionedBytes bytes, long position, int count, String file)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (bytes.read(buffer, position + buffer.position()) < 0) {
                throw truncated(file, "", count, buffer.position());
            }
        }
        return buffer;
    }

    /** The file was longer when it was opened. */
    private static ModelFormatException truncated(String file, String tensor, int wanted, int got) {
        return new ModelFormatException(
                file, tensor, "another " + wanted + " bytes in a file that does not change", Integer.toString(got));
    }

    private static void closeAfter(Throwable failure, PositionedBytes bytes) {
        try {
            bytes.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
