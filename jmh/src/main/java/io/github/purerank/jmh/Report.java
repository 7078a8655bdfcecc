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

/** Makes tables of a JMH result in JSON: {@code java io.github.purerank.jmh.Report results.json}. */
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
                    primary.get("scoreError").asDouble(),
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
        report.printTokenizers();
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
        System.out.println("| workload | threads | PureRank, ms | ONNX Runtime f32, ms | ratio | ONNX Runtime int8, ms | ratio |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Row row : ours) {
            System.out.println("| " + row.parameter("workload") + " | " + row.parameter("threads") + " | " + row.text("%.1f")
                    + " | " + peer(row, "onnxruntime") + " | " + peer(row, "onnxruntime-int8") + " |");
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

    private void printProducts() {
        double peak = 0;
        for (Row row : rows) {
            if (row.benchmark().equals("ProductBenchmark.fmaPeak")) {
                peak = gflops(row);
            }
        }
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
