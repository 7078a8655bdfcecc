package io.github.purerank.langchain4j;

import io.github.purerank.testing.MiniLm;
import io.github.purerank.testing.ReadmeExample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleTest {
    @Test
    void theReadmeShowsTheExampleAndWhatItPrints() throws Exception {
        ReadmeExample.check("Example.java", List.of(), MiniLm.directory().toString());
    }
}
