package io.github.purerank.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@code /metrics}, in the text format of Prometheus 0.0.4. Safe for many threads. */
final class Metrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, Histogram> durations = new ConcurrentSkipListMap<>();
    private final LongAdder pairs = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private volatile int queueRequests;
    private volatile long queueTokens;

    /** How long requests took: cumulative counts up to each bound, as Prometheus wants them. */
    private static final class Histogram {
        private final long[] counts = new long[SECONDS.length + 1];
        private double sum;

        synchronized void add(double seconds) {
            int place = Arrays.binarySearch(SECONDS, seconds);
            counts[place < 0 ? -place - 1 : place]++;
            sum += seconds;
        }

        synchronized void write(StringBuilder out, String api) {
            long count = 0;
            for (int i = 0; i < counts.length; i++) {
                count += counts[i];
                String bound = i < SECONDS.length ? Double.toString(SECONDS[i]) : "+Inf";
                line(out, "purerank_request_duration_seconds_bucket{api=\"" + api + "\",le=\"" + bound + "\"}", count);
            }
            out.append("purerank_request_duration_seconds_sum{api=\"")
                    .append(api)
                    .append("\"} ");
            out.append(String.format(Locale.ROOT, "%.6f", sum)).append('\n');
            line(out, "purerank_request_duration_seconds_count{api=\"" + api + "\"}", count);
        }
    }

    /** A request was answered. */
    void request(String api, int status, long nanos) {
        requests.computeIfAbsent("api=\"" + api + "\",status=\"" + status + "\"", labels -> new LongAdder())
                .increment();
        durations.computeIfAbsent(api, name -> new Histogram()).add(nanos / 1e9);
    }

    /** A batch was scored. */
    void batch(int pairCount, long tokenCount) {
        batches.increment();
        pairs.add(pairCount);
        tokens.add(tokenCount);
    }

    /** What is waiting now. */
    void queue(int requestCount, long tokenCount) {
        queueRequests = requestCount;
        queueTokens = tokenCount;
    }

    String text() {
        StringBuilder out = new StringBuilder(4096);
        head(out, "purerank_requests_total", "counter", "Requests that were answered.");
        requests.forEach((labels, count) -> line(out, "purerank_requests_total{" + labels + "}", count.sum()));
        head(out, "purerank_request_duration_seconds", "histogram", "Time from a request's headers to its answer.");
        durations.forEach((api, histogram) -> histogram.write(out, api));
        head(out, "purerank_queue_requests", "gauge", "Requests that wait, wholly or in part.");
        line(out, "purerank_queue_requests", queueRequests);
        head(out, "purerank_queue_tokens", "gauge", "Tokens that wait.");
        line(out, "purerank_queue_tokens", queueTokens);
        head(out, "purerank_pairs_total", "counter", "Pairs that were scored.");
        line(out, "purerank_pairs_total", pairs.sum());
        head(out, "purerank_tokens_total", "counter", "Tokens that were scored.");
        line(out, "purerank_tokens_total", tokens.sum());
        head(out, "purerank_batches_total", "counter", "Batches that were scored.");
        line(out, "purerank_batches_total", batches.sum());
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder out, String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
    }
}
