package io.github.purerank.cli;

import io.github.purerank.TextPair;
import io.github.purerank.evaluate.RerankingSample;
import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled data from a file. All rows are of one kind: pairs, {"query", "passage", "label"}, or samples, {"query", "positive"} with
 * "negative" or "documents". Samples have lists of texts, so they are JSON lines; pairs may be columns. Other keys, other columns and
 * blank lines are passed over, and a null is as good as no key.
 *
 * @param pairs the rows that are pairs; empty if they are samples
 * @param samples the rows that are samples; empty if they are pairs
 */
record LabelledRows(List<Pair> pairs, List<RerankingSample> samples) {
    /** What rows look like, for help texts. */
    static final String PAIRS = "{\"query\": ..., \"passage\": ..., \"label\": ...}";

    /**
     * A pair and its label.
     *
     * @param label what the file says; finite
     * @param isInteger whether it says so without a point or exponent
     * @param place the file and line, for messages
     */
    record Pair(TextPair texts, double label, boolean isInteger, String place) {
        /** The complaint that the label is not what it should be. */
        IOException wrongLabel(String expected) {
            return new ModelFormatException(place, "/label", expected, isInteger ? "" + (long) label : "" + label);
        }
    }

    /**
     * Reads all rows.
     *
     * @param reader {@link RowReader#ofLabelled}
     * @param alwaysRerankPositives as for the evaluator of samples
     * @throws IOException if a row cannot be read or is of another kind than the rows before; names its line
     */
    static LabelledRows read(RowReader reader, boolean alwaysRerankPositives) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        List<RerankingSample> samples = new ArrayList<>();
        for (Row row = reader.next(); row != null; row = reader.next()) {
            boolean isSample = row instanceof Row.Members members
                    && members.object().findNonNull("positive").isPresent();
            if (isSample ? !pairs.isEmpty() : !samples.isEmpty()) {
                throw new ModelFormatException(
                        row.place(),
                        "",
                        isSample ? "a pair with a \"label\", as before" : "a sample with \"positive\", as before",
                        isSample ? "a sample" : "none");
            }
            if (isSample) {
                samples.add(sample(((Row.Members) row).object(), alwaysRerankPositives));
            } else {
                pairs.add(pair(row));
            }
        }
        if (pairs.isEmpty() && samples.isEmpty()) {
            throw new ModelFormatException(reader.place(), "", "a row of labelled data", "the end of the input");
        }
        return new LabelledRows(pairs, samples);
    }

    /** The texts of the pairs. */
    List<TextPair> texts() {
        List<TextPair> texts = new ArrayList<>(pairs.size());
        for (Pair pair : pairs) {
            texts.add(pair.texts());
        }
        return texts;
    }

    /** The labels of the pairs. */
    double[] labels() {
        double[] labels = new double[pairs.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = pairs.get(i).label();
        }
        return labels;
    }

    /**
     * The labels of the pairs as whole numbers.
     *
     * @throws IOException if one is not among them; names its line
     */
    int[] classes(int count) throws IOException {
        int[] classes = new int[pairs.size()];
        for (int i = 0; i < classes.length; i++) {
            Pair pair = pairs.get(i);
            if (!(pair.label() >= 0 && pair.label() < count && pair.label() == Math.rint(pair.label()))) {
                throw pair.wrongLabel(count == 2 ? "0 or 1" : "a whole number from 0 to " + (count - 1));
            }
            classes[i] = (int) pair.label();
        }
        return classes;
    }

    /**
     * Refuses scores that no metric can be made of.
     *
     * @param scores (pairs, labels of the model), one pair after the other
     * @throws IOException if one is not finite; names its pair's line
     */
    void requireFinite(float[] scores) throws IOException {
        int labelCount = scores.length / pairs.size();
        for (int i = 0; i < scores.length; i++) {
            if (!Float.isFinite(scores[i])) {
                throw new IOException(
                        pairs.get(i / labelCount).place() + ": expected a finite score, the model gives " + scores[i]);
            }
        }
    }

    /** Whether all labels of the pairs are 0 or 1. */
    boolean areBinary() {
        for (Pair pair : pairs) {
            if (pair.label() != 0 && pair.label() != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a label that is more than a class: one with a point, or beyond 0 and 1. */
    boolean areGraded() {
        for (Pair pair : pairs) {
            if (!pair.isInteger() || pair.label() != 0 && pair.label() != 1) {
                return true;
            }
        }
        return false;
    }

    private static Pair pair(Row row) throws ModelFormatException {
        if (row instanceof Row.Members members && members.object().find("label").isEmpty()) {
            throw new ModelFormatException(
                    row.place(), "", "the key \"label\" of a pair, or \"positive\" of a sample", "neither");
        }
        Row.Number label = row.number("label");
        TextPair texts = new TextPair(row.text("query"), row.text("passage"));
        return new Pair(texts, label.value(), label.isInteger(), row.place());
    }

    private static RerankingSample sample(JsonValue row, boolean alwaysRerankPositives) throws IOException {
        JsonValue positive = row.get("positive");
        RerankingSample sample;
        try {
            sample = new RerankingSample(
                    row.get("query").string(),
                    positive.isString() ? List.of(positive.string()) : texts(positive),
                    textsOrNull(row, "negative"),
                    textsOrNull(row, "documents"));
            sample.requireRankable(alwaysRerankPositives);
        } catch (IllegalArgumentException e) {
            throw new IOException(row.file() + ": " + e.getMessage(), e);
        }
        return sample;
    }

    private static List<String> textsOrNull(JsonValue row, String key) throws ModelFormatException {
        JsonValue list = row.findNonNull(key).orElse(null);
        return list == null ? null : texts(list);
    }

    private static List<String> texts(JsonValue list) throws ModelFormatException {
        List<String> texts = new ArrayList<>();
        for (JsonValue text : list.elements()) {
            texts.add(text.string());
        }
        return texts;
    }
}
