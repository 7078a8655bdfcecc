package io.github.purerank.format;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The files of one model, by name, wherever they are kept: a directory on disk, resources of a jar, or what else implements
 * this.
 *
 * <p>Names are plain: one with a separator, a colon or a control character, "." and ".." are refused, so a name that comes out
 * of a file cannot lead out of the model. Nor can a symbolic link in a directory: what it leads to must be in the directory too
 * or, for a snapshot in a Hugging Face cache ({@code models--NAME/snapshots/REVISION}), in that model's {@code blobs}.
 */
public interface ModelFiles {
    /** The model's files in a directory. */
    static ModelFiles inDirectory(Path directory) {
        return new Directory(directory, directory);
    }

    /** The model's files among the resources of a class's package, below {@code folder}. */
    static ModelFiles inResources(Class<?> anchor, String folder) {
        return new Resources(anchor, folder);
    }

    /**
     * The files in a folder of these. It need not exist: then it has no files.
     *
     * @throws ModelFormatException if the name is not plain
     */
    ModelFiles folder(String name) throws ModelFormatException;

    /** These, one left out; those in folders are all there. */
    default ModelFiles without(String left) {
        ModelFiles all = this;
        return new ModelFiles() {
            @Override
            public ModelFiles folder(String name) throws ModelFormatException {
                return all.folder(name);
            }

            @Override
            public boolean has(String name) throws IOException {
                return !name.equals(left) && all.has(name);
            }

            @Override
            public byte[] read(String name, int maxBytes) throws IOException {
                requireNotLeft(name);
                return all.read(name, maxBytes);
            }

            @Override
            public SeekableByteChannel open(String name) throws IOException {
                requireNotLeft(name);
                return all.open(name);
            }

            @Override
            public String describe(String name) {
                return all.describe(name);
            }

            private void requireNotLeft(String name) throws FileNotFoundException {
                if (name.equals(left)) {
                    throw new FileNotFoundException(describe(name) + ": left out");
                }
            }
        };
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

    /**
     * Files of a directory.
     *
     * @param directory where the files are
     * @param root the model's directory: the same or one above
     */
    record Directory(Path directory, Path root) implements ModelFiles {
        /** Checks that neither is null. */
        public Directory {
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(root, "root");
        }

        @Override
        public ModelFiles folder(String name) throws ModelFormatException {
            return new Directory(resolve(name), root);
        }

        @Override
        public boolean has(String name) throws IOException {
            return Files.isRegularFile(resolve(name));
        }

        @Override
        public byte[] read(String name, int maxBytes) throws IOException {
            try (InputStream in = Files.newInputStream(resolveFile(name))) {
                return CappedInput.readAll(in, describe(name), maxBytes);
            }
        }

        @Override
        public SeekableByteChannel open(String name) throws IOException {
            return Files.newByteChannel(resolveFile(name));
        }

        @Override
        public String describe(String name) {
            return directory + File.separator + name;
        }

        private Path resolve(String name) throws ModelFormatException {
            requirePlain(name, directory.toString());
            try {
                return directory.resolve(name);
            } catch (InvalidPathException e) {
                throw notPlain(name, directory.toString());
            }
        }

        /** A file that is there, is a regular one (a pipe would be waited for), and is the model's own. */
        private Path resolveFile(String name) throws IOException {
            Path file = resolve(name);
            if (!Files.exists(file)) {
                throw new FileNotFoundException(file + ": no such file");
            }
            if (!Files.isRegularFile(file)) {
                throw new ModelFormatException(file.toString(), "", "a regular file", "none");
            }
            Path real = file.toRealPath();
            Path realRoot = root.toRealPath();
            if (!real.startsWith(realRoot) && !isBlob(real, realRoot)) {
                throw new ModelFormatException(
                        file.toString(), "", "a file in the model's directory", "a link to " + real);
            }
            return real;
        }

        private static boolean isBlob(Path real, Path snapshot) {
            Path snapshots = snapshot.getParent();
            return snapshots != null
                    && snapshots.endsWith("snapshots")
                    && snapshots.getParent() != null
                    && real.startsWith(snapshots.getParent().resolve("blobs"));
        }
    }

    /** Resources of a package. */
    record Resources(Class<?> anchor, String folder) implements ModelFiles {
        /** Checks that neither is null. */
        public Resources {
            Objects.requireNonNull(anchor, "anchor");
            Objects.requireNonNull(folder, "folder");
        }

        @Override
        public ModelFiles folder(String name) throws ModelFormatException {
            requirePlain(name, folder);
            return new Resources(anchor, folder + "/" + name);
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
                return CappedInput.readAll(in, describe(name), maxBytes);
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
            throw notPlain(name, where);
        }
    }

    private static ModelFormatException notPlain(String name, String where) {
        return new ModelFormatException(where, "", "the name of a file in the model's folder", "\"" + name + "\"");
    }

    /** Whether a name out of a file can only mean a file in the model's own folder, on any operating system. */
    static boolean isPlainName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == '/' || c == '\\' || c == ':') {
                return false;
            }
        }
        return !name.isEmpty() && !name.equals(".") && !name.equals("..");
    }
}
