package io.github.purerank.load;

import io.github.purerank.load.WeightsManifest.File;
import io.github.purerank.load.WeightsManifest.Model;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Downloads the models of weights-manifest.json into a {@link ModelStore}.
 *
 * <p>A file gets its name once its length and SHA-256 are those of the manifest; until then it is called NAME.partial, and the
 * next fetch goes on with it, however this one ended. Servers are reached by https alone, except for a mirror on this machine;
 * through the proxies of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). Needs the module java.net.http.
 *
 * <p>Safe for use by many threads; fetches of the same model, in other processes too, wait for one another.
 */
public final class ModelFetcher {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    /** An attempt got on if it brought so many bytes more than any before it; so one that fails is repeated. */
    private static final long STEP = 1 << 20;

    private final ModelStore store;
    private final HttpDownload download;
    private final FetchPace pace;

    ModelFetcher(
            ModelStore store, Mirror mirror, EnvironmentProxies proxies, FetchPace pace, HttpClient.Builder client) {
        this.store = store;
        this.pace = pace;
        // HTTP/1.1: one file at a time gains nothing from HTTP/2, and proxies and mirrors all speak it. Redirects are
        // followed by HttpDownload, which looks at each.
        HttpClient http = client.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(proxies)
                .build();
        this.download = new HttpDownload(http, proxies, mirror, pace);
    }

    /**
     * A fetcher for a store that asks the servers of the manifest, or the mirror of the environment's PURERANK_MIRROR.
     *
     * @throws FetchException if the environment names a mirror or a proxy that cannot be used
     */
    public static ModelFetcher create(ModelStore store) throws FetchException {
        try {
            return create(store, Mirror.parse(System.getenv(Mirror.VARIABLE)));
        } catch (IllegalArgumentException e) {
            throw new FetchException("environment variable " + Mirror.VARIABLE + ": " + e.getMessage());
        }
    }

    /**
     * A fetcher for a store that asks a mirror.
     *
     * @param mirror the URL that stands for "https://HOST" in the manifest's URLs; https, or http for localhost, 127.x.x.x or
     *     [::1]
     * @throws IllegalArgumentException if the mirror's URL cannot be used
     * @throws FetchException if the environment names a proxy that cannot be used
     */
    public static ModelFetcher create(ModelStore store, String mirror) throws FetchException {
        return create(store, Mirror.parse(mirror));
    }

    private static ModelFetcher create(ModelStore store, Mirror mirror) throws FetchException {
        return new ModelFetcher(
                store, mirror, new EnvironmentProxies(System::getenv), FetchPace.USUAL, HttpClient.newBuilder());
    }

    /**
     * Downloads what is missing of a model. Files that are there are compared with their checksums, without a network; one that
     * differs is deleted and fetched anew.
     *
     * @param name the model's name in the manifest, with or without its organisation
     * @param listener is told how far it is
     * @return the model, complete
     * @throws ModelNotFoundException if the manifest has no such model
     * @throws FetchException if a file cannot be had or is not the one of the manifest, or the cache cannot be written
     * @throws InterruptedException if the thread is interrupted; another fetch goes on from there
     */
    public FetchedModel fetch(String name, FetchListener listener) throws IOException, InterruptedException {
        Model model = store.model(name);
        Path directory = store.directory(model);
        try {
            List<File> missing = missing(model, directory);
            return new FetchedModel(
                    model.name(), directory, missing.isEmpty() ? 0 : fetchMissing(model, directory, listener));
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while fetching " + model.name());
        } catch (FetchException e) {
            throw e;
        } catch (IOException e) {
            String path = e instanceof FileSystemException named ? named.getFile() : directory.toString();
            throw new FetchException(
                    "cannot use " + path + ": " + reason(e) + "; " + CacheDirectory.VARIABLE
                            + " names another place for models",
                    e);
        }
    }

