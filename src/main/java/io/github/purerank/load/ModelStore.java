package io.github.purerank.load;

import io.github.purerank.load.WeightsManifest.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Finds models by name: those of weights-manifest.json that {@link ModelFetcher} has put into the cache directory.
 *
 * <p>The cache is the directory that the system property purerank.home or the environment's PURERANK_HOME names; else
 * "purerank" in $XDG_CACHE_HOME or ~/.cache (Linux), ~/Library/Caches (macOS) or %LOCALAPPDATA% (Windows). A model is in
 * models/ORGANISATION/MODEL/REVISION below it. Reading needs no right to write there.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class ModelStore {
    private static final String FETCH_COMMAND = "tools/purerank fetch ";

    /** Null for the user's own, which is looked for when a name is asked for: a directory by path needs no home. */
    private final Path cache;
    /** Null for the one in the jar. */
    private final WeightsManifest manifest;

    private ModelStore(Path cache, WeightsManifest manifest) {
        this.cache = cache;
        this.manifest = manifest;
    }

    /** The user's store. */
    public static ModelStore ofUser() {
        return new ModelStore(null, null);
    }

    /** A store in this directory, which need not exist. */
    public static ModelStore inDirectory(Path cache) {
        return new ModelStore(cache.toAbsolutePath(), null);
    }

    /** The same store for the models of another manifest. */
    public ModelStore withManifest(WeightsManifest newManifest) {
        return new ModelStore(cache, Objects.requireNonNull(newManifest, "newManifest"));
    }

    /**
     * The directory of a model.
     *
     * @param nameOrDirectory the path of a directory, which is taken as it is; or the name of a model in the manifest, with its
     *     organisation or, if only one model is called so, without
     * @throws ModelNotFoundException if there is no such directory or model, or the model has not been fetched, or not all of it
     */
    public Path find(String nameOrDirectory) throws IOException {
        if (!nameOrDirectory.isEmpty()) {
            try {
                Path path = Path.of(nameOrDirectory);
                if (Files.isDirectory(path)) {
                    return path;
                }
                if (Files.exists(path)) {
                    throw new ModelNotFoundException(nameOrDirectory + ": a model is a directory, and this is a file");
                }
            } catch (InvalidPathException e) {
                // No path on this system; perhaps a name.
            }
        }
        Model model = model(nameOrDirectory);
        int missing = model.files().size() - present(model);
        if (missing == 0) {
            return directory(model);
        }
        throw new ModelNotFoundException("model " + model.name()
                + (missing == model.files().size()
                        ? " has not been fetched"
                        : " has only been fetched in part (" + missing + " of "
                                + model.files().size() + " files are missing)")
                + ": run \"" + FETCH_COMMAND + model.name() + "\"");
    }

    /** The models that can be fetched. */
    public List<Model> models() throws IOException {
        return (manifest == null ? WeightsManifest.bundled() : manifest).models();
    }

    /**
     * A model that can be fetched.
     *
     * @throws ModelNotFoundException if the manifest has none of this name, or several
     */
    public Model model(String name) throws IOException {
        List<Model> models = models();
        List<Model> found = new ArrayList<>();
        for (Model model : models) {
            if (model.name().equals(name)) {
                return model;
            }
            if (model.shortName().equals(name)) {
                found.add(model);
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        StringBuilder message = new StringBuilder("no model \"" + name + "\": ")
                .append(found.isEmpty() ? "neither a directory nor one of the known models: " : "it may be any of ");
        for (Model model : found.isEmpty() ? models : found) {
            message.append(model.name()).append(", ");
        }
        message.setLength(message.length() - 2);
        throw new ModelNotFoundException(message.toString());
    }

    /** Where a model's files are, or will be. */
    public Path directory(Model model) throws IOException {
        Path root = cache();
        Path directory = root.resolve("models").resolve(model.name()).resolve(model.revision());
        if (!directory.normalize().startsWith(root.normalize())) {
            throw new IllegalArgumentException("not a model of a manifest: " + model);
        }
        return directory;
    }

    /**
     * Whether all of a model's files are there. Looks at their lengths, not at their contents: a file only gets its name once
     * its checksum was right.
     */
    public boolean isComplete(Model model) throws IOException {
        try {
            return present(model) == model.files().size();
        } catch (ModelNotFoundException e) {
            // There is no place for models, so this one is not there either.
            return false;
        }
    }

    Path cache() throws ModelNotFoundException {
        return cache == null ? CacheDirectory.find() : cache;
    }

    private int present(Model model) throws IOException {
        Path directory = directory(model);
        int present = 0;
        for (WeightsManifest.File file : model.files()) {
            if (isPresent(directory.resolve(file.name()), file.bytes())) {
                present++;
            }
        }
        return present;
    }

    /** Whether a file, not a link to one, is there and has this length. */
    static boolean isPresent(Path path, long bytes) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() == bytes;
        } catch (IOException e) {
            return false;
        }
    }
}
