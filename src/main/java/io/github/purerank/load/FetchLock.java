package io.github.purerank.load;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets one fetch at a time into a directory, of all processes and of all threads of this one. The operating system ends the lock
 * of a process that dies.
 */
final class FetchLock implements AutoCloseable {
    private static final String NAME = ".lock";
    private static final long POLL_MILLIS = 100;

    /**
     * The directories that threads of this process are in. A lock of a file is the whole process's, and closing any channel
     * to the file can end it: so only the thread that is in this set may open one.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private FetchLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Waits until nobody else is in the directory, which must be there and named by its real path. */
    static FetchLock acquire(Path directory, FetchListener listener) throws IOException, InterruptedException {
        boolean told = false;
        while (!HELD.add(directory)) {
            told = await(directory, listener, told);
        }
        FileChannel channel = null;
        boolean acquired = false;
        try {
            channel = FileChannel.open(
                    directory.resolve(NAME),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            while (channel.tryLock() == null) {
                told = await(directory, listener, told);
            }
            acquired = true;
            return new FetchLock(directory, channel);
        } finally {
            if (!acquired) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(directory);
            }
        }
    }

    private static boolean await(Path directory, FetchListener listener, boolean told) throws InterruptedException {
        if (!told) {
            listener.waiting(directory);
        }
        Thread.sleep(POLL_MILLIS);
        return true;
    }

    /** Where only this fetch may write. */
    Path directory() {
        return directory;
    }

    /** The lock's file stays: deleting it could take it away from one who has just opened it. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(directory);
        }
    }
}
