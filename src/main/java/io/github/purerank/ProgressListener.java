package io.github.purerank;

/** Is told how far a call has come. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Called each time some pairs have been scored, by one thread at a time but not always by the same. What it throws ends
     * the call.
     *
     * @param done pairs scored so far
     * @param total pairs of the call; -1 where that is not known
     */
    void scored(int done, int total);
}
