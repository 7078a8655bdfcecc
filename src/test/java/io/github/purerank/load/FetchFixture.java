package io.github.purerank.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A model of two small files for tests, its manifest, and fetchers for it. */
public final class FetchFixture {
    public static final String NAME = "tests/small-model";
    static final String REVISION = "0123456789abcdef0123456789abcdef01234567";
    static final String BASE = "/" + NAME + "/resolve/" + REVISION + "/";
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";

    /** Quick, but with every wait there is. */
    static final FetchPace PACE = new FetchPace(4, 10, 2_000, 10_000);

    static final FetchListener SILENT = (file, done, total) -> {};

    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();

    static {
        FILES.put(CONFIG, "{\"model_type\": \"bert\"}".getBytes(StandardCharsets.UTF_8));
        byte[] weights = new byte[300_000];
        new Random(7).nextBytes(weights);
        FILES.put(WEIGHTS, weights);
    }

    private FetchFixture() {}

    static byte[] content(String file) {
        return FILES.get(file);
    }

    /** The manifest, whose URLs are those of a host that the tests never reach. */
    public static WeightsManifest manifest() {
        try {
            return WeightsManifest.parse(json().getBytes(StandardCharsets.UTF_8), "manifest");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json() {
        String files = FILES.entrySet().stream()
                .map(file -> String.format(
                        "{\"name\": \"%s\", \"url\": \"https://weights.invalid%s\", \"bytes\": %d, \"sha256\": \"%s\"}",
                        file.getKey(), BASE + file.getKey(), file.getValue().length, sha256(file.getValue())))
                .collect(Collectors.joining(", "));
        return "{\"models\": [{\"name\": \"" + NAME + "\", \"revision\": \"" + REVISION
                + "\", \"licence\": \"Apache-2.0\", \"files\": [" + files + "]}]}";
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A server that has the model's files below a path. */
    public static FetchServer serve(FetchServer server, String prefix) {
        FILES.forEach((name, content) -> server.put(prefix + BASE + name, content));
        return server;
    }

    static ModelStore store(Path cache) {
        return ModelStore.inDirectory(cache).withManifest(manifest());
    }

    public static Path directory(Path cache) {
        return cache.resolve("models").resolve(NAME).resolve(REVISION);
    }

    static ModelFetcher fetcher(Path cache, String mirror) {
        return fetcher(cache, mirror, name -> null, HttpClient.newBuilder());
    }

    static ModelFetcher fetcher(
            Path cache, String mirror, UnaryOperator<String> environment, HttpClient.Builder client) {
        try {
            return new ModelFetcher(
                    store(cache), Mirror.parse(mirror), new EnvironmentProxies(environment), PACE, client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names in the model's directory, besides the lock's, each with its length. */
    static Map<String, Long> listing(Path cache) throws IOException {
        Map<String, Long> listing = new LinkedHashMap<>();
        Path directory = directory(cache);
        if (!Files.exists(directory)) {
            return listing;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith(".lock")) {
                    listing.put(file.getFileName().toString(), Files.size(file));
                }
            }
        }
        return listing;
    }
}
