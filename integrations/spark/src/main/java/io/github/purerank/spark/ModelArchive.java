package io.github.purerank.spark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A model's directory as one file, as Spark wants it to bring it to executors. */
final class ModelArchive {
    /** What a model is read from; other files beside them, often several times as large, are for other frameworks. */
    private static final Set<String> EXTENSIONS = Set.of("json", "txt", "safetensors");

    private ModelArchive() {}

    /** Writes the model's files, uncompressed: weights hardly get smaller. */
    static void write(Path directory, Path archive) throws IOException {
        // The files of a snapshot in a Hugging Face cache are links.
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS);
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            Iterator<Path> each = files.sorted().iterator();
            while (each.hasNext()) {
                Path file = each.next();
                if (Files.isRegularFile(file) && EXTENSIONS.contains(extension(file))) {
                    zip.putNextEntry(
                            new ZipEntry(directory.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
        }
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
