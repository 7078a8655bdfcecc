package io.github.purerank.server;

import io.github.purerank.CrossEncoder;
import io.github.purerank.PredictOptions;
import io.github.purerank.model.ScoreActivation;
import io.github.purerank.text.Encoding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Pairs of all requests, waiting for the one thread that scores them: as many of them together as the batch has room for, in the
 * order in which the requests came. The model shares each batch out to all its threads.
 */
final class ScoringQueue {
    /** For the guess of how long a queue takes; replaced by what is measured. */
    private static final double INITIAL_TOKENS_PER_SECOND = 10_000;
    /** How much a batch changes the measured speed. */
    private static final double SMOOTHING = 0.2;

    private static final PredictOptions LOGITS = PredictOptions.defaults().withActivation(ScoreActivation.IDENTITY);

    private final CrossEncoder model;
    private final int batchTokens;
    private final int queueTokens;
    private final long timeoutNanos;
    private final Metrics metrics;
    private final Thread worker = new Thread(this::work, "purerank-scoring");

    private final Queue<Job> waiting = new ArrayDeque<>();
    private long waitingTokens;
    private double tokensPerSecond = INITIAL_TOKENS_PER_SECOND;
    private boolean closed;

    ScoringQueue(CrossEncoder model, ServerOptions options, Metrics metrics) {
        this.model = model;
        this.batchTokens = options.batchTokens();
        this.queueTokens = options.queueTokens();
        this.timeoutNanos = options.timeout().toNanos();
        this.metrics = metrics;
    }

    /** Pairs of one request. Only the worker changes it. */
    private static final class Job {
        private final Encoding[] pairs;
        private final float[] logits;
        private final long deadline;
        private final CompletableFuture<float[]> result = new CompletableFuture<>();
        private int begun;
        private int done;

        Job(Encoding[] pairs, long deadline) {
            this.pairs = pairs;
            this.logits = new float[pairs.length];
            this.deadline = deadline;
        }

        boolean isOver() {
            return result.isDone() || begun == pairs.length;
        }
    }

    /** Pairs of a job that are in a batch. */
    private record Slice(Job job, int from, int to) {}

    void start() {
        worker.setDaemon(true);
        worker.start();
    }

    /**
     * Refuses what cannot be taken on at the moment; to be called before anything is done for a request, too.
     *
     * @throws RequestException if the queue is full
     */
    synchronized void requireRoom(long tokens) throws RequestException {
        if (closed || waitingTokens > 0 && waitingTokens + tokens > queueTokens) {
            throw RequestException.overloaded((int) Math.max(1, Math.ceil(waitingTokens / tokensPerSecond)));
        }
    }

    /**
     * Scores pairs.
     *
     * @return their logits; a TimeoutException if that takes too long
     * @throws RequestException if the queue is full; a request that is alone is taken on whatever its size
     */
    CompletableFuture<float[]> submit(Encoding[] pairs) throws RequestException {
        Job job = new Job(pairs, System.nanoTime() + timeoutNanos);
        long tokens = tokens(pairs);
        synchronized (this) {
            requireRoom(tokens);
            waiting.add(job);
            waitingTokens += tokens;
            metrics.queue(waiting.size(), waitingTokens);
            notifyAll();
        }
        return job.result;
    }

    /**
     * Takes nothing on any more, and waits until all is scored or the time is over; then breaks off what is being scored, which ends
     * within a batch.
     */
    void close(long millis) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            // A time of 0 would be one without end.
            worker.join(Math.max(1, millis));
            worker.interrupt();
            worker.join();
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    static long tokens(Encoding[] pairs) {
        long tokens = 0;
        for (Encoding pair : pairs) {
            tokens += pair.size();
        }
        return tokens;
    }

    private void work() {
        try {
            for (List<Slice> batch = next(); !batch.isEmpty(); batch = next()) {
                score(batch);
            }
        } catch (InterruptedException e) {
            failAll(e);
        }
    }

    /** The pairs to be scored next; empty if there will be none any more. */
    private synchronized List<Slice> next() throws InterruptedException {
        List<Slice> batch = new ArrayList<>();
        while (batch.isEmpty()) {
            while (waiting.isEmpty()) {
                if (closed) {
                    return batch;
                }
                wait();
            }
            int room = batchTokens;
            while (room > 0 && !waiting.isEmpty()) {
                Job job = waiting.element();
                if (System.nanoTime() - job.deadline > 0) {
                    job.result.completeExceptionally(new TimeoutException("not scored in time"));
                }
                int from = job.begun;
                while (!job.isOver() && (room > 0)) {
                    room -= job.pairs[job.begun].size();
                    waitingTokens -= job.pairs[job.begun].size();
                    job.begun++;
                }
                if (job.begun > from) {
                    batch.add(new Slice(job, from, job.begun));
                }
                if (job.isOver()) {
                    waiting.remove();
                    waitingTokens -= tokens(Arrays.copyOfRange(job.pairs, job.begun, job.pairs.length));
                }
            }
            metrics.queue(waiting.size(), waitingTokens);
        }
        return batch;
    }

    private void score(List<Slice> batch) throws InterruptedException {
        List<Encoding> pairs = new ArrayList<>();
        long tokens = 0;
        for (Slice slice : batch) {
            for (int i = slice.from; i < slice.to; i++) {
                pairs.add(slice.job.pairs[i]);
                tokens += slice.job.pairs[i].size();
            }
        }
        long begin = System.nanoTime();
        float[] logits;
        try {
            logits = model.predictEncoded(pairs, LOGITS);
        } catch (RuntimeException | Error e) {
            for (Slice slice : batch) {
                slice.job.result.completeExceptionally(e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("while scoring");
            }
            return;
        }
        long nanos = Math.max(1, System.nanoTime() - begin);
        synchronized (this) {
            tokensPerSecond += SMOOTHING * (tokens * 1e9 / nanos - tokensPerSecond);
        }
        metrics.batch(pairs.size(), tokens);
        int read = 0;
        for (Slice slice : batch) {
            int count = slice.to - slice.from;
            System.arraycopy(logits, read, slice.job.logits, slice.from, count);
            read += count;
            slice.job.done += count;
            if (slice.job.done == slice.job.pairs.length) {
                slice.job.result.complete(slice.job.logits);
            }
        }
    }

    private synchronized void failAll(Exception reason) {
        closed = true;
        for (Job job : waiting) {
            job.result.completeExceptionally(reason);
        }
        waiting.clear();
        waitingTokens = 0;
    }
}
