package io.github.purerank;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Scores a stream of pairs slice by slice, as the scores are asked for. */
final class PairStream extends AbstractSpliterator<ScoredPair> {
    /** Pairs of a slice: enough that sorting them by length pays and all threads have work. */
    private static final int SLICE_PAIRS = 2048;
    /** Characters of a slice, so that long texts don't fill the memory. */
    private static final int SLICE_CHARACTERS = 1 << 22;

    private final CrossEncoder model;
    private final Stream<TextPair> source;
    private final Iterator<TextPair> pairs;
    private final PredictOptions options;
    private final Cancellation cancellation;

    private Iterator<ScoredPair> slice = List.<ScoredPair>of().iterator();
    private int done;

    PairStream(CrossEncoder model, Stream<TextPair> source, PredictOptions options) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.model = model;
        this.source = source;
        this.pairs = source.sequential().iterator();
        this.options = options;
        this.cancellation = Cancellation.of(options);
    }

    Stream<ScoredPair> scored() {
        return StreamSupport.stream(this, false).onClose(source::close);
    }

    /** A spliterator that is split would score slices out of order, and in memory that grows. */
    @Override
    public Spliterator<ScoredPair> trySplit() {
        return null;
    }

    @Override
    public boolean tryAdvance(Consumer<? super ScoredPair> action) {
        if (!slice.hasNext()) {
            slice = nextSlice().iterator();
        }
        if (!slice.hasNext()) {
            return false;
        }
        action.accept(slice.next());
        return true;
    }

    private List<ScoredPair> nextSlice() {
        List<TextPair> read = new ArrayList<>();
        long characters = 0;
        while (read.size() < SLICE_PAIRS && characters < SLICE_CHARACTERS && pairs.hasNext()) {
            int index = done + read.size();
            TextPair pair = Objects.requireNonNull(pairs.next(), () -> CrossEncoder.PAIRS.apply(index));
            characters += pair.query().length() + pair.passage().length();
            read.add(pair);
        }
        if (read.isEmpty()) {
            return List.of();
        }
        int before = done;
        float[][] scores =
                model.predictLabels(read, i -> CrossEncoder.PAIRS.apply(before + i), sliceOptions(), cancellation);
        List<ScoredPair> scored = new ArrayList<>(scores.length);
        for (int i = 0; i < scores.length; i++) {
            scored.add(new ScoredPair(read.get(i), scores[i]));
        }
        done += scores.length;
        return scored;
    }

    /** The listener is told of the slices before as well. */
    private PredictOptions sliceOptions() {
        ProgressListener listener = options.progress();
        int before = done;
        return listener == null
                ? options
                : options.withProgress((pairsDone, total) -> listener.scored(before + pairsDone, -1));
    }
}
