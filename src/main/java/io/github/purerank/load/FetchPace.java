package io.github.purerank.load;

/**
 * How long a fetch waits for what.
 *
 * @param attempts how often a file is asked for in a row without getting on
 * @param firstPauseMillis how long to wait before the second attempt; twice as long before each further one
 * @param maxPauseMillis a server that asks to be left alone for longer than this is given up
 * @param stallMillis how long a server may send nothing
 */
record FetchPace(int attempts, long firstPauseMillis, long maxPauseMillis, long stallMillis) {
    static final FetchPace USUAL = new FetchPace(4, 500, 60_000, 30_000);
}
