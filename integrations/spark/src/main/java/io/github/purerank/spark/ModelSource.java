package io.github.purerank.spark;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;

/**
 * Where an executor finds the model. What is there must not change while the application runs: an executor reads it once.
 *
 * @param kind which of the places
 * @param name a path, or a name below {@link SparkFiles}; empty for the model in the jar
 */
public record ModelSource(Kind kind, String name) implements Serializable {
    /** The places where a model may be. */
    public enum Kind {
        /** The small model that the library brings along. */
        IN_JAR,
        /** A directory that every node sees under the same path. */
        DIRECTORY,
        /** A directory that Spark brings to every executor. */
        SPARK_FILES
    }

    /** Checks that there is a name where one is needed, and no other. */
    public ModelSource {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() != (kind == Kind.IN_JAR)) {
            throw new IllegalArgumentException("name: " + kind + " with \"" + name + "\"");
        }
    }

    /** The small model that the library brings along. */
    public static ModelSource inJar() {
        return new ModelSource(Kind.IN_JAR, "");
    }

    /** A directory that every node sees under this path: on a shared file system, or in the nodes' image. */
    public static ModelSource directory(String path) {
        return new ModelSource(Kind.DIRECTORY, path);
    }

    /**
     * A directory that Spark brings to every executor: what stands after the # in {@code --archives model.zip#name} or {@code ADD
     * ARCHIVE}. {@link PureRank#addModel} does all of this for a local directory.
     */
    public static ModelSource sparkFiles(String name) {
        return new ModelSource(Kind.SPARK_FILES, name);
    }

    /** How a JVM tells its models apart, and messages name them. */
    String location() {
        return switch (kind) {
            case IN_JAR -> "the model in the jar";
            case DIRECTORY -> name;
            case SPARK_FILES -> inSparkFiles().toString();
        };
    }

    /** Loads it, in the JVM that needs it. */
    CrossEncoder load(LoadOptions options) throws IOException {
        return kind == Kind.IN_JAR ? CrossEncoder.load(options) : CrossEncoder.load(Path.of(location()), options);
    }

    /** {@code SparkFiles.get} does not find, in an executor, what a session has added: that is in a folder of the session's. */
    private Path inSparkFiles() {
        Path root = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath().normalize();
        Path found = root.resolve(name);
        if (Files.exists(found)) {
            return found;
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.resolve(name))
                    .filter(Files::exists)
                    .sorted()
                    .findFirst()
                    .orElse(found);
        } catch (IOException e) {
            return found;
        }
    }
}
