package io.github.purerank.fuzz;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsException;
import io.github.purerank.format.SafetensorsWriter;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The input is the index of a sharded model with the tensors a and b in shard "1" and c in shard "2". */
public final class SafetensorsIndexFuzz {
    private static final byte[] FIRST = new SafetensorsWriter()
            .add("a", new float[] {1}, 1)
            .add("b", new float[] {2}, 1)
            .toBytes();
    private static final byte[] SECOND =
            new SafetensorsWriter().add("c", new float[] {3}, 1).toBytes();

    private SafetensorsIndexFuzz() {}

    /** Either a rule is named, or the tensors are those of whole shards. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        MemoryFiles files = new MemoryFiles(Map.of("model.safetensors.index.json", input, "1", FIRST, "2", SECOND));
        try (Safetensors tensors = Safetensors.openModel(files)) {
            Set<String> names = tensors.tensors().keySet();
            if (names.contains("a") != names.contains("b")
                    || !Set.of("a", "b", "c").containsAll(names)) {
                throw new AssertionError("tensors " + names);
            }
            for (String name : names) {
                if (tensors.readAll(name)[0] != name.charAt(0) - 'a' + 1) {
                    throw new AssertionError(name + " out of the wrong shard");
                }
            }
        } catch (SafetensorsException e) {
            Refusals.check(e);
        }
    }
}
