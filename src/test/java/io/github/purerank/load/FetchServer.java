package io.github.purerank.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A server of files on this machine that behaves as a test wants it to: a queue of answers, then plain ones. */
public final class FetchServer implements AutoCloseable {
    /** An answer to one request. */
    public interface Answer {
        void send(HttpExchange exchange, byte[] content) throws IOException;
    }

    private interface Body {
        void send(byte[] bytes) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Answer usual = FetchServer::plain;

    public FetchServer() {
        this(loopback());
    }

    /** Answers what this server gets; an HttpsServer, perhaps. */
    FetchServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer loopback() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://localhost:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Serves a file at a path. */
    void put(String path, byte[] content) {
        files.put(path, content);
    }

    /** What the next requests get, one each. */
    public void next(Answer... next) {
        answers.addAll(Arrays.asList(next));
    }

    /** What requests get for which nothing else is said. */
    void always(Answer answer) {
        usual = answer;
    }

    /** The requests so far: the file's name and, after a space, the value of Range, if there was one. */
    public List<String> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(path.substring(path.lastIndexOf('/') + 1) + (range == null ? "" : " " + range));
            byte[] content = files.get(path);
            Answer answer = answers.poll();
            (answer == null ? usual : answer).send(exchange, content);
        }
    }

    /** The file or the part of it that was asked for; 404 if there is none. */
    static void plain(HttpExchange exchange, byte[] content) throws IOException {
        plain(exchange, content, bytes -> exchange.getResponseBody().write(bytes));
    }

    private static void plain(HttpExchange exchange, byte[] content, Body body) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (range == null) {
            exchange.sendResponseHeaders(200, content.length);
            body.send(content);
        } else {
            int begin = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + begin + "-" + (content.length - 1) + "/" + content.length);
            exchange.sendResponseHeaders(206, content.length - begin);
            body.send(Arrays.copyOfRange(content, begin, content.length));
        }
    }

    static void body(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
    }

    /** Sends the file, or the part of it that was asked for, in pieces with a pause after each. */
    static Answer slow(int pieces, long pauseMillis) {
        return (exchange, content) -> plain(exchange, content, bytes -> {
            int size = bytes.length / pieces + 1;
            for (int begin = 0; begin < bytes.length; begin += size) {
                exchange.getResponseBody().write(bytes, begin, Math.min(size, bytes.length - begin));
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(pauseMillis * 1_000_000);
            }
        });
    }

    /** A status alone. */
    public static Answer status(int status) {
        return (exchange, content) -> exchange.sendResponseHeaders(status, -1);
    }

    /** A status with a header. */
    static Answer status(int status, String header, String value) {
        return (exchange, content) -> {
            exchange.getResponseHeaders().add(header, value);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Promises the whole file, sends so many bytes of it, and closes the connection. */
    static Answer truncated(int count) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, count);
            exchange.getResponseBody().flush();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
