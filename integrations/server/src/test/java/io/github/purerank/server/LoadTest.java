package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.model.ScoreActivation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Many clients on loopback: what comes out beside what the model does in this process, and what happens with more than that. Clients and
 * server share the processors. Every answer is compared with the model's own scores.
 */
class LoadTest {
    private static final int TEXTS = 40;
    private static final int WORDS = 100;
    private static final int ROUNDS = 3;
    /** Long rounds for figures: for some twenty seconds compilers share the processors as well. */
    private static final long ROUND_NANOS = Long.getLong("purerank.load.seconds", 1) * 1_000_000_000L;

    private static final String[] VOCABULARY =
            "how tall is the mountain that people climb every year when snow melts and rivers rise".split(" ");

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static CrossEncoder model;

    /** How many pairs were scored, by the clock and by this process's own time on the processors. */
    private record Rate(double perSecond, double perProcessorSecond) {
        static Rate since(long begin, long processorBegin, long pairs) {
            return new Rate(
                    pairs * 1e9 / (System.nanoTime() - begin),
                    pairs * 1e9 / (PROCESS.getProcessCpuTime() - processorBegin));
        }
    }

    /** A client's own request, unlike those of the others, and the scores that it must get. */
    private record Question(String body, List<TextPair> pairs, float[] scores) {}

    @BeforeAll
    static void load() throws IOException {
        model = CrossEncoder.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void atSaturation() throws Exception {
        int clients = 8;
        List<Question> questions = questions(clients);
        Rate[] inProcess = new Rate[ROUNDS];
        Rate[] served = new Rate[ROUNDS];
        try (RerankServer server =
                RerankServer.start(model, "m", ServerOptions.defaults().withAddress("127.0.0.1", 0))) {
            TestClient client = new TestClient(server);
            // Once before it counts; then in turns, as other programs may take the processors for a while.
            inProcess(questions);
            served(client, questions, new ConcurrentLinkedQueue<>(), new AtomicInteger());
            for (int round = 0; round < ROUNDS; round++) {
                inProcess[round] = inProcess(questions);
                AtomicInteger refused = new AtomicInteger();
                served[round] = served(client, questions, new ConcurrentLinkedQueue<>(), refused);
                assertEquals(0, refused.get());
            }
        }
        double seconds = median(served, Rate::perSecond) / median(inProcess, Rate::perSecond);
        double processor = median(served, Rate::perProcessorSecond) / median(inProcess, Rate::perProcessorSecond);
        System.out.printf(
                Locale.ROOT,
                "saturation: %d clients, %d texts a request, pairs a second: in-process %.0f, served %.0f (%.0f %%);"
                        + " a second of processor time: in-process %.0f, served %.0f (%.0f %%)%n",
                clients,
                TEXTS,
                median(inProcess, Rate::perSecond),
                median(served, Rate::perSecond),
                100 * seconds,
                median(inProcess, Rate::perProcessorSecond),
                median(served, Rate::perProcessorSecond),
                100 * processor);
        // Of processor time, which other programs do not take away; well below what a quiet machine gives.
        assertTrue(processor > 0.6, () -> "served " + processor + " of what the model does in this process");
    }

    @Test
    void withMoreThanItCanDo() throws Exception {
        int clients = 32;
        List<Question> questions = questions(clients);
        int queueTokens = 20_000;
        ServerOptions options = ServerOptions.defaults()
                .withAddress("127.0.0.1", 0)
                .withTokens(ServerOptions.defaults().batchTokens(), queueTokens);
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        try (RerankServer server = RerankServer.start(model, "m", options)) {
            TestClient client = new TestClient(server);
            for (int round = 0; round < ROUNDS; round++) {
                served(client, questions, nanos, refused);
            }
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        double p99 = sorted[(int) (0.99 * (sorted.length - 1))] / 1e9;
        System.out.printf(
                Locale.ROOT,
                "overload: %d clients, a queue of %d tokens: %d answered, %d refused, p50 %.0f ms, p99 %.0f ms%n",
                clients,
                queueTokens,
                sorted.length,
                refused.get(),
                1e3 * sorted[sorted.length / 2] / 1e9,
                1e3 * p99);
        assertTrue(refused.get() > 0, "the queue was never full");
        assertTrue(p99 < 10, () -> "p99 of " + p99 + " s");
    }

    /** Of one caller who has all requests at once. */
    private static Rate inProcess(List<Question> questions) {
        List<TextPair> pairs = new ArrayList<>();
        for (Question question : questions) {
            pairs.addAll(question.pairs());
        }
        long processor = PROCESS.getProcessCpuTime();
        long begin = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - begin < ROUND_NANOS) {
            count += model.predict(pairs).length;
        }
        return Rate.since(begin, processor, count);
    }

    /** Of all clients, each asking its own question again and again. */
    private static Rate served(
            TestClient client, List<Question> questions, ConcurrentLinkedQueue<Long> nanos, AtomicInteger refused)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(questions.size());
        try {
            long processor = PROCESS.getProcessCpuTime();
            long begin = System.nanoTime();
            List<Callable<Integer>> clients = new ArrayList<>();
            for (Question question : questions) {
                clients.add(() -> ask(client, question, begin + ROUND_NANOS, nanos, refused));
            }
            long answered = 0;
            for (Future<Integer> count : threads.invokeAll(clients)) {
                answered += count.get();
            }
            return Rate.since(begin, processor, answered * TEXTS);
        } finally {
            threads.shutdown();
        }
    }

    private static int ask(
            TestClient client, Question question, long end, ConcurrentLinkedQueue<Long> nanos, AtomicInteger refused)
            throws Exception {
        int answered = 0;
        while (System.nanoTime() - end < 0) {
            long begin = System.nanoTime();
            HttpResponse<String> response = client.post("/rerank", question.body());
            if (response.statusCode() == 429) {
                refused.incrementAndGet();
                // Sooner than Retry-After says, so that the queue stays full.
                Thread.sleep(20);
                continue;
            }
            assertEquals(200, response.statusCode(), response.body());
            nanos.add(System.nanoTime() - begin);
            float[] scores = new float[TEXTS];
            for (JsonNode rank : TestClient.json(response)) {
                scores[rank.get("index").asInt()] = (float) rank.get("score").asDouble();
            }
            assertEquals(Arrays.toString(question.scores()), Arrays.toString(scores));
            answered++;
        }
        return answered;
    }

    private static List<Question> questions(int count) {
        PredictOptions logits = PredictOptions.defaults().withActivation(ScoreActivation.IDENTITY);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String query = "question " + i + " about " + VOCABULARY[i % VOCABULARY.length];
            List<String> texts = new ArrayList<>();
            List<TextPair> pairs = new ArrayList<>();
            for (int t = 0; t < TEXTS; t++) {
                texts.add(text(i, t));
                pairs.add(new TextPair(query, texts.get(t)));
            }
            String body = TestClient.body(query, "texts", texts)
                    .put("raw_scores", true)
                    .toString();
            questions.add(new Question(body, pairs, model.predict(pairs, logits)));
        }
        return questions;
    }

    private static String text(int question, int number) {
        StringBuilder text = new StringBuilder("text " + number + " of " + question);
        for (int w = 0; w < WORDS; w++) {
            text.append(' ').append(VOCABULARY[(question * 7 + number * 3 + w * w) % VOCABULARY.length]);
        }
        return text.toString();
    }

    private static double median(Rate[] rates, ToDoubleFunction<Rate> which) {
        double[] sorted = Arrays.stream(rates).mapToDouble(which).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
