package io.github.purerank.load;

import static io.github.purerank.load.FetchFixture.CONFIG;
import static io.github.purerank.load.FetchFixture.NAME;
import static io.github.purerank.load.FetchFixture.SILENT;
import static io.github.purerank.load.FetchFixture.WEIGHTS;
import static io.github.purerank.load.FetchFixture.fetcher;
import static io.github.purerank.load.FetchFixture.store;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class FetchProxyTest {
    private static final char[] PASSWORD = "password".toCharArray();

    /** A proxy that tunnels whatever host is asked for to a port of this machine. */
    private static final class Tunnel implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final int port;
        private final String answer;

        Tunnel(int port, String answer) throws IOException {
            this.port = port;
            this.answer = answer;
            threads.submit(() -> {
                while (true) {
                    Socket client = socket.accept();
                    threads.submit(() -> serve(client));
                }
            });
        }

        private Void serve(Socket client) throws IOException {
            try (client;
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) client.getInputStream().read());
                }
                requests.add(head.substring(0, head.indexOf("\r\n")));
                client.getOutputStream()
                        .write(("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                if (answer.startsWith("200")) {
                    threads.submit(() -> client.getInputStream().transferTo(server.getOutputStream()));
                    server.getInputStream().transferTo(client.getOutputStream());
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            socket.close();
            threads.shutdownNow();
        }
    }

    /** A key and a certificate for the host of the fixture's manifest, signed by nobody else. */
    private static KeyStore keys(Path directory) throws Exception {
        Path file = directory.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=weights.invalid",
                        "-ext",
                        "SAN=dns:weights.invalid",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Test
    void theManifestsUrlsAreFetchedByTlsThroughATunnel(@TempDir Path cache, @TempDir Path keyFolder) throws Exception {
        SSLContext context = context(keys(keyFolder));
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        try (FetchServer server = FetchFixture.serve(new FetchServer(https), "");
                Tunnel tunnel = new Tunnel(server.port(), "200 OK")) {
            Map<String, String> environment = Map.of("HTTPS_PROXY", "http://localhost:" + tunnel.socket.getLocalPort());
            FetchException e = assertThrows(
                    FetchException.class,
                    () -> fetcher(cache, null, environment::get, HttpClient.newBuilder())
                            .fetch(NAME, SILENT));
            assertTrue(e.getMessage().contains("cannot trust the certificate of weights.invalid"), e.getMessage());
            assertEquals(1, tunnel.requests.size());

            fetcher(cache, null, environment::get, HttpClient.newBuilder().sslContext(context))
                    .fetch(NAME, SILENT);
            assertTrue(store(cache).isComplete(store(cache).model(NAME)));
            assertEquals(List.of(CONFIG, WEIGHTS), server.requests());
            assertTrue(tunnel.requests.get(1).startsWith("CONNECT weights.invalid:443 "), tunnel.requests.toString());

            // No file of the manifest comes without TLS, wherever a redirect leads.
            server.next(FetchServer.status(302, "Location", "http://localhost:" + server.port() + "/"));
            Files.delete(store(cache).find(NAME).resolve(CONFIG));
            e = assertThrows(
                    FetchException.class,
                    () -> fetcher(
                                    cache,
                                    null,
                                    environment::get,
                                    HttpClient.newBuilder().sslContext(context))
                            .fetch(NAME, SILENT));
            assertTrue(e.getMessage().contains("redirects to a URL that is not https"), e.getMessage());
        }
    }

    @Test
    void aProxyThatRefusesIsNamed(@TempDir Path cache) throws Exception {
        String message = refusal(cache, "403 Forbidden");
        assertTrue(message.contains("403"), message);
        assertTrue(message.contains("weights.invalid through the proxy localhost:"), message);
        message = refusal(cache, "407 Proxy Authentication Required");
        assertTrue(message.contains("asks for a password"), message);
    }

    private static String refusal(Path cache, String answer) throws IOException {
        try (FetchServer server = new FetchServer();
                Tunnel tunnel = new Tunnel(server.port(), answer)) {
            Map<String, String> environment = Map.of("https_proxy", "localhost:" + tunnel.socket.getLocalPort());
            return assertThrows(
                            FetchException.class,
                            () -> fetcher(cache, null, environment::get, HttpClient.newBuilder())
                                    .fetch(NAME, SILENT))
                    .getMessage();
        }
    }

    @Test
    void aMirrorOnThisMachineIsReachedThroughTheHttpProxy(@TempDir Path cache) throws Exception {
        try (FetchServer proxy = FetchFixture.serve(new FetchServer(), "")) {
            fetcher(cache, "http://localhost:1", Map.of("http_proxy", proxy.url())::get, HttpClient.newBuilder())
                    .fetch(NAME, SILENT);
            assertEquals(List.of(CONFIG, WEIGHTS), proxy.requests());
        }
    }

    private static InetSocketAddress proxy(String url, String... environment) throws FetchException {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return new EnvironmentProxies(variables::get).find(URI.create(url));
    }

    @Test
    void theVariableIsThatOfTheScheme() throws FetchException {
        assertNull(proxy("https://a.example/"));
        assertNull(proxy("https://a.example/", "HTTP_PROXY", "http://p:1"));
        assertNull(proxy("http://a.example/", "HTTPS_PROXY", "http://p:1"));
        assertNull(proxy("https://a.example/", "HTTPS_PROXY", " "));
        assertEquals(1, proxy("http://a.example/", "HTTP_PROXY", "http://p:1/").getPort());
        assertEquals(
                2,
                proxy("https://a.example/", "HTTPS_PROXY", "p:1", "https_proxy", "p:2")
                        .getPort());
        assertEquals(80, proxy("https://a.example/", "https_proxy", "p").getPort());
        assertEquals("p", proxy("https://a.example/", "https_proxy", "HTTP://p").getHostString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* | true",
                "a.example | true",
                "A.Example | true",
                ".example | true",
                "example | true",
                "*.example | true",
                "x, a.example | true",
                "x a.example | true",
                "a.example:443 | true",
                "a.example:80 | false",
                "ample | false",
                "b.a.example | false",
                "'' | false",
                "' , ,' | false",
            })
    void someHostsAreReachedWithout(String list, boolean excepted) throws FetchException {
        InetSocketAddress proxy = proxy("https://a.example/x", "https_proxy", "p:1", "NO_PROXY", list);
        assertEquals(excepted, proxy == null);
        if (!excepted) {
            assertNotNull(proxy);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@proxy:1",
                "user:secret@proxy:1",
                "https://secret:1",
                "socks5://secret:1",
                "http://secret secret",
                "http://",
                "http://secret:99999"
            })
    void aProxyThatCannotBeUsedIsRefusedWithoutItsPassword(String value) {
        FetchException e = assertThrows(FetchException.class, () -> proxy("https://a.example/", "HTTPS_PROXY", value));
        assertTrue(e.getMessage().startsWith("environment variable HTTPS_PROXY: "), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://mirror.example",
                "http://127.0.0.1.mirror.example",
                "ftp://localhost",
                "localhost:8080",
                "https://user:password@mirror.example",
                "https://mirror.example/?query",
                "https://mirror.example/#fragment",
                "https://mirror.example:99999",
                "https://",
                "https:// mirror"
            })
    void aMirrorMustBeReachedByTlsOrBeOnThisMachine(String url) {
        assertThrows(IllegalArgumentException.class, () -> Mirror.parse(url));
    }

    @ParameterizedTest
    @CsvSource({
        ", https://weights.invalid/a/b",
        "'', https://weights.invalid/a/b",
        "https://mirror.example, https://mirror.example/a/b",
        "https://mirror.example:8443/x/, https://mirror.example:8443/x/a/b",
        "http://localhost:8080, http://localhost:8080/a/b",
        "http://127.1.2.3/x, http://127.1.2.3/x/a/b",
        "http://[::1]:8080, http://[::1]:8080/a/b",
    })
    void aMirrorHasTheSamePaths(String mirror, String located) {
        assertEquals(URI.create(located), Mirror.parse(mirror).locate(URI.create("https://weights.invalid/a/b")));
    }
}
