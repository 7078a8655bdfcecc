package io.github.purerank.fuzz;

import io.github.purerank.LoadOptions;
import io.github.purerank.SearchHit;
import io.github.purerank.SemanticIndex;
import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;

/** The input is the file of an index of vectors. */
public final class SemanticIndexFuzz {
    private static final int HEADER_BYTES = 32;
    private static final int CHECKSUM_BYTES = 8;

    private SemanticIndexFuzz() {}

    /** Either a rule is named, or every byte belongs to a vector, and these can be searched. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        try (SeekableByteChannel channel = new MemoryFiles(Map.of("index", input)).open("index");
                SemanticIndex index = SemanticIndex.load(
                        channel, "index", LoadOptions.defaults().withThreads(1))) {
            long rowBytes =
                    index.storage() == SemanticIndex.Storage.FLOAT ? 4L * index.dimension() : 4L + index.dimension();
            if (HEADER_BYTES + index.size() * rowBytes + CHECKSUM_BYTES != input.length) {
                throw new AssertionError(index.size() + " vectors in " + input.length + " bytes");
            }
            List<SearchHit> hits = index.search(new float[index.dimension()], 3);
            if (hits.size() != Math.min(3, index.size())) {
                throw new AssertionError(hits + " of " + index.size());
            }
        } catch (ModelFormatException e) {
            Refusals.check(e);
        }
    }
}
