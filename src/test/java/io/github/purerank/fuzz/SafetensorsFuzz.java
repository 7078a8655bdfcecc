package io.github.purerank.fuzz;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.SafetensorsException;
import io.github.purerank.format.TensorInfo;
import java.io.IOException;
import java.util.Map;

/** The input is a safetensors file. */
public final class SafetensorsFuzz {
    private SafetensorsFuzz() {}

    /** Either a rule is named, or every byte of the file belongs to the header or to a tensor that can be read. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        long tensorBytes = 0;
        int headerBytes;
        try (Safetensors tensors = Safetensors.openModel(new MemoryFiles(Map.of("model.safetensors", input)))) {
            headerBytes = 8 + (input[0] & 0xff) + (input[1] & 0xff) * 256 + (input[2] & 0xff) * 65536;
            for (TensorInfo info : tensors.tensors().values()) {
                int read = info.dtype().isFloatingPoint()
                        ? tensors.readAll(info.name()).length
                        : tensors.readAllLongs(info.name()).length;
                if (read != info.elementCount()) {
                    throw new AssertionError(info + ": " + read + " elements read");
                }
                tensorBytes += info.elementCount() * info.dtype().bytes();
            }
        } catch (SafetensorsException e) {
            Refusals.check(e);
            return;
        }
        if (headerBytes + tensorBytes != input.length) {
            throw new AssertionError(headerBytes + " + " + tensorBytes + " bytes of " + input.length);
        }
    }
}
