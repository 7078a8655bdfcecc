package io.github.purerank.cli;

import java.util.Locale;

/** How rows are written in a file. */
enum InputFormat {
    /** A JSON object a line. */
    jsonl,
    /** A row a line, with a tab between columns; nothing is quoted or escaped. */
    tsv,
    /** RFC 4180: commas between columns, which may be quoted and then hold line breaks. */
    csv;

    /** The format that was asked for, else what the file's name says; null if neither says one. */
    static InputFormat chosen(InputFormat asked, String file) {
        return asked == null ? ofName(file) : asked;
    }

    /** What a file's name says, whether it is compressed or not; null for nothing. */
    private static InputFormat ofName(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            name = name.substring(0, name.length() - ".gz".length());
        }
        for (InputFormat format : values()) {
            if (name.endsWith("." + format)) {
                return format;
            }
        }
        return null;
    }
}
