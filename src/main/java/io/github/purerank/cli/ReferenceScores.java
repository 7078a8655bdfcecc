package io.github.purerank.cli;

import io.github.purerank.TextPair;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.ModelNotFoundException;
import io.github.purerank.load.ModelStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pairs whose scores are known.
 *
 * @param source where they come from
 * @param rows the pairs
 */
record ReferenceScores(String source, List<Row> rows) {
    /** The name of such a file beside a model. */
    static final String FILE_NAME = "reference_scores.json";

    /** How far off a score may be if the file does not say; absolute, and relative to scores above 1. */
    private static final double TOLERANCE = 2e-5;

    private static final int MAX_BYTES = 64 << 20;

    /** A pair, its score, and how far off it may be. */
    record Row(TextPair pair, double score, double tolerance) {}

    /** What lies beside a model, else what is shipped for its name. */
    static ReferenceScores of(ModelOption model) throws IOException {
        ModelFiles files = model.files();
        if (files.has(FILE_NAME)) {
            return parse(files.read(FILE_NAME, MAX_BYTES), files.describe(FILE_NAME));
        }
        ModelFiles shipped = ModelFiles.inResources(ReferenceScores.class, "reference");
        String file = shippedName(model.name());
        if (file != null && shipped.has(file)) {
            return parse(shipped.read(file, MAX_BYTES), shipped.describe(file));
        }
        throw new FileNotFoundException(files.describe(FILE_NAME) + ": no such file; name one with --reference FILE");
    }

    /** The file for a model of the manifest; null for a directory. */
    private static String shippedName(String nameOrDirectory) throws IOException {
        try {
            return ModelStore.ofUser().model(nameOrDirectory).name().replace('/', '.') + ".json";
        } catch (ModelNotFoundException e) {
            return null;
        }
    }

    /** A file on disk. */
    static ReferenceScores read(String file) throws IOException {
        byte[] json;
        try (InputStream in = InputFile.stream(file)) {
            json = in.readNBytes(MAX_BYTES + 1);
        }
        if (json.length > MAX_BYTES) {
            throw new ModelFormatException(file, "", "at most " + MAX_BYTES + " bytes", "more");
        }
        return parse(json, file);
    }

    private static ReferenceScores parse(byte[] json, String file) throws ModelFormatException {
        JsonValue root = JsonValue.parse(json, file);
        double usual = tolerance(root, TOLERANCE);
        List<Row> rows = new ArrayList<>();
        for (JsonValue row : root.get("pairs").elements()) {
            TextPair pair =
                    new TextPair(row.get("query").string(), row.get("passage").string());
            rows.add(new Row(pair, row.get("score").number(), tolerance(row, usual)));
        }
        if (rows.isEmpty()) {
            throw root.get("pairs").error("at least one pair");
        }
        return new ReferenceScores(file, rows);
    }

    private static double tolerance(JsonValue object, double otherwise) throws ModelFormatException {
        Optional<JsonValue> tolerance = object.findNonNull("tolerance");
        return tolerance.isPresent() ? tolerance.get().number() : otherwise;
    }

    /** The texts alone. */
    List<TextPair> pairs() {
        List<TextPair> pairs = new ArrayList<>(rows.size());
        for (Row row : rows) {
            pairs.add(row.pair());
        }
        return pairs;
    }
}
