package io.github.purerank.spark;

import io.github.purerank.TextPair;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Scores the rows of a partition, slice by slice, as they are asked for. */
final class RowScorer implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    /** Rows of the first slice: someone who looks at a few rows should not wait for many. Each next slice has twice as many. */
    private static final int FIRST_SLICE_ROWS = 32;
    /** Rows of a slice at most: enough for batches of pairs of about the same length. */
    private static final int MAX_SLICE_ROWS = 1024;
    /** Characters of a slice, so that long texts don't fill the memory. */
    private static final int SLICE_CHARACTERS = 1 << 22;

    private final PairScoring scoring;
    private final int queryIndex;
    private final int passageIndex;

    RowScorer(PairScoring scoring, int queryIndex, int passageIndex) {
        this.scoring = scoring;
        this.queryIndex = queryIndex;
        this.passageIndex = passageIndex;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new ScoredRows(rows);
    }

    /** The rows in their order, each with its score behind its other values; null for a row that cannot be scored. */
    private final class ScoredRows implements Iterator<Row> {
        private final Iterator<Row> rows;
        private int sliceRows = FIRST_SLICE_ROWS;
        private Iterator<Row> slice = List.<Row>of().iterator();

        ScoredRows(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            return slice.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!slice.hasNext()) {
                slice = nextSlice().iterator();
                sliceRows = Math.min(2 * sliceRows, MAX_SLICE_ROWS);
            }
            return slice.next();
        }

        private List<Row> nextSlice() {
            List<Row> read = new ArrayList<>();
            List<TextPair> pairs = new ArrayList<>();
            boolean[] good = new boolean[sliceRows];
            long characters = 0;
            while (read.size() < sliceRows && characters < SLICE_CHARACTERS && rows.hasNext()) {
                Row row = rows.next();
                TextPair pair = scoring.pairOrCount(row.getString(queryIndex), row.getString(passageIndex));
                if (pair != null) {
                    good[read.size()] = true;
                    pairs.add(pair);
                    characters += pair.query().length() + pair.passage().length();
                }
                read.add(row);
            }
            float[] scores = scoring.scores(pairs);
            int next = 0;
            for (int r = 0; r < read.size(); r++) {
                read.set(r, withScore(read.get(r), good[r] ? scores[next++] : null));
            }
            return read;
        }

        private static Row withScore(Row row, Float score) {
            Object[] values = new Object[row.size() + 1];
            for (int c = 0; c < row.size(); c++) {
                values[c] = row.get(c);
            }
            values[row.size()] = score;
            return RowFactory.create(values);
        }
    }
}
