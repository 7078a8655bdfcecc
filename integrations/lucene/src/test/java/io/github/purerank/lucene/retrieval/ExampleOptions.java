package io.github.purerank.lucene.retrieval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What tools/retrieval-example is told.
 *
 * @param files lists of packages and descriptions
 * @param encoder the directory of the encoder
 * @param reranker that of the reranker; null for the model in the jar
 * @param documents how many to search
 * @param queries how many to ask
 * @param candidates how many documents the reranker orders
 * @param seed of the draws
 */
record ExampleOptions(
        List<Path> files, Path encoder, Path reranker, int documents, int queries, int candidates, long seed) {
    private static final int LEAST_CANDIDATES = 10;

    /**
     * From the command line.
     *
     * @throws IllegalArgumentException if something is unknown, missing, or no number
     */
    static ExampleOptions parse(String... arguments) {
        List<Path> files = new ArrayList<>();
        Path encoder = null;
        Path reranker = null;
        int documents = 5000;
        int queries = 200;
        int candidates = 100;
        long seed = 1;
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + ": expected a value after it");
            }
            String value = arguments[i + 1];
            switch (name) {
                case "--packages" -> files.add(Path.of(value));
                case "--encoder" -> encoder = Path.of(value);
                case "--model" -> reranker = Path.of(value);
                case "--documents" -> documents = number(name, value, LEAST_CANDIDATES);
                case "--queries" -> queries = number(name, value, 1);
                case "--candidates" -> candidates = number(name, value, LEAST_CANDIDATES);
                case "--seed" -> seed = number(name, value, 0);
                default -> throw new IllegalArgumentException("unknown option: " + name);
            }
        }
        if (files.isEmpty() || encoder == null) {
            throw new IllegalArgumentException("--packages and --encoder are needed");
        }
        return new ExampleOptions(List.copyOf(files), encoder, reranker, documents, queries, candidates, seed);
    }

    private static int number(String name, String value, int least) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(name + ": expected a number from " + least + " up, found \"" + value + "\"");
    }
}
