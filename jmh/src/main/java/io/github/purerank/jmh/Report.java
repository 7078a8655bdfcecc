package io.github.purerank.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Makes tables of a JMH result in JSON: {@code java io.github.purerank.jmh.Report
 * results.json [results-of-another-jdk.json]}. */
public final class Report {
    private final List<Row> rows = new ArrayList<>();

    /** One measurement: a mean and half its 99.9 % confidence interval. */
    private record Row(String benchmark, Map<String, String> parameters, double score, double error, JsonNode counters) {
        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }

        String text(String format) {
            return String.format(Locale.ROOT, format + " ± " + format, score, error);
        }
    }

    private Report(JsonNode results) {
        for (JsonNode result : results) {
            Map<String, String> parameters = new LinkedHashMap<>();
            result.path("params").properties().forEach(p -> parameters.put(p.getKey(), p.getValue().asString()));
            JsonNode primary = result.get("primaryMetric");
            String name = result.get("benchmark").asString();
            rows.add(new Row(
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    parameters,
                    primary.get("score").asDouble(),
                    primary.get("scoreError").asDouble(Double.NaN),
                    result.path("secondaryMetrics")));
        }
    }

    /** Prints the tables. */
    public static void main(String[] arguments) throws IOException {
        JsonNode results = new ObjectMapper().readTree(Files.readString(Path.of(arguments[0])));
        Report report = new Report(results);
        report.printMachine(results);
        report.printScoring("ScoringBenchmark.fromIds", "From token ids");
        report.printScoring("EndToEndBenchmark.fromTexts", "From texts, tokenizers included");
        report.printProducts();
        report.printForward();
        report.printTokenizers();
        report.printObserver();
        report.printEncoding();
        report.printSearch();
        if (arguments.length > 1) {
            JsonNode others = new ObjectMapper().readTree(Files.readString(Path.of(arguments[1])));
            report.printOther(
                    new Report(others), "JDK " + others.get(0).get("jdkVersion").asString());
        }
    }

    private void printMachine(JsonNode results) {
        JsonNode first = results.get(0);
        System.out.println("JMH " + first.get("jmhVersion").asString() + ", " + first.get("vmName").asString() + " "
                + first.get("vmVersion").asString() + "; " + first.get("forks").asInt() + " forks; mean ± half of the 99.9 %"
                + " confidence interval.\n");
    }

    /** Milliseconds for a workload, and how many times as long the peers take. */
    private void printScoring(String benchmark, String title) {
        List<Row> ours = select(benchmark, "engine", "purerank");
        if (ours.isEmpty()) {
            return;
        }
        System.out.println("### " + title + "\n");
        System.out.println("| workload | threads | PureRank, ms | ONNX Runtime f32, ms | ratio | DJL f32, ms | ratio | ONNX Runtime int8, ms"
                + " | ratio | PureRank allocates |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Row row : ours) {
            System.out.println("| " + row.parameter("workload") + " | " + row.parameter("threads") + " | " + row.text("%.1f")
                    + " | " + peer(row, "onnxruntime") + " | " + peer(row, "djl") + " | " + peer(row, "onnxruntime-int8")
                    + " | " + allocated(row) + " |");
        }
        System.out.println();
    }

    /** By JMH's gc profiler. */
    private static String allocated(Row row) {
        JsonNode bytes = row.counters().path("gc.alloc.rate.norm").path("score");
        return bytes.isMissingNode() ? "–" : String.format(Locale.ROOT, "%.0f kB", bytes.asDouble() / 1000);
    }

    /** What a forward pass does of arithmetic, of what the machine's multipliers can do. */
    private void printForward() throws IOException {
        double peak = peak();
        List<Row> ours = select("ScoringBenchmark.fromIds", "engine", "purerank");
        if (peak == 0 || ours.isEmpty()) {
            return;
        }
        System.out.println("### The whole forward pass, one thread: arithmetic really done\n");
        System.out.println("| workload | GFLOP | GFLOP/s | of that peak |");
        System.out.println("|---|---|---|---|");
        for (Row row : ours) {
            if (row.parameter("threads").equals("1")) {
                double gflop = MiniLm.flop(Workload.tokenCounts(row.parameter("workload"))) * 1e-9;
                double rate = gflop / (row.score() * 1e-3);
                System.out.println(String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %.1f | %.0f %% |",
                        row.parameter("workload"),
                        gflop,
                        rate,
                        100 * rate / peak));
            }
        }
        System.out.println();
    }

    /** The same workloads in another JDK. */
    private void printOther(Report other, String version) {
        System.out.println("### The same in " + version + "\n");
        System.out.println("| workload | threads | above, ms | " + version + ", ms | ratio |");
        System.out.println("|---|---|---|---|---|");
        for (Row row : other.select("ScoringBenchmark.fromIds", "engine", "purerank")) {
            for (Row ours : select(row.benchmark(), "engine", "purerank")) {
                if (ours.parameters().equals(row.parameters())) {
                    System.out.println("| " + row.parameter("workload") + " | " + row.parameter("threads") + " | "
                            + ours.text("%.1f") + " | " + row.text("%.1f") + " | "
                            + String.format(Locale.ROOT, "%.2f", row.score() / ours.score()) + " |");
                }
            }
        }
        System.out.println();
    }

    private String peer(Row ours, String engine) {
        for (Row row : select(ours.benchmark(), "engine", engine)) {
            if (row.parameter("workload").equals(ours.parameter("workload"))
                    && row.parameter("threads").equals(ours.parameter("threads"))) {
                return row.text("%.1f") + " | " + String.format(Locale.ROOT, "%.2f", row.score() / ours.score());
            }
        }
        return "– | –";
    }

    /** GFLOP/s of fused multiply-adds alone; 0 if that was not measured. */
    private double peak() {
        for (Row row : rows) {
            if (row.benchmark().equals("ProductBenchmark.fmaPeak")) {
                return gflops(row);
            }
        }
        return 0;
    }

    private void printProducts() {
        double peak = peak();
        if (peak == 0) {
            return;
        }
        System.out.println(String.format(
                Locale.ROOT, "### Matrix product, one thread; %.1f GFLOP/s is what fused multiply-adds alone reach\n", peak));
        System.out.println("| rows | K x N | GFLOP/s | of that peak |");
        System.out.println("|---|---|---|---|");
        for (Row row : rows) {
            if (row.benchmark().equals("ProductBenchmark.product")) {
                System.out.println(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.1f | %.0f %% |",
                        row.parameter("rows"),
                        row.parameter("shape"),
                        gflops(row),
                        100 * gflops(row) / peak));
            }
        }
        System.out.println();
    }

    private static double gflops(Row row) {
        return row.counters().get("gflop").get("score").asDouble();
    }

    private void printTokenizers() {
        boolean titled = false;
        for (Row row : rows) {
            if (row.benchmark().startsWith("TokenizerBenchmark.")) {
                if (!titled) {
                    System.out.println("### Tokenising English, one thread\n\n| tokenizer | MB/s |\n|---|---|");
                    titled = true;
                }
                String name = row.benchmark().substring(row.benchmark().indexOf('.') + 1);
                System.out.println("| " + name + " | " + row.text("%.1f") + " |");
            }
        }
        System.out.println();
    }

    private void printObserver() {
        boolean titled = false;
        for (Row row : rows) {
            if (row.benchmark().startsWith("ObserverBenchmark.")) {
                if (!titled) {
                    System.out.println("### What observing a pass costs, one thread\n\n| pass | words | ms |\n|---|---|---|");
                    titled = true;
                }
                String name = row.benchmark().substring(row.benchmark().indexOf('.') + 1);
                System.out.println("| " + name + " | " + row.parameter("words") + " | " + row.text("%.2f") + " |");
            }
        }
        System.out.println();
    }

    /** Milliseconds for vectors of texts. */
    private void printEncoding() {
        List<Row> ours = select("EncodeBenchmark.encode", "engine", "purerank");
        if (ours.isEmpty()) {
            return;
        }
        System.out.println("### Vectors of texts, all processors\n");
        System.out.println("| texts | PureRank, ms | LangChain4j in-process, ms | ratio |\n|---|---|---|---|");
        for (Row row : ours) {
            System.out.println("| " + row.parameter("workload") + " | " + row.text("%.2f") + " | "
                    + peer(row, "langchain4j") + " |");
        }
        System.out.println();
    }

    /** Searches and the memory that they read, beside what reading memory alone reaches. */
    private void printSearch() {
        double peak = 0;
        for (Row row : rows) {
            if (row.benchmark().equals("SearchBenchmark.readMemory")) {
                peak = row.counters().get("gigabytes").get("score").asDouble();
            }
        }
        if (peak == 0) {
            return;
        }
        System.out.println(String.format(
                Locale.ROOT, "### Exact top ten, 384 dimensions, all processors; memory is read at %.1f GB/s\n", peak));
        System.out.println("| vectors | kept as | searches/s | GB/s | of that peak |\n|---|---|---|---|---|");
        for (Row row : rows) {
            if (row.benchmark().equals("SearchBenchmark.search")) {
                double read = row.counters().get("gigabytes").get("score").asDouble();
                System.out.println(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %.1f | %.0f %% |",
                        row.parameter("count"),
                        row.parameter("storage"),
                        row.text("%.1f"),
                        read,
                        100 * read / peak));
            }
        }
        System.out.println();
    }

    private List<Row> select(String benchmark, String parameter, String value) {
        List<Row> selected = new ArrayList<>();
        for (Row row : rows) {
            if (row.benchmark().equals(benchmark) && row.parameter(parameter).equals(value)) {
                selected.add(row);
            }
        }
        return selected;
    }
}
