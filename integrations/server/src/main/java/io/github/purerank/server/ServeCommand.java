package io.github.purerank.server;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.load.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tools/purerank serve}. Exit status: 0 stopped, 1 failed, 2 called wrongly. */
@Command(
        name = "purerank serve",
        description = "Ranks over HTTP, until it is told to stop: POST /rerank, /v1/rerank, /v2/rerank.",
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            description =
                    "A model's directory, or the name of one that was fetched. Default: the small model in the jar.")
    private String model;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}, for this machine alone.")
    private String host;

    @Option(names = "--port", defaultValue = "8080", description = "Port; 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--api-key",
            defaultValue = "${env:PURERANK_API_KEY}",
            description =
                    "What clients must send as \"Authorization: Bearer KEY\". Default: $$PURERANK_API_KEY, or none. "
                            + "The environment is the better place: others can see a command's arguments.")
    private String apiKey;

    @Option(names = "--threads", description = "Threads that score. Default: one for each processor.")
    private Integer threads;

    @Option(
            names = "--timeout",
            defaultValue = "30",
            description = "Seconds that a request may wait for its scores. Default: ${DEFAULT-VALUE}.")
    private int timeout;

    @Option(
            names = "--max-body",
            defaultValue = "8388608",
            description = "The most bytes of a request. Default: ${DEFAULT-VALUE}.")
    private int maxBody;

    @Option(
            names = "--max-texts",
            defaultValue = "1000",
            description = "The most texts of a request. Default: ${DEFAULT-VALUE}.")
    private int maxTexts;

    @Option(
            names = "--max-characters",
            defaultValue = "200000",
            description = "The most characters of a text. Default: ${DEFAULT-VALUE}.")
    private int maxCharacters;

    @Option(
            names = "--batch-tokens",
            defaultValue = "8192",
            description = "About how many tokens of several requests are scored together. Default: ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Option(
            names = "--queue-tokens",
            defaultValue = "262144",
            description = "How many tokens may wait before requests are answered with 429. Default: ${DEFAULT-VALUE}.")
    private int queueTokens;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help and exit.")
    private boolean help;

    private ServeCommand() {}

    /** Runs the server, and ends the process when it is stopped. */
    public static void main(String[] arguments) {
        int status = new CommandLine(new ServeCommand())
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println("purerank: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
        System.exit(status);
    }

    /** A signal makes the JVM run its hooks and end; the hook closes the server, so that requests are answered before. */
    @Override
    @SuppressWarnings("try")
    public Integer call() throws IOException, InterruptedException {
        ServerOptions options = options();
        LoadOptions loading = threads == null
                ? LoadOptions.defaults()
                : LoadOptions.defaults().withThreads(threads);
        Path directory = model == null ? null : ModelStore.ofUser().find(model);
        CountDownLatch stopped = new CountDownLatch(1);
        try (CrossEncoder loaded =
                        directory == null ? CrossEncoder.load(loading) : CrossEncoder.load(directory, loading);
                RerankServer server = RerankServer.start(loaded, model == null ? "default" : model, options)) {
            Thread stop = new Thread(() -> {
                System.err.println("purerank: stopping");
                server.close();
                stopped.countDown();
            });
            Runtime.getRuntime().addShutdownHook(stop);
            System.err.println("purerank: listening on http://" + options.host() + ":" + server.port() + " with "
                    + loaded.info().kernels() + " kernels");
            stopped.await();
        }
        return CommandLine.ExitCode.OK;
    }

    private ServerOptions options() {
        return ServerOptions.defaults()
                .withAddress(host, port)
                .withApiKey(apiKey == null ? "" : apiKey)
                .withLimits(maxBody, maxTexts, maxCharacters)
                .withTokens(batchTokens, queueTokens)
                .withTimeouts(Duration.ofSeconds(timeout), Duration.ofSeconds(timeout));
    }
}
