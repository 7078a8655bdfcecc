package io.github.purerank.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.purerank.testing.ReadmeExample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

class ExampleTest {
    @Test
    void theReadmeShowsTheExampleAndWhatItPrints() throws Exception {
        ReadmeExample.check("Example.java", List.of("@jvm-options"));
    }

    @Test
    void theJvmOptionsAreThoseThatSparkGivesItsOwnProcesses() throws Exception {
        List<String> options = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        options.remove("--add-modules=jdk.incubator.vector");
        assertEquals(options, Files.readAllLines(Path.of("jvm-options")));
    }
}
