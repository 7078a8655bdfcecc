package io.github.purerank.model;

import java.util.function.IntConsumer;

/**
 * Runs the parts of a step, in any order and perhaps at the same time, and returns when all are done. What threads there are is
 * the caller's business.
 */
@FunctionalInterface
public interface Parts {
    /** One part after another, by the calling thread. */
    Parts IN_TURN = (count, part) -> {
        for (int i = 0; i < count; i++) {
            part.accept(i);
        }
    };

    /** Runs part(0) to part(count - 1). */
    void run(int count, IntConsumer part);
}
