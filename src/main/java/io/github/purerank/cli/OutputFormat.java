package io.github.purerank.cli;

import java.util.List;

/** How results are written. */
enum OutputFormat {
    /** Columns for people to read; long texts are cut. */
    table,
    /** Columns with a tab between; a tab or line break in a text is written as a space. */
    tsv,
    /** RFC 4180, with a header. */
    csv,
    /** A JSON object a line. */
    jsonl;

    /** A row of TSV or CSV. */
    String row(List<String> columns) {
        return switch (this) {
            case tsv -> Texts.tsv(columns);
            case csv -> Texts.csv(columns);
            case table, jsonl -> throw new IllegalStateException(this + " has more than columns");
        };
    }
}
