package io.github.purerank.cli;

import io.github.purerank.format.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.csv.CsvFactory;

/** Reads CSV (RFC 4180). */
final class CsvText {
    private static final CsvFactory FACTORY = CsvFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // Rows are bounded where they are read.
                    .maxStringLength(LineReader.MAX_LINE_BYTES)
                    .build())
            .build();

    private CsvText() {}

    /**
     * The columns of a row. A quote inside a column that does not begin with one is an ordinary character.
     *
     * @param row without its end
     * @param place how messages name it
     */
    static List<String> columns(String row, String place) throws ModelFormatException {
        List<String> columns = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), row)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                columns.add(parser.getString());
            }
            if (parser.nextToken() != null) {
                throw new ModelFormatException(place, "", "line breaks in quotes", "a carriage return outside them");
            }
        } catch (JacksonException e) {
            throw new ModelFormatException(place, "", "CSV", e.getOriginalMessage());
        }
        return columns;
    }
}
