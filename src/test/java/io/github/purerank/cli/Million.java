package io.github.purerank.cli;

import io.github.purerank.CrossEncoder;
import io.github.purerank.TextPair;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;

/**
 * Streams generated pairs through "purerank score" in a process of its own and checks what comes back: a row for each pair, in
 * order, and of some the bits of the score. Tells how fast it went, part by part, and how much memory the process took.
 *
 * <p>{@code tools/million} runs it for a million pairs, the tests for a few thousand.
 */
final class Million {
    private static final String[] WORDS =
            ("how tall old is the a mountain river city lake tower bridge of in near berlin"
                            + " paris rome reset password user account link send page key rotate release backup database snapshot copy"
                            + " museum people live many 12 1984 3,520 meters long deep north south best cheap hotel train")
                    .split(" ");

    /** One pair in so many is scored here as well. */
    private static final int SAMPLED = 9973;

    private Million() {}

    /** How many pairs, the seed, and the command that scores TSV from its standard input and writes TSV. */
    public static void main(String[] arguments) throws Exception {
        List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
        run(
                Integer.parseInt(arguments[0]),
                Long.parseLong(arguments[1]),
                100_000,
                command,
                Redirect.INHERIT,
                System.out);
    }

    /**
     * Runs the command.
     *
     * @param part pairs after which a line is printed
     * @param errors where the command's messages go
     * @throws AssertionError if a row is missing, or is another pair's, or has another score
     */
    static void run(int pairs, long seed, int part, List<String> command, Redirect errors, PrintStream report)
            throws Exception {
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        try (CrossEncoder model = CrossEncoder.load()) {
            FutureTask<Void> feeding = new FutureTask<>(() -> feed(process, pairs, new Random(seed)), null);
            Thread feeder = new Thread(feeding, "feeder");
            feeder.setDaemon(true);
            feeder.start();
            long begin = System.nanoTime();
            long partBegin = begin;
            double partCpu = 0;
            String peak = "unknown";
            Random random = new Random(seed);
            try (BufferedReader rows =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (int i = 0; i < pairs; i++) {
                    check(rows.readLine(), i, pair(i, random), model);
                    if ((i + 1) % part == 0) {
                        long now = System.nanoTime();
                        peak = peakMemory(process.pid(), peak);
                        double cpu = cpuSeconds(process);
                        report.printf(
                                Locale.ROOT,
                                "%,10d pairs  %,7.0f a second  %,7.0f a processor second  peak resident %s%n",
                                i + 1,
                                part * 1e9 / (now - partBegin),
                                part / (cpu - partCpu),
                                peak);
                        partBegin = now;
                        partCpu = cpu;
                    }
                }
                require(rows.readLine() == null, "more rows than pairs");
            }
            feeding.get();
            int status = process.waitFor();
            require(status == 0, "exit status " + status);
            report.printf(
                    Locale.ROOT,
                    "%,d pairs in order, %d of them compared bit by bit; %,.0f a second; peak resident %s%n",
                    pairs,
                    (pairs + SAMPLED - 1) / SAMPLED,
                    pairs * 1e9 / (System.nanoTime() - begin),
                    peak);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void feed(Process process, int pairs, Random random) {
        try (Writer out =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < pairs; i++) {
                TextPair pair = pair(i, random);
                out.write(pair.query() + "\t" + pair.passage() + "\n");
            }
        } catch (IOException e) {
            throw new AssertionError("the command ended before it had all pairs", e);
        }
    }

    private static TextPair pair(int number, Random random) {
        return new TextPair(number + words(random, 2 + random.nextInt(3)), "it" + words(random, random.nextInt(8)));
    }

    private static String words(Random random, int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }

    private static void check(String row, int number, TextPair pair, CrossEncoder model) {
        require(row != null, "only " + number + " rows");
        String[] columns = row.split("\t", -1);
        require(
                columns.length == 3 && columns[1].equals(pair.query()) && columns[2].equals(pair.passage()),
                "row " + number + " is " + row + " where " + pair + " was expected");
        float score = Float.parseFloat(columns[0]);
        require(Float.isFinite(score), "row " + number + " is " + row);
        if (number % SAMPLED == 0) {
            require(columns[0].equals(Numbers.full(model.predict(pair))), "another score in row " + number);
        }
    }

    /** What a process has used of processors, which tells more than a clock on a machine with other users. */
    private static double cpuSeconds(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** The most memory that a process has had, where Linux tells it. */
    private static String peakMemory(long process, String otherwise) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
                    return kilobytes / 1024 + " MiB";
                }
            }
        } catch (IOException e) {
            // Another system, or the process has just ended.
        }
        return otherwise;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
