package io.github.purerank.fuzz;

import io.github.purerank.cli.InputRows;
import io.github.purerank.cli.InputRows.Row;
import io.github.purerank.format.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The input is what "purerank score" gets on its standard input: JSON lines, or columns with a tab between. */
public final class RowsFuzz {
    private static final Pattern PLACE = Pattern.compile("standard input, line [1-9][0-9]*: .*");

    private RowsFuzz() {}

    /**
     * Either the line is named that is wrong, or there is a row for each line that is one: columns are the line's own text,
     * and rows that are written as JSON lines are read again as the same. The pieces that input comes in do not matter.
     */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        List<Row> rows;
        try {
            rows = InputRows.read(new ByteArrayInputStream(input));
        } catch (ModelFormatException e) {
            Refusals.check(e);
            checkPlace(e);
            return;
        } catch (IOException e) {
            checkPlace(e);
            return;
        }
        require(rows.equals(InputRows.read(inPieces(input, 7))), "pieces matter");
        List<String> lines = lines(input);
        require(rows.size() == lines.size(), rows.size() + " rows of " + lines.size() + " lines");
        if (!lines.isEmpty() && !lines.get(0).stripLeading().startsWith("{")) {
            for (int i = 0; i < lines.size(); i++) {
                Row row = rows.get(i);
                require(
                        lines.get(i).equals(row.query() + "\t" + row.passage()) && row.maxLength() == 0,
                        row.toString());
            }
        }
        StringBuilder json = new StringBuilder();
        for (Row row : rows) {
            json.append("{\"query\":").append(JsonFuzz.quote(row.query()));
            json.append(",\"passage\":").append(JsonFuzz.quote(row.passage()));
            json.append(row.maxLength() == 0 ? "" : ",\"max_length\":" + row.maxLength());
            json.append("}\n");
        }
        byte[] written = json.toString().getBytes(StandardCharsets.UTF_8);
        require(rows.equals(InputRows.read(new ByteArrayInputStream(written))), "rows change when written as JSON");
    }

    /**
     * The lines that are rows, found another way than the reader does: those that are not blank; among columns a line of white
     * space with a tab in it has two.
     */
    private static List<String> lines(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n")) {
            String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            boolean json = !lines.isEmpty() && lines.get(0).stripLeading().startsWith("{");
            if (!bare.isBlank() || !json && bare.contains("\t")) {
                lines.add(bare);
            }
        }
        return lines;
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

    private static void checkPlace(IOException e) {
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
