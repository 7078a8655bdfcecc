package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tokens of the reference, which tools/make_tokenizer_reference.py has written down. */
class TokenizerReferenceTest {
    @Test
    void everyCaseOfTheSampleHasTheTokensOfTheReference() throws IOException {
        List<String> differences = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        int count = 0;
        try (TokenizerCases cases =
                new TokenizerCases(TokenizerReferenceTest.class.getResourceAsStream("tokenizer-cases.gz"))) {
            assertEquals("tokenizers 0.23.2, transformers 5.18.0", cases.versions());
            for (TokenizerCases.Case next = cases.next(); next != null; next = cases.next()) {
                count++;
                counts.merge(next.configuration(), 1, Integer::sum);
                String difference = next.difference();
                if (difference != null && differences.size() < 10) {
                    differences.add(difference);
                }
            }
            assertEquals(List.of(), differences);
            assertTrue(count >= 20_000, count + " cases");
            for (String configuration : cases.configurations()) {
                assertTrue(counts.getOrDefault(configuration, 0) >= 300, configuration);
            }
        }
    }
}
