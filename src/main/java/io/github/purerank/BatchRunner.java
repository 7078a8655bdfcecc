package io.github.purerank;

import io.github.purerank.model.BertEncoder;
import io.github.purerank.model.Parts;
import io.github.purerank.model.RaggedBatch;
import io.github.purerank.text.Encoding;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Lays encodings out in batches, and shares the batches out to threads.
 *
 * @param <D> what a thread needs to compute a batch, beside the batch itself; kept and used again
 */
final class BatchRunner<D> {
    private final WorkCrew crew;
    private final long layerBytes;
    private final Supplier<D> newDesk;
    /** Desks that no thread is at at the moment. */
    private final ArrayBlockingQueue<Place<D>> free;

    /** A desk with the batch that lies on it. */
    private record Place<D>(D desk, RaggedBatch batch) {}

    /** Computes one batch, in any thread. */
    interface Task<D> {
        /**
         * Computes a batch.
         *
         * @param members the indexes of the encodings that it has, in its order
         */
        void compute(D desk, RaggedBatch batch, int[] members, Parts parts);
    }

    BatchRunner(WorkCrew crew, BertEncoder encoder, Supplier<D> newDesk) {
        this.crew = crew;
        this.layerBytes = encoder.layerBytes();
        this.newDesk = newDesk;
        this.free = new ArrayBlockingQueue<>(crew.threads());
    }

    /**
     * Computes encodings and returns when all are done.
     *
     * @param batchSize the most encodings of a batch; 0 for no limit of the caller's
     */
    void run(Encoding[] encodings, int batchSize, Cancellation cancellation, Task<D> task) {
        BatchPlan plan = BatchPlan.of(encodings, batchSize, crew.threads(), layerBytes);
        if (plan.together()) {
            try (Team team = crew.team(cancellation)) {
                for (int[] members : plan.batches()) {
                    compute(encodings, members, team, task);
                }
            }
        } else {
            crew.run(
                    plan.batches().size(),
                    cancellation,
                    b -> compute(encodings, plan.batches().get(b), Parts.IN_TURN, task));
        }
    }

    private void compute(Encoding[] encodings, int[] members, Parts parts, Task<D> task) {
        Place<D> place = free.poll();
        if (place == null) {
            place = new Place<>(newDesk.get(), new RaggedBatch());
        }
        RaggedBatch batch = place.batch;
        batch.clear();
        for (int member : members) {
            batch.add(encodings[member].inputIds(), encodings[member].tokenTypeIds());
        }
        task.compute(place.desk, batch, members, parts);
        // A desk at which a computation failed is not put back.
        free.offer(place);
    }

    /**
     * Refuses an encoding that has more tokens than the model has positions.
     *
     * @param names how the message names it, by its index
     */
    static void requirePositions(Encoding encoding, int positions, IntFunction<String> names, int index) {
        if (encoding.size() > positions) {
            throw new TooManyTokensException(names.apply(index), encoding.size(), positions);
        }
    }
}
