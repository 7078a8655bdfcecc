package io.github.purerank.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** A fetch in a process of its own, to be killed. */
final class FetchProcess {
    private FetchProcess() {}

    /** Fetches the fixture's model: the cache and the mirror are given. */
    public static void main(String[] arguments) throws Exception {
        ModelFetcher.create(FetchFixture.store(Path.of(arguments[0])), arguments[1])
                .fetch(FetchFixture.NAME, FetchFixture.SILENT);
    }

    static Process start(Path cache, String mirror) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FetchProcess.class.getName(),
                cache.toString(),
                mirror);
        for (String variable : new String[] {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"}) {
            builder.environment().remove(variable);
        }
        File log = cache.resolve("log").toFile();
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }
}
