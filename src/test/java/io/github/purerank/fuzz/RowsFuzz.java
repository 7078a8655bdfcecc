package io.github.purerank.fuzz;

import io.github.purerank.cli.InputRows;
import io.github.purerank.cli.InputRows.Row;
import io.github.purerank.format.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The input is what "purerank score" gets on its standard input: JSON lines, columns with a tab or a comma between, or any of it
 * compressed.
 */
public final class RowsFuzz {
    private static final Pattern PLACE = Pattern.compile(
            "standard input, line [1-9][0-9]*: .*|standard input: (expected gzip data, found|the gzip data end) .*");

    /** A column of RFC 4180 and what comes after it. */
    private static final Pattern COLUMN =
            Pattern.compile("\\G(?:\"([^\"]*+(?:\"\"[^\"]*+)*+)\"|([^\",\r\n]*+))(,|\r?\n|\r?\\z)");

    private RowsFuzz() {}

    /**
     * Either the line is named that is wrong, or there is a row for each line that is one: columns are the line's own text,
     * and rows that are written as JSON lines or CSV are read again as the same. The pieces that input comes in do not matter,
     * nor whether it is compressed. Where bad rows are skipped, the others are there.
     */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (isGzip(input)) {
            checkCompressed(input);
            return;
        }
        List<Row> rows = check(input, null);
        List<String> lines = lines(input);
        if (!namesColumns(lines)) {
            if (rows != null) {
                checkLines(rows, lines);
            }
            if (isUtf8(input)) {
                int count = InputRows.readSkipping(input, null).size();
                require(
                        count == lines.size(),
                        count + " rows of " + lines.size() + " lines where bad ones are skipped");
            }
        }
        rows = check(input, "csv");
        List<List<String>> columns = isUtf8(input) ? csv(withoutMark(input)) : null;
        if (columns != null && !isHeader(columns)) {
            List<Row> expected = new ArrayList<>();
            for (List<String> row : columns) {
                expected.add(row.size() == 2 ? new Row(row.get(0), row.get(1), 0) : null);
            }
            require(InputRows.readSkipping(input, "csv").equals(expected), expected.toString());
            require((rows == null) == expected.contains(null), "a row of too many or too few columns");
        }
    }

    /** What holds in any format; gives the rows, or null if one is bad. */
    private static List<Row> check(byte[] input, String format) throws IOException {
        List<Row> skipping = InputRows.readSkipping(input, format);
        List<Row> rows;
        try {
            rows = InputRows.read(new ByteArrayInputStream(input), format);
        } catch (IOException e) {
            checkMessage(e);
            require(skipping.contains(null), "skipping bad rows finds none");
            return null;
        }
        require(rows.equals(skipping), "skipping bad rows changes good ones");
        require(rows.equals(InputRows.read(inPieces(input, 7), format)), "pieces matter");
        byte[] compressed = gzip(input, input.length / 2);
        require(rows.equals(InputRows.read(new ByteArrayInputStream(compressed), format)), "compressing matters");
        require(rows.equals(InputRows.read(inPieces(compressed, 1), format)), "pieces of compressed input matter");
        checkWritten(rows);
        return rows;
    }

    private static void checkWritten(List<Row> rows) throws IOException {
        StringBuilder json = new StringBuilder();
        StringBuilder csv = new StringBuilder("max_length,passage,query\n");
        for (Row row : rows) {
            json.append("{\"query\":").append(JsonFuzz.quote(row.query()));
            json.append(",\"passage\":").append(JsonFuzz.quote(row.passage()));
            json.append(row.maxLength() == 0 ? "" : ",\"max_length\":" + row.maxLength());
            json.append("}\n");
            String maxLength = row.maxLength() == 0 ? "" : Integer.toString(row.maxLength());
            csv.append(InputRows.csv(List.of(maxLength, row.passage(), row.query())))
                    .append("\r\n");
        }
        require(rows.equals(InputRows.read(utf8(json), "jsonl")), "rows change when written as JSON");
        if (StandardCharsets.UTF_8.newEncoder().canEncode(csv)) {
            require(rows.equals(InputRows.read(utf8(csv), null)), "rows change when written as CSV");
        }
    }

    /** Lines without a header are rows of their own text. */
    private static void checkLines(List<Row> rows, List<String> lines) {
        require(rows.size() == lines.size(), rows.size() + " rows of " + lines.size() + " lines");
        if (!lines.isEmpty() && !lines.get(0).stripLeading().startsWith("{")) {
            for (int i = 0; i < lines.size(); i++) {
                Row row = rows.get(i);
                require(
                        lines.get(i).equals(row.query() + "\t" + row.passage()) && row.maxLength() == 0,
                        row.toString());
            }
        }
    }

    /** Input that is compressed is what the JDK makes of it, or it is refused. */
    private static void checkCompressed(byte[] input) throws IOException {
        List<Row> rows;
        try {
            rows = InputRows.read(new ByteArrayInputStream(input));
        } catch (IOException e) {
            checkMessage(e);
            return;
        }
        byte[] text = new GZIPInputStream(new ByteArrayInputStream(input)).readAllBytes();
        require(isGzip(text) || rows.equals(InputRows.read(new ByteArrayInputStream(text))), "decompressed otherwise");
    }

    /** Two members that together are the input. */
    private static byte[] gzip(byte[] input, int middle) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(input, 0, middle);
        }
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(input, middle, input.length - middle);
        }
        return compressed.toByteArray();
    }

    private static boolean isGzip(byte[] input) {
        return input.length >= 2 && input[0] == 0x1f && input[1] == (byte) 0x8b;
    }

    /**
     * The lines that are rows, found another way than the reader does: those that are not blank; among columns a line of white
     * space with a tab in it has two.
     */
    private static List<String> lines(byte[] input) {
        List<String> lines = new ArrayList<>();
        for (String line : withoutMark(input).split("\n")) {
            String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            boolean json = !lines.isEmpty() && lines.get(0).stripLeading().startsWith("{");
            if (!bare.isBlank() || !json && bare.contains("\t")) {
                lines.add(bare);
            }
        }
        return lines;
    }

    private static boolean namesColumns(List<String> lines) {
        String first = lines.isEmpty() ? "" : lines.get(0).toLowerCase(Locale.ROOT);
        return first.contains("query")
                && first.contains("passage")
                && !first.stripLeading().startsWith("{");
    }

    private static boolean isHeader(List<List<String>> rows) {
        return !rows.isEmpty()
                && namesColumns(
                        rows.get(0).size() < 2 ? List.of() : List.of(rows.get(0).toString()));
    }

    /** The rows of a text that keeps to RFC 4180 to the letter; null for another. */
    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        Matcher column = COLUMN.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!column.find()) {
                return null;
            }
            row.add(column.group(1) == null ? column.group(2) : column.group(1).replace("\"\"", "\""));
            if (!column.group(3).equals(",")) {
                addRow(rows, row, column.group(1) != null);
                row = new ArrayList<>();
            } else if (column.end() == text.length()) {
                row.add("");
                addRow(rows, row, false);
            }
            end = column.end();
        }
        return rows;
    }

    private static void addRow(List<List<String>> rows, List<String> row, boolean isQuoted) {
        if (row.size() > 1 || isQuoted || !row.get(0).isBlank()) {
            rows.add(row);
        }
    }

    private static String withoutMark(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static boolean isUtf8(byte[] input) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(input));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static InputStream utf8(StringBuilder text) {
        return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A stream that never gives more than a few bytes at once. */
    private static InputStream inPieces(byte[] input, int most) {
        return new FilterInputStream(new ByteArrayInputStream(input)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, most));
            }
        };
    }

    private static void checkMessage(IOException e) {
        if (e.getCause() instanceof ModelFormatException cause) {
            Refusals.check(cause);
        }
        require(
                e.getMessage().length() <= 1500,
                "a message of " + e.getMessage().length() + " characters");
        require(PLACE.matcher(e.getMessage()).matches(), "no line is named: " + e.getMessage());
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
