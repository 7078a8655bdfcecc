package io.github.purerank.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The rows that "score" would read from its standard input, for tests of other packages. */
public final class InputRows {
    private InputRows() {}

    /** What one row says; a maximal length of 0 for none. */
    public record Row(String query, String passage, int maxLength) {}

    /** All rows, in order. */
    public static List<Row> read(InputStream input) throws IOException {
        List<Row> read = new ArrayList<>();
        try (PairRows rows = PairRows.open("-", input)) {
            for (PairRow row = rows.next(); row != null; row = rows.next()) {
                read.add(new Row(row.pair().query(), row.pair().passage(), row.maxLength()));
            }
        }
        return read;
    }
}