    /** The message of a file system's exception is often a path alone; its class says what is wrong. */
    private static String reason(IOException e) {
        if (!(e instanceof FileSystemException named)) {
            return String.valueOf(e.getMessage());
        }
        if (named.getReason() != null) {
            return named.getReason();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileAlreadyExistsException
                ? "not a directory"
                : e.getClass().getSimpleName();
    }

    private int fetchMissing(Model model, Path directory, FetchListener listener)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path real = directory.toRealPath();
        if (!real.startsWith(store.cache().toRealPath())) {
            throw new FetchException(directory + " leads out of the cache, to " + real);
        }
        try (FetchLock lock = FetchLock.acquire(real, listener)) {
            // Another fetch may have ended meanwhile.
            List<File> missing = missing(model, lock.directory());
            for (File file : missing) {
                Files.deleteIfExists(lock.directory().resolve(file.name()));
            }
            for (File file : missing) {
                String problem = "cannot fetch " + file.name() + " of " + model.name() + ": ";
                try {
                    fetchFile(file, lock.directory(), listener);
                } catch (FetchException e) {
                    throw new FetchException(problem + e.getMessage(), e);
                } catch (TransientFailure e) {
                    String remedy = "; set HTTPS_PROXY or a mirror (--mirror, " + Mirror.VARIABLE
                            + "), or copy the files to " + directory;
                    throw new FetchException(problem + e.getMessage() + remedy, e);
                }
            }
            return missing.size();
        }
    }

    /** Downloads one file, going on with what an earlier attempt left. */
    private void fetchFile(File file, Path directory, FetchListener listener) throws IOException, InterruptedException {
        Path partial = directory.resolve(file.name() + WeightsManifest.PARTIAL_SUFFIX);
        try (FileChannel channel = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() > file.bytes()) {
                channel.truncate(0);
            }
            boolean resumed = channel.size() > 0;
            complete(file, channel, listener);
            channel.force(true);
            if (resumed && !sha256(partial).equals(file.sha256())) {
                // What was there need not have been a part of this file: once more, without it.
                channel.truncate(0);
                complete(file, channel, listener);
                channel.force(true);
            }
        } catch (FetchException | TransientFailure e) {
            if (ModelStore.isPresent(partial, 0)) {
                Files.delete(partial);
            }
            throw e;
        }
        String found = sha256(partial);
        if (!found.equals(file.sha256())) {
            Files.deleteIfExists(partial);
            throw new FetchException("expected the SHA-256 " + file.sha256() + ", found " + found);
        }
        Files.move(partial, directory.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes attempts until the file has its length, or several in a row have not got on. */
    private void complete(File file, FileChannel channel, FetchListener listener)
            throws IOException, InterruptedException {
        long best = channel.size();
        int failures = 0;
        while (channel.size() < file.bytes()) {
            try {
                download.run(
                        file.url(), channel, file.bytes(), done -> listener.progress(file.name(), done, file.bytes()));
            } catch (TransientFailure e) {
                if (channel.size() >= best + STEP) {
                    best = channel.size();
                    failures = 0;
                }
                failures++;
                if (failures == pace.attempts()) {
                    throw e;
                }
                if (e.retryAfterMillis() > pace.maxPauseMillis()) {
                    throw new TransientFailure(
                            e.getMessage() + ", to be asked again in " + e.retryAfterMillis() / 1_000 + " seconds",
                            0,
                            e);
                }
                Thread.sleep(Math.max(e.retryAfterMillis(), pace.firstPauseMillis() << (failures - 1)));
            }
        }
    }

    private static List<File> missing(Model model, Path directory) throws IOException {
        List<File> missing = new ArrayList<>();
        for (File file : model.files()) {
            Path path = directory.resolve(file.name());
            if (!ModelStore.isPresent(path, file.bytes()) || !sha256(path).equals(file.sha256())) {
                missing.add(file);
            }
        }
        return missing;
    }

    private static String sha256(Path path) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
