package io.github.purerank.fuzz;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.ModelStore;
import io.github.purerank.load.WeightsManifest;
import io.github.purerank.load.WeightsManifest.File;
import io.github.purerank.load.WeightsManifest.Model;
import java.io.IOException;
import java.nio.file.Path;

/** The input is a weights-manifest.json. */
public final class ManifestFuzz {
    private static final Path CACHE = Path.of("/cache");

    private ManifestFuzz() {}

    /** Either what is wrong is named, or every model and file has a place of its own below the cache and a safe URL. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        WeightsManifest manifest;
        try {
            manifest = WeightsManifest.parse(input, "fuzz.json");
        } catch (ModelFormatException e) {
            Refusals.check(e);
            return;
        }
        ModelStore store = ModelStore.inDirectory(CACHE).withManifest(manifest);
        for (Model model : manifest.models()) {
            Path directory = store.directory(store.model(model.name()));
            require(directory.equals(
                    CACHE.toAbsolutePath().resolve("models").resolve(model.name() + "/" + model.revision())));
            require(directory.equals(directory.normalize()));
            require(directory.getNameCount() == CACHE.toAbsolutePath().getNameCount() + 4);
            require(model.bytes() > 0);
            for (File file : model.files()) {
                Path path = directory.resolve(file.name());
                require(path.normalize().getParent().equals(directory));
                require(!file.name().startsWith(".") && !file.name().endsWith(".partial"));
                require(file.url().normalize().equals(file.url()));
                require(file.url().toString().startsWith("https://")
                        && file.url().getUserInfo() == null);
                require(file.url().getPath().endsWith("/" + model.revision() + "/" + file.name()));
            }
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError("a manifest was taken that should not have been");
        }
    }
}
