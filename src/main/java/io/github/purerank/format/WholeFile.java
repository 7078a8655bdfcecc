package io.github.purerank.format;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that are there as a whole or not at all: under another name beside it, which is renamed when all of it is on disk.
 * An older file of the name is replaced, or what it links to if it is a link. Devices and pipes are written to as they are, and so is
 * what the process has open, by a name such as /dev/stdout: whoever opened it goes on with it.
 */
public final class WholeFile {
    /** Writes the bytes of a file. */
    public interface Content {
        /** Writes all of them. */
        void writeTo(FileChannel channel) throws IOException;
    }

    private WholeFile() {}

    /** Whether a name is one that Unix gives to what the process has open: /dev/stdout, /dev/fd/3, /proc/self/fd/3. */
    public static boolean isDescriptor(Path file) {
        String name = file.toString();
        return isStandardOutput(name)
                || name.equals("/dev/stderr")
                || name.startsWith("/dev/fd/")
                || name.startsWith("/proc/self/fd/");
    }

    /** Whether a name is one of standard output's. */
    public static boolean isStandardOutput(String file) {
        return switch (file) {
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> true;
            default -> false;
        };
    }

    /**
     * Writes a text in UTF-8.
     *
     * @throws IOException if it cannot be written; then there is what was there before
     */
    public static void write(Path file, String text) throws IOException {
        write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** The same with any content. */
    public static void write(Path file, Content content) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": expected a file, found a directory");
        }
        if (isStandardOutput(file.toString())) {
            // Not ours to close.
            content.writeTo(new FileOutputStream(FileDescriptor.out).getChannel());
        } else if (isDescriptor(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
                content.writeTo(channel);
            }
        } else if (Files.exists(file)) {
            replace(file.toRealPath(), content);
        } else {
            create(file, content);
        }
    }

    /** A device or a pipe has no content to be whole; anything else keeps what it is until the new content is there. */
    private static void replace(Path file, Content content) throws IOException {
        if (!Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        if (Files.isRegularFile(file)) {
            create(file, content);
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
        }
    }

    private static void create(Path file, Content content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException notDeleted) {
                e.addSuppressed(notDeleted);
            }
            throw e;
        }
    }
}
