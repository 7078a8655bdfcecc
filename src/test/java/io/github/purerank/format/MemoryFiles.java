package io.github.purerank.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Map;

/** A model's files in memory, for tests. A name may have a folder in front: {@code 0_Transformer/config.json}. */
public record MemoryFiles(String prefix, Map<String, byte[]> files) implements ModelFiles {
    /** All of the files, from the model's own folder. */
    public MemoryFiles(Map<String, byte[]> files) {
        this("", Map.copyOf(files));
    }

    @Override
    public ModelFiles folder(String name) throws ModelFormatException {
        return new MemoryFiles(key(name) + "/", files);
    }

    @Override
    public boolean has(String name) throws IOException {
        return files.containsKey(key(name));
    }

    @Override
    public byte[] read(String name, int maxBytes) throws IOException {
        byte[] bytes = files.get(key(name));
        if (bytes == null) {
            throw new FileNotFoundException(describe(name) + ": no such file");
        }
        if (bytes.length > maxBytes) {
            throw new ModelFormatException(describe(name), "", "at most " + maxBytes + " bytes", "more");
        }
        return Arrays.copyOf(bytes, bytes.length);
    }

    @Override
    public SeekableByteChannel open(String name) throws IOException {
        return new ByteArrayChannel(read(name, Integer.MAX_VALUE));
    }

    @Override
    public String describe(String name) {
        return "memory/" + prefix + name;
    }

    private String key(String name) throws ModelFormatException {
        if (!ModelFiles.isPlainName(name)) {
            throw new ModelFormatException("memory/" + prefix, "", "a plain name", "\"" + name + "\"");
        }
        return prefix + name;
    }
}
