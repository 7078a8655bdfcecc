package io.github.purerank.format;

import java.io.IOException;

/** A model file that does not keep the rules of its format, or asks for something that is not supported. */
public final class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String location;
    private final String expected;
    private final String found;

    /**
     * Describes one broken rule.
     *
     * @param file the file's name, as the user knows it
     * @param location a tensor's name or a JSON pointer inside the file; empty for the file as a whole
     * @param expected what the rule asks for
     * @param found what the file has
     */
    public ModelFormatException(String file, String location, String expected, String found) {
        super(file + (location.isEmpty() ? "" : ": " + location) + ": expected " + expected + ", found " + found);
        this.file = file;
        this.location = location;
        this.expected = expected;
        this.found = found;
    }

    /** The file's name. */
    public String file() {
        return file;
    }

    /** The tensor's name or the JSON pointer inside the file; empty for the file as a whole. */
    public String location() {
        return location;
    }

    /** What the broken rule asks for. */
    public String expected() {
        return expected;
    }

    /** What the file has instead. */
    public String found() {
        return found;
    }
}
