package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores rows, each with its own limit on tokens if it has one. */
final class RowScorer {
    private final CrossEncoder model;
    private final PredictOptions options;

    /**
     * Scores with these options, the limit of a row's own excepted.
     *
     * @throws IllegalArgumentException if the options are none for this model: that is no fault of a row
     * @throws IllegalStateException likewise
     */
    RowScorer(CrossEncoder model, PredictOptions options) {
        model.predictLabels(List.of(), options);
        this.model = model;
        this.options = options;
    }

    /** What became of rows, by their place in the list. */
    static final class Scores {
        private final float[][] scores;
        private final BadRowException[] refused;

        private Scores(int rowCount) {
            scores = new float[rowCount][];
            refused = new BadRowException[rowCount];
        }

        /**
         * A row's scores; null if it is skipped.
         *
         * @param badRows is told of a row that the model refused
         */
        float[] get(int row, BadRows badRows) throws BadRowException {
            if (refused[row] != null) {
                badRows.report(refused[row]);
            }
            return scores[row];
        }
    }

    /** Scores rows, of which null ones have no scores. */
    Scores score(List<PairRow> rows) {
        Map<Integer, List<Integer>> byMaxLength = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            PairRow row = rows.get(i);
            if (row != null) {
                List<Integer> members = byMaxLength.get(row.maxLength());
                if (members == null) {
                    members = new ArrayList<>();
                    byMaxLength.put(row.maxLength(), members);
                }
                members.add(i);
            }
        }
        Scores scores = new Scores(rows.size());
        for (Map.Entry<Integer, List<Integer>> group : byMaxLength.entrySet()) {
            int maxLength = group.getKey();
            score(rows, group.getValue(), maxLength == 0 ? options : options.withMaxLength(maxLength), scores);
        }
        return scores;
    }

    private void score(List<PairRow> rows, List<Integer> members, PredictOptions groupOptions, Scores scores) {
        List<TextPair> pairs = new ArrayList<>(members.size());
        for (int member : members) {
            pairs.add(rows.get(member).pair());
        }
        float[][] found;
        try {
            found = model.predictLabels(pairs, groupOptions);
        } catch (IllegalArgumentException e) {
            // A pair with more tokens than the model has positions, or a limit below the special tokens: which one is
            // it?
            if (members.size() == 1) {
                scores.refused[members.get(0)] =
                        new BadRowException(rows.get(members.get(0)).place(), e);
            } else {
                int half = members.size() / 2;
                score(rows, members.subList(0, half), groupOptions, scores);
                score(rows, members.subList(half, members.size()), groupOptions, scores);
            }
            return;
        }
        for (int i = 0; i < found.length; i++) {
            scores.scores[members.get(i)] = found[i];
        }
    }
}
