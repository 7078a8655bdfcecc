package io.github.purerank.cli;

import io.github.purerank.format.WholeFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears under its name when it is complete. Until then it is called NAME.NUMBER.part; a failure, or a signal that
 * ends the process, removes it, and what had the name before stays. Devices and pipes, which have no content to be complete, are
 * written to as they are, and so is what the process has open (/dev/fd/3).
 */
final class PartFile implements Closeable {
    private final String name;
    private final Path whole;
    /** The same as {@code whole} for a device, and for what is open. */
    private final Path part;

    private final FileChannel channel;
    private final Thread atExit = new Thread(this::remove, "purerank-remove-part");
    /** Whether the part is there. */
    private boolean pending;

    private PartFile(String name, Path whole, Path part) throws IOException {
        this.name = name;
        this.whole = whole;
        this.part = part;
        this.pending = part != whole;
        this.channel = pending
                ? FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                : FileChannel.open(
                        whole, WholeFile.isDescriptor(whole) ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
    }

    /** Begins a file; one of its name is replaced in the end, or what it links to if it is a link. */
    static PartFile create(String name) throws IOException {
        if (name.isEmpty()) {
            throw new IOException("expected the name of a file to write, found an empty one");
        }
        Path whole;
        try {
            whole = Path.of(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IOException(name + ": not a file's name: " + e.getReason());
        }
        if (Files.isDirectory(whole)) {
            throw new IOException(name + ": expected a file to write, found a directory");
        }
        if (WholeFile.isDescriptor(whole)) {
            return new PartFile(name, whole, whole);
        }
        if (!Files.isDirectory(whole.getParent())) {
            throw new IOException(name + ": cannot be written: its directory is not there");
        }
        if (Files.exists(whole)) {
            whole = whole.toRealPath();
            if (!Files.isWritable(whole)) {
                throw new AccessDeniedException(name);
            }
            if (!Files.isRegularFile(whole)) {
                return new PartFile(name, whole, whole);
            }
        }
        Path part = whole.resolveSibling(whole.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
        PartFile file;
        try {
            file = new PartFile(name, whole, part);
        } catch (FileSystemException e) {
            throw new IOException(name + ": cannot be written: " + reason(e), e);
        }
        Runtime.getRuntime().addShutdownHook(file.atExit);
        return file;
    }

    /** Where the content goes. Failures name the file. */
    OutputStream stream() {
        return new GuardedStream(Channels.newOutputStream(channel)) {
            @Override
            IOException failed(IOException e) {
                return PartFile.this.failed(e);
            }
        };
    }

    /** Gives the file its name, once it is on the disk. */
    synchronized void complete() throws IOException {
        if (!pending) {
            return;
        }
        try {
            channel.force(true);
            channel.close();
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(e);
        }
        pending = false;
    }

    /** Removes the file unless it is complete. */
    @Override
    public void close() throws IOException {
        channel.close();
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process ends, and the hook runs or has run.
        }
    }

    private synchronized void remove() {
        if (pending) {
            pending = false;
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                // It stays under a name that says what it is.
            }
        }
    }

    private IOException failed(IOException e) {
        return new IOException(
                name + ": cannot be written: "
                        + (e instanceof FileSystemException file ? reason(file) : e.getMessage()),
                e);
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied in its directory";
        }
        return e.getReason() == null ? e.toString() : e.getReason();
    }
}
