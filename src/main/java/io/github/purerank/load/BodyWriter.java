package io.github.purerank.load;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/**
 * Writes the body of one response into a file as it comes, up to the length the file is to have: more is cut off and an error. A
 * response that is neither the file nor the part of it that was asked for is not read at all.
 *
 * <p>Called by threads of the HTTP client. After {@link #stop} nothing is written any more, so the file may be closed or given
 * to the next request.
 */
final class BodyWriter implements BodyHandler<Void>, BodySubscriber<Void> {
    private final FileChannel file;
    private final long offset;
    private final long end;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private Subscription subscription;
    private long position;
    private boolean wanted;
    private boolean stopped;

    /**
     * Expects a whole file or the rest of one.
     *
     * @param file where to write
     * @param offset where the part begins that was asked for
     * @param end the length of the whole file
     */
    BodyWriter(FileChannel file, long offset, long end) {
        this.file = file;
        this.offset = offset;
        this.end = end;
        this.position = offset;
    }

    /** Where the next byte goes. */
    synchronized long position() {
        return position;
    }

    /** Whether there was a response with the body that is expected. */
    synchronized boolean wanted() {
        return wanted;
    }

    /** Ends all writing; returns when no thread is at it. */
    synchronized void stop() {
        stopped = true;
    }

    @Override
    public synchronized BodySubscriber<Void> apply(ResponseInfo head) {
        boolean whole = head.statusCode() == 200;
        boolean rest = head.statusCode() == 206
                && offset > 0
                && head.headers()
                        .firstValue("Content-Range")
                        .orElse("")
                        .equals("bytes " + offset + "-" + (end - 1) + "/" + end);
        if (whole) {
            position = 0;
        }
        String length = head.headers().firstValue("Content-Length").orElse(null);
        wanted = (whole || rest) && (length == null || length.equals(Long.toString(end - position)));
        return this;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Subscription newSubscription) {
        if (subscription != null || stopped || !wanted) {
            newSubscription.cancel();
            body.complete(null);
            return;
        }
        subscription = newSubscription;
        try {
            file.truncate(position);
            subscription.request(1);
        } catch (IOException e) {
            fail(cannotWrite(e));
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (stopped) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                if (buffer.remaining() > end - position) {
                    file.truncate(0);
                    throw new FetchException("the server's file is longer than " + end + " bytes");
                }
                while (buffer.hasRemaining()) {
                    position += file.write(buffer, position);
                }
            }
            subscription.request(1);
        } catch (FetchException e) {
            fail(e);
        } catch (IOException e) {
            fail(cannotWrite(e));
        }
    }

    private static FetchException cannotWrite(IOException e) {
        return new FetchException("cannot write to the cache: " + e.getMessage(), e);
    }

    private void fail(FetchException e) {
        stopped = true;
        subscription.cancel();
        body.completeExceptionally(e);
    }

    @Override
    public void onError(Throwable e) {
        body.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        body.complete(null);
    }
}
