package io.github.purerank.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The rows that "score" would read from its standard input, for tests of other packages. */
public final class InputRows {
    private InputRows() {}

    /** What one row says; a maximal length of 0 for none. */
    public record Row(String query, String passage, int maxLength) {}

    /** All rows, in order, of whatever the input looks like. */
    public static List<Row> read(InputStream input) throws IOException {
        return read(input, null);
    }

    /** All rows, in order, of a format: "jsonl", "tsv", "csv", or null. */
    public static List<Row> read(InputStream input, String format) throws IOException {
        List<Row> read = new ArrayList<>();
        try (PairRows rows = open(input, format)) {
            for (PairRow row = rows.next(); row != null; row = rows.next()) {
                read.add(new Row(row.pair().query(), row.pair().passage(), row.maxLength()));
            }
        }
        return read;
    }

    /** The same with null for rows that cannot be read. */
    public static List<Row> readSkipping(byte[] input, String format) throws IOException {
        List<Row> read = new ArrayList<>();
        try (PairRows rows = open(new ByteArrayInputStream(input), format)) {
            while (true) {
                try {
                    PairRow row = rows.next();
                    if (row == null) {
                        return read;
                    }
                    read.add(new Row(row.pair().query(), row.pair().passage(), row.maxLength()));
                } catch (BadRowException e) {
                    read.add(null);
                }
            }
        }
    }

    /** Columns as "--format csv" writes them. */
    public static String csv(List<String> columns) {
        return Texts.csv(columns);
    }

    private static PairRows open(InputStream input, String format) throws IOException {
        return PairRows.open("-", format == null ? null : InputFormat.valueOf(format), input);
    }
}
