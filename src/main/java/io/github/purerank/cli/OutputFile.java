package io.github.purerank.cli;

import io.github.purerank.format.WholeFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command writes at its end. */
final class OutputFile {
    private OutputFile() {}

    /** Refuses, before the work begins, a file that cannot be written after it. */
    static void requireWritable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": expected a file, found a directory");
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        if (WholeFile.isDescriptor(file) || Files.exists(file) && !Files.isRegularFile(file)) {
            // What is open, a device or a pipe: nothing is made beside it.
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + ": cannot be written to");
        }
    }
}
