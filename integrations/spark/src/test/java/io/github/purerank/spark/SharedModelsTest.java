package io.github.purerank.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedModelsTest {
    private static final TextPair PAIR = new TextPair("how tall", "snow melts");

    @Test
    void loadsAModelOnceForAllAndClosesIt() {
        SharedModels models = new SharedModels();
        Set<CrossEncoder> got = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 16).parallel().forEach(i -> got.add(models.get(ModelSource.inJar(), 1)));
        assertEquals(1, got.size());
        CrossEncoder model = got.iterator().next();
        CrossEncoder other = models.get(ModelSource.inJar(), 2);
        assertNotSame(model, other);
        assertSame(other, models.get(ModelSource.inJar(), 2));
        assertEquals(model.predict(PAIR), other.predict(PAIR));

        models.close();
        for (CrossEncoder closed : List.of(model, other)) {
            assertThrows(IllegalStateException.class, () -> closed.predict(PAIR));
        }
        assertThrows(IllegalStateException.class, () -> models.get(ModelSource.inJar(), 1));
    }
}
