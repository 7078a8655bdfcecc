package io.github.purerank.cli;

/** How results are written. */
enum OutputFormat {
    /** Columns for people to read; long texts are cut. */
    table,
    /** Columns with a tab between; a tab, line break or backslash in a text is written as \t, \n, \r or \\. */
    tsv,
    /** A JSON object a line. */
    jsonl
}
