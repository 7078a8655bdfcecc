package io.github.purerank.load;

import java.nio.file.Path;

/** Is told how far {@link ModelFetcher#fetch} has come. Called by the thread that fetches, a few times a second. */
public interface FetchListener {
    /**
     * Bytes of a file are there. Fewer than before if the file must be begun again.
     *
     * @param file the file's name
     * @param done bytes of it that are there, those of an earlier fetch included
     * @param total its length
     */
    void progress(String file, long done, long total);

    /** Another fetch of the same model is under way and is waited for. Called once. */
    default void waiting(Path directory) {}
}
