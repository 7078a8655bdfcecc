package io.github.purerank.lucene;

import io.github.purerank.testing.MiniLm;
import io.github.purerank.testing.ReadmeExample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleTest {
    @Test
    void theReadmeShowsTheExampleAndWhatItPrints() throws Exception {
        ReadmeExample.check();
    }

    @Test
    void theReadmeShowsTheExampleWithVectorsAndWhatItPrints() throws Exception {
        ReadmeExample.check("VectorExample.java", List.of(), MiniLm.directory().toString());
    }
}
