package io.github.purerank;

/** Counts what the threads of a call have done, and tells its listener if it has one. */
final class ProgressCount {
    private final ProgressListener listener;
    private final int total;
    private int done;

    ProgressCount(ProgressListener listener, int total) {
        this.listener = listener;
        this.total = total;
    }

    /** So many more are done. */
    void add(int count) {
        if (listener != null && count > 0) {
            synchronized (this) {
                done += count;
                listener.scored(done, total);
            }
        }
    }
}
