package io.github.purerank.server;

import io.github.purerank.testing.ReadmeExample;
import org.junit.jupiter.api.Test;

class ExampleTest {
    @Test
    void theReadmeShowsTheExampleAndWhatItPrints() throws Exception {
        ReadmeExample.check();
    }
}
