package io.github.purerank.cli;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rows of a file, in any of the formats. Blank lines are passed over, except those of white space with a tab in it where tabs
 * stand between columns.
 *
 * <p>Columns have the names that the first row gives them, if it has those that are needed (in any case and order; others may stand
 * among them); a file whose first row does not has exactly the columns that are needed.
 */
final class RowReader implements Closeable {
    private final LineReader lines;
    private final List<String> needed;
    /** Another name of the one needed column; null for none. */
    private final String alias;
    /** Null for text that is a document a line. */
    private InputFormat format;
    /** Whether the format is still to be found out. */
    private boolean unknown;
    /** Where each column is; null before the first row. */
    private Map<String, Integer> positions;

    private int columnCount;

    private RowReader(LineReader lines, InputFormat format, boolean unknown, List<String> needed, String alias) {
        this.lines = lines;
        this.format = format;
        this.unknown = unknown;
        this.needed = needed;
        this.alias = alias;
    }

    /**
     * Rows of "query" and "passage".
     *
     * @param format null for what the first line looks like
     */
    static RowReader ofPairs(LineReader lines, InputFormat format) {
        return new RowReader(lines, format, format == null, List.of("query", "passage"), null);
    }

    /**
     * Rows of "query", "passage" and "label".
     *
     * @param format null for what the first line looks like
     */
    static RowReader ofLabelled(LineReader lines, InputFormat format) {
        return new RowReader(lines, format, format == null, List.of("query", "passage", "label"), null);
    }

    /**
     * Rows of "text" or "passage".
     *
     * @param format null for a document a line
     */
    static RowReader ofDocuments(LineReader lines, InputFormat format) {
        return new RowReader(lines, format, false, List.of("text"), "passage");
    }

    /**
     * The next row; null after the last.
     *
     * @throws BadRowException if the row cannot be read; the next one can
     * @throws IOException if the file cannot be read
     */
    Row next() throws IOException {
        while (true) {
            String line = format == InputFormat.csv ? lines.readCsvRow() : lines.readLine();
            if (line == null) {
                return null;
            }
            boolean mayBeColumns = (unknown || format == InputFormat.tsv) && line.indexOf('\t') >= 0;
            if (line.isBlank() && !mayBeColumns) {
                continue;
            }
            try {
                if (unknown) {
                    format = guess(line);
                    unknown = false;
                }
                Row row = row(line);
                if (row != null) {
                    return row;
                }
            } catch (ModelFormatException e) {
                throw new BadRowException(e);
            }
        }
    }

    /** A text of the next row, by one of its names; null after the last row. */
    String nextText(String... names) throws IOException {
        Row row = next();
        try {
            return row == null ? null : row.text(names);
        } catch (ModelFormatException e) {
            throw new BadRowException(e);
        }
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

    /** Commas are so common in texts that only a header tells CSV. */
    private InputFormat guess(String line) {
        if (line.stripLeading().startsWith("{")) {
            return InputFormat.jsonl;
        }
        if (line.indexOf('\t') < 0 && line.indexOf(',') > 0) {
            try {
                if (isHeader(names(CsvText.columns(line, place())))) {
                    return InputFormat.csv;
                }
            } catch (ModelFormatException e) {
                // No CSV.
            }
        }
        return InputFormat.tsv;
    }

    /** Null for the names of the columns. */
    private Row row(String line) throws ModelFormatException {
        if (format == null) {
            return new Row.Columns(place(), Map.of(needed.get(0), 0), List.of(line));
        }
        if (format == InputFormat.jsonl) {
            return new Row.Members(place(), JsonValue.parse(line.getBytes(StandardCharsets.UTF_8), place()));
        }
        List<String> columns =
                format == InputFormat.csv ? CsvText.columns(line, place()) : List.of(line.split("\t", -1));
        if (positions == null) {
            List<String> names = names(columns);
            if (isHeader(names)) {
                setColumns(names);
                return null;
            }
            setColumns(needed);
        }
        if (columns.size() != columnCount) {
            throw wrongColumns(columns.size());
        }
        return new Row.Columns(place(), positions, columns);
    }

    private void setColumns(List<String> names) throws ModelFormatException {
        Map<String, Integer> found = new HashMap<>();
        for (String name : names) {
            if (found.put(name, found.size()) != null) {
                throw new ModelFormatException(place(), "", "each column once", "\"" + name + "\" twice");
            }
        }
        positions = found;
        columnCount = names.size();
    }

    private boolean isHeader(List<String> names) {
        return names.containsAll(needed) || alias != null && names.contains(alias);
    }

    private static List<String> names(List<String> columns) {
        List<String> names = new ArrayList<>(columns.size());
        for (String column : columns) {
            names.add(column.strip().toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private ModelFormatException wrongColumns(int found) {
        String between = format == InputFormat.csv ? "comma" : "tab";
        return new ModelFormatException(
                place(),
                "",
                columnCount == 1 ? "1 column" : columnCount + " columns with a " + between + " between",
                Integer.toString(found));
    }
}
