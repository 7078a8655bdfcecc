package io.github.purerank.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The files of one model, by name, wherever they are kept: a directory on disk or resources of a jar.
 *
 * <p>Names are plain file names; one with a separator or "." or ".." is refused, so a name that comes out of a file cannot
 * lead out of the model.
 */
public sealed interface ModelFiles {
    /** The model's files in a directory. */
    static ModelFiles inDirectory(Path directory) {
        return new Directory(directory);
    }

    /** The model's files among the resources of a class's package, below {@code folder}. */
    static ModelFiles inResources(Class<?> anchor, String folder) {
        return new Resources(anchor, folder);
    }

    /** Whether the model has the file. */
    boolean has(String name) throws IOException;

    /**
     * The whole file.
     *
     * @throws ModelFormatException if it is longer than {@code maxBytes}
     * @throws FileNotFoundException if the model has no such file
     */
    byte[] read(String name, int maxBytes) throws IOException;

    /**
     * The file, to be read at any position; the caller closes it.
     *
     * @throws FileNotFoundException if the model has no such file
     */
    SeekableByteChannel open(String name) throws IOException;

    /** How messages name the file. */
    String describe(String name);

    /** Files of a directory. */
    record Directory(Path directory) implements ModelFiles {
        public Directory {
            Objects.requireNonNull(directory, "directory");
        }

        @Override
        public boolean has(String name) throws IOException {
            return Files.isRegularFile(resolve(name));
        }

        @Override
        public byte[] read(String name, int maxBytes) throws IOException {
            try (InputStream in = Files.newInputStream(resolve(name))) {
                return readCapped(in, describe(name), maxBytes);
            } catch (NoSuchFileException e) {
                throw notFound(e);
            }
        }

        @Override
        public SeekableByteChannel open(String name) throws IOException {
            try {
                return Files.newByteChannel(resolve(name));
            } catch (NoSuchFileException e) {
                throw notFound(e);
            }
        }

        @Override
        public String describe(String name) {
            return directory.resolve(name).toString();
        }

        private Path resolve(String name) throws IOException {
            requirePlain(name, directory.toString());
            return directory.resolve(name);
        }

        private static FileNotFoundException notFound(NoSuchFileException cause) {
            FileNotFoundException e = new FileNotFoundException(cause.getFile() + ": no such file");
            e.initCause(cause);
            return e;
        }
    }

    /** Resources of a package. */
    record Resources(Class<?> anchor, String folder) implements ModelFiles {
        public Resources {
            Objects.requireNonNull(anchor, "anchor");
            Objects.requireNonNull(folder, "folder");
        }

        @Override
        public boolean has(String name) throws IOException {
            requirePlain(name, folder);
            return anchor.getResource(folder + "/" + name) != null;
        }

        @Override
        public byte[] read(String name, int maxBytes) throws IOException {
            requirePlain(name, folder);
            try (InputStream in = anchor.getResourceAsStream(folder + "/" + name)) {
                if (in == null) {
                    throw new FileNotFoundException(describe(name) + ": no such resource");
                }
                return readCapped(in, describe(name), maxBytes);
            }
        }

        @Override
        public SeekableByteChannel open(String name) throws IOException {
            // A jar's entry is compressed and cannot be read at a position: it is unpacked into memory.
            return new ByteArrayChannel(read(name, Integer.MAX_VALUE - 8));
        }

        @Override
        public String describe(String name) {
            return "resource " + folder + "/" + name;
        }
    }

    private static void requirePlain(String name, String where) throws ModelFormatException {
        if (!isPlainName(name)) {
            throw new ModelFormatException(where, "", "the name of a file in the model's folder", "\"" + name + "\"");
        }
    }

    /** Whether a name out of a file can only mean a file in the model's own folder, on any operating system. */
    static boolean isPlainName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c < ' ' || c == '/' || c == '\\' || c == ':');
    }

    private static byte[] readCapped(InputStream in, String file, int maxBytes) throws IOException {
        byte[] bytes = in.readNBytes(maxBytes);
        if (bytes.length == maxBytes && in.read() >= 0) {
            throw new ModelFormatException(file, "", "at most " + maxBytes + " bytes", "more");
        }
        return bytes;
    }
}
