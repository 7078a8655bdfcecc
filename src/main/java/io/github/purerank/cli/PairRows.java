package io.github.purerank.cli;

import io.github.purerank.TextPair;
import io.github.purerank.format.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Query-passage pairs from a file: JSON objects with "query" and "passage", one a line (other keys are passed over), or two
 * columns, of TSV or CSV. "max_length" may be a third key or column.
 *
 * <p>A file whose format is not known is taken for JSON if its first line begins with a brace, for CSV if that is a header with both
 * names, and for TSV otherwise.
 */
final class PairRows implements Closeable {
    private final RowReader rows;

    private PairRows(RowReader rows) {
        this.rows = rows;
    }

    /**
     * Opens a file, or standard input under the name "-".
     *
     * @param format null for what it looks like
     */
    static PairRows open(String name, InputFormat format, InputStream standardInput) throws IOException {
        return new PairRows(RowReader.ofPairs(InputFile.open(name, standardInput), format));
    }

    /**
     * The next row; null after the last.
     *
     * @throws BadRowException if the row cannot be read, which its message names by its line; the next one can
     * @throws IOException if the file cannot be read
     */
    PairRow next() throws IOException {
        Row row = rows.next();
        if (row == null) {
            return null;
        }
        try {
            return new PairRow(
                    new TextPair(row.text("query"), row.text("passage")), row.positive("max_length"), row.place());
        } catch (ModelFormatException e) {
            throw new BadRowException(e);
        }
    }

    /** Whether there is more to read without waiting. */
    boolean ready() throws IOException {
        return rows.ready();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
