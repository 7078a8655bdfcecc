package io.github.purerank.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The command in a process of its own. */
class ServeCommandTest {
    private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+) ");

    @Test
    void listensOnLoopbackUntilItIsToldToStop() throws Exception {
        Process process = start("--port", "0");
        try (BufferedReader err = err(process)) {
            String address = address(err);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address + "/rerank"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"query\": \"a\", \"texts\": [\"b\"]}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            // Unlike Process.destroy this leaves the streams open.
            process.toHandle().destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "did not stop");
            assertTrue(rest(err).contains("stopping"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void saysWhatIsWrongInOneLine() throws Exception {
        assertFails(1, "no-such-model", "--model", "no-such-model");
        assertFails(2, "--prot", "--prot", "1");
        assertFails(1, "port: expected 0 to 65535", "--port", "70000");
    }

    private static void assertFails(int status, String message, String... arguments) throws Exception {
        Process process = start(arguments);
        try (BufferedReader err = err(process)) {
            String said = rest(err);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "did not end");
            assertEquals(status, process.exitValue(), said);
            assertTrue(said.contains(message), said);
            assertTrue(!said.contains("\tat "), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ServeCommand.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static BufferedReader err(Process process) {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    private static String address(BufferedReader err) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                return listening.group(1);
            }
        }
        throw new AssertionError("ended without listening");
    }

    private static String rest(BufferedReader err) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
