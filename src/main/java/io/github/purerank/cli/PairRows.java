package io.github.purerank.cli;

import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Query-passage pairs from a file, one a line: JSON objects with "query" and "passage" (other keys are passed over), or two
 * columns with a tab between. Blank lines are passed over; a tab alone between columns is a pair of empty texts.
 *
 * <p>A file's name tells which of the two it is, by .jsonl or .tsv at its end; anything else is taken for JSON if its first
 * line begins with a brace.
 */
final class PairRows implements Closeable {
    private enum Kind {
        JSONL,
        TSV,
        UNKNOWN
    }

    private final LineReader lines;
    private Kind kind;

    private PairRows(LineReader lines, Kind kind) {
        this.lines = lines;
        this.kind = kind;
    }

    /** Opens a file, or standard input under the name "-". */
    static PairRows open(String name, InputStream standardInput) throws IOException {
        Kind kind = name.endsWith(".jsonl") ? Kind.JSONL : name.endsWith(".tsv") ? Kind.TSV : Kind.UNKNOWN;
        return new PairRows(InputFile.open(name, standardInput), kind);
    }

    /**
     * The next row; null after the last.
     *
     * @throws IOException if the row cannot be read; names its line
     */
    PairRow next() throws IOException {
        String line = lines.readLine();
        while (line != null && isNoRow(line)) {
            line = lines.readLine();
        }
        if (line == null) {
            return null;
        }
        if (kind == Kind.UNKNOWN) {
            kind = line.stripLeading().startsWith("{") ? Kind.JSONL : Kind.TSV;
        }
        return kind == Kind.JSONL ? jsonRow(line) : tsvRow(line);
    }

    private boolean isNoRow(String line) {
        return line.isBlank() && (kind == Kind.JSONL || line.indexOf('\t') < 0);
    }

    /** The file and the line of the row that was read last. */
    String place() {
        return lines.place();
    }

    /** Whether there is more to read without waiting. */
    boolean ready() throws IOException {
        return lines.ready();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private PairRow jsonRow(String line) throws ModelFormatException {
        JsonValue row = JsonValue.parse(line.getBytes(StandardCharsets.UTF_8), lines.place());
        Optional<JsonValue> maxLength = row.findNonNull("max_length");
        return new PairRow(
                new TextPair(row.get("query").string(), row.get("passage").string()),
                maxLength.isPresent() ? (int) maxLength.get().integer(1, Integer.MAX_VALUE) : 0);
    }

    private PairRow tsvRow(String line) throws IOException {
        int tab = line.indexOf('\t');
        if (tab < 0 || line.indexOf('\t', tab + 1) >= 0) {
            long columns = line.chars().filter(c -> c == '\t').count() + 1;
            throw new IOException(lines.place() + ": expected 2 columns with a tab between, found " + columns);
        }
        return new PairRow(new TextPair(line.substring(0, tab), line.substring(tab + 1)), 0);
    }
}
