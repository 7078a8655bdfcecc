package io.github.purerank.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the fuzz targets over what is kept in src/test/resources/fuzz: the seeds, and every input that once was a finding.
 * {@code tools/fuzz} looks for new ones.
 */
class FuzzCorpusTest {
    private interface Target {
        void run(byte[] input) throws Exception;
    }

    private static final Map<String, Target> TARGETS = new TreeMap<>(Map.of(
            "Config", ConfigFuzz::fuzzerTestOneInput,
            "Json", JsonFuzz::fuzzerTestOneInput,
            "Manifest", ManifestFuzz::fuzzerTestOneInput,
            "Rows", RowsFuzz::fuzzerTestOneInput,
            "SemanticIndex", SemanticIndexFuzz::fuzzerTestOneInput,
            "Safetensors", SafetensorsFuzz::fuzzerTestOneInput,
            "SafetensorsIndex", SafetensorsIndexFuzz::fuzzerTestOneInput,
            "Tokenizer", TokenizerFuzz::fuzzerTestOneInput,
            "VocabTxt", VocabTxtFuzz::fuzzerTestOneInput));

    @TestFactory
    Stream<DynamicTest> theCorpusHasNoFindings() {
        return TARGETS.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    List<Path> inputs = inputs(entry.getKey());
                    assertTrue(inputs.size() >= 3, inputs.size() + " inputs");
                    for (Path input : inputs) {
                        try {
                            entry.getValue().run(Files.readAllBytes(input));
                        } catch (Throwable e) {
                            throw new AssertionError(input.toString(), e);
                        }
                    }
                }));
    }

    private static List<Path> inputs(String target) throws IOException, URISyntaxException {
        Path folder =
                Path.of(FuzzCorpusTest.class.getResource("/fuzz/" + target).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
