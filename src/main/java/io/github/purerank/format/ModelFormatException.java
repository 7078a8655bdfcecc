package io.github.purerank.format;

import java.io.IOException;

/**
 * A model file that does not keep the rules of its format, or asks for something that is not supported.
 *
 * <p>The parts are kept as the file has them. The message is made for a terminal or a log: control characters are escaped and
 * each part is cut at a few hundred characters.
 */
public sealed class ModelFormatException extends IOException permits SafetensorsException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_PART_LENGTH = 300;

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
        super(printable(file)
                + (location.isEmpty() ? "" : ": " + printable(location))
                + ": expected "
                + printable(expected)
                + ", found "
                + printable(found));
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

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(Math.min(text.length(), MAX_PART_LENGTH) + 1);
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            switch (Character.getType(codePoint)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                    printable
                            .append("\\u{")
                            .append(Integer.toHexString(codePoint))
                            .append('}');
                default -> printable.appendCodePoint(codePoint);
            }
            if (printable.length() >= MAX_PART_LENGTH && i < text.length()) {
                return printable.append("…").toString();
            }
        }
        return printable.toString();
    }
}
