package io.github.purerank;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.WholeFile;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Documents with their vectors, and which model made these: its name, and the vector that it makes of a known text, so that no other
 * model searches them unnoticed ({@link #requireModel}).
 *
 * <p>On disk it is a folder with two files. documents.purerank has the texts and says which file has the vectors; it is replaced last,
 * so a folder that is written anew has the old documents with the old vectors, or the new ones with the new. Its numbers are
 * little-endian:
 *
 * <pre>
 *   8 bytes   "PURETEXT"
 *   8         version, 2
 *   8         count
 *   8         which file has the vectors: vectors-(16 hexadecimal digits).purerank
 *   4 + n     the model's name, in UTF-8
 *   4 + n     the vector that it makes of a known text, up to the index's dimension, in floats; none if it is not known
 *   count of  4 + n, a document, in UTF-8
 *   8         CRC-32C of all before
 * </pre>
 */
public final class DocumentIndex implements AutoCloseable {
    /** The file with the texts. */
    static final String DOCUMENTS = "documents.purerank";

    private static final byte[] MAGIC = "PURETEXT".getBytes(StandardCharsets.US_ASCII);
    private static final long VERSION = 2;
    private static final int HEADER_BYTES = 32;

    private final List<String> documents;
    private final SemanticIndex vectors;
    private final String model;
    /** The model's vector of the known text, as long as the others; empty if it is not known. */
    private final float[] probe;

    /**
     * Puts documents and their vectors together; closing it closes the index of vectors. What made the vectors is not known but for
     * its name, so {@link #requireModel} takes any model of their length.
     *
     * @param vectors of the documents, in their order
     * @param model the name of what made the vectors, for {@link #model}
     * @throws IllegalArgumentException if there is not one vector for each document
     */
    public DocumentIndex(List<String> documents, SemanticIndex vectors, String model) {
        this(documents, vectors, model, new float[0]);
    }

    private DocumentIndex(List<String> documents, SemanticIndex vectors, String model, float[] probe) {
        this.documents = List.copyOf(documents);
        this.vectors = Objects.requireNonNull(vectors, "vectors");
        this.model = Objects.requireNonNull(model, "model");
        this.probe = probe;
        if (this.documents.size() != vectors.size()) {
            throw new IllegalArgumentException(this.documents.size() + " documents and " + vectors.size() + " vectors");
        }
    }

    /**
     * Encodes documents in floats, compared as the model says.
     *
     * @throws IllegalArgumentException if the model compares vectors by their distance, which no index does
     */
    public static DocumentIndex of(SentenceEncoder encoder, List<String> documents) {
        return of(encoder, documents, EncodeOptions.defaults(), SemanticIndex.Storage.FLOAT, LoadOptions.defaults());
    }

    /** The same with options. */
    public static DocumentIndex of(
            SentenceEncoder encoder,
            List<String> documents,
            EncodeOptions encode,
            SemanticIndex.Storage storage,
            LoadOptions options) {
        List<String> kept = List.copyOf(documents);
        SemanticIndex.Builder builder = SemanticIndex.builder(
                encoder.dimension(encode),
                storage,
                Similarity.ofName(encoder.config().similarity()));
        for (float[] vector : encoder.encodeDocuments(kept, encode)) {
            builder.add(vector);
        }
        float[] probe = Arrays.copyOf(encoder.probe(), encoder.dimension(encode));
        return new DocumentIndex(kept, builder.build(options), encoder.source(), probe);
    }

    /** The documents, in the order of their indexes. */
    public List<String> documents() {
        return documents;
    }

    /** The documents' vectors. */
    public SemanticIndex vectors() {
        return vectors;
    }

    /** The name of what made the vectors; it was given when they were indexed. */
    public String model() {
        return model;
    }

    /** The same with another name of the model. */
    public DocumentIndex withModel(String newModel) {
        return new DocumentIndex(documents, vectors, newModel, probe);
    }

    /**
     * Refuses a model that did not make the vectors: what it makes of a query cannot be compared with them. The same model in other
     * files is taken, and so is any of enough dimensions if the index does not know what made it.
     *
     * @throws IllegalArgumentException if it is another model
     * @throws IllegalStateException if the model is closed
     */
    public void requireModel(SentenceEncoder encoder) {
        float[] found = encoder.probe();
        if (found.length < vectors.dimension()) {
            throw new IllegalArgumentException("the index has vectors of " + vectors.dimension() + " elements, by "
                    + model + ", and those of " + encoder.source() + " have " + found.length);
        }
        if (!ModelProbe.areAlike(probe, found)) {
            throw new IllegalArgumentException("the index was made by another model, " + model + ", than "
                    + encoder.source() + ": the vectors of the two cannot be compared");
        }
    }

    /** Writes documents and vectors to a folder, which is made if it is not there. What another index has there is replaced. */
    public void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        long id = UUID.randomUUID().getMostSignificantBits();
        Path vectorsFile = folder.resolve(vectorsName(id));
        vectors.save(vectorsFile);
        try {
            WholeFile.write(folder.resolve(DOCUMENTS), channel -> {
                CheckedSink sink = new CheckedSink(channel);
                sink.room(HEADER_BYTES)
                        .put(MAGIC)
                        .putLong(VERSION)
                        .putLong(documents.size())
                        .putLong(id);
                sink.bytes(model.getBytes(StandardCharsets.UTF_8));
                sink.bytes(bytes(probe));
                for (String document : documents) {
                    sink.bytes(document.getBytes(StandardCharsets.UTF_8));
                }
                sink.finish();
            });
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(vectorsFile);
            throw e;
        }
        try (DirectoryStream<Path> older = Files.newDirectoryStream(folder, "vectors-*.purerank")) {
            for (Path file : older) {
                String name = file.getFileName().toString();
                if (name.length() == vectorsName(id).length() && !name.equals(vectorsName(id))) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String vectorsName(long id) {
        String digits = Long.toHexString(id);
        return "vectors-" + "0".repeat(16 - digits.length()) + digits + ".purerank";
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws ModelFormatException if a file is damaged, incomplete, or of another kind
     * @throws FileNotFoundException if there is no index in the folder
     */
    public static DocumentIndex load(Path folder, LoadOptions options) throws IOException {
        Path file = folder.resolve(DOCUMENTS);
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException(folder + ": no index is here: no " + DOCUMENTS);
        }
        String name = file.toString();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CheckedSource source = new CheckedSource(channel);
            if (channel.size() < HEADER_BYTES + CheckedSink.CHECKSUM_BYTES) {
                throw new ModelFormatException(name, "", "a header", channel.size() + " bytes");
            }
            ByteBuffer header = source.next(HEADER_BYTES);
            for (byte b : MAGIC) {
                if (header.get() != b) {
                    throw new ModelFormatException(name, "bytes 0 to 7", "PURETEXT", "other bytes");
                }
            }
            long version = header.getLong();
            if (version != VERSION) {
                throw new ModelFormatException(name, "version", Long.toString(VERSION), Long.toString(version));
            }
            long count = header.getLong();
            long most = channel.size() / Integer.BYTES;
            if (count < 0 || count > most) {
                throw new ModelFormatException(name, "count", "0 to " + most, Long.toString(count));
            }
            String vectorsName = vectorsName(header.getLong());
            String model = text(source.bytes(name, "model"), name, "model");
            float[] probe = floats(source.bytes(name, "vector of the model"), name);
            List<String> documents = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                String what = "document " + i;
                documents.add(text(source.bytes(name, what), name, what));
            }
            source.requireChecksum(name);
            SemanticIndex vectors = SemanticIndex.load(folder.resolve(vectorsName), options);
            if (vectors.size() != count) {
                vectors.close();
                throw new ModelFormatException(
                        folder.resolve(vectorsName).toString(), "count", Long.toString(count), "" + vectors.size());
            }
            if (probe.length != 0 && probe.length != vectors.dimension()) {
                vectors.close();
                throw new ModelFormatException(
                        name, "vector of the model", vectors.dimension() + " elements", "" + probe.length);
            }
            return new DocumentIndex(documents, vectors, model, probe);
        } catch (EOFException e) {
            throw new ModelFormatException(name, "", "as many bytes as when it was opened", "fewer");
        }
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes, String name) throws ModelFormatException {
        if (bytes.length % Float.BYTES != 0) {
            throw new ModelFormatException(name, "vector of the model", "floats of 4 bytes", bytes.length + " bytes");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static String text(byte[] bytes, String name, String what) throws ModelFormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(name, what, "UTF-8 text", "other bytes");
        }
    }

    @Override
    public void close() {
        vectors.close();
    }
}
