package io.github.purerank.load;

import static io.github.purerank.load.FetchFixture.CONFIG;
import static io.github.purerank.load.FetchFixture.NAME;
import static io.github.purerank.load.FetchFixture.WEIGHTS;
import static io.github.purerank.load.FetchFixture.content;
import static io.github.purerank.load.FetchFixture.directory;
import static io.github.purerank.load.FetchFixture.store;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStoreTest {
    @TempDir
    private Path cache;

    private String notFound(String name) {
        ModelNotFoundException e =
                assertThrows(ModelNotFoundException.class, () -> store(cache).find(name));
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        return e.getMessage();
    }

    private void put(String file, byte[] bytes) throws IOException {
        Files.createDirectories(directory(cache));
        Files.write(directory(cache).resolve(file), bytes);
    }

    @Test
    void aDirectoryIsTakenAsItIs() throws IOException {
        assertEquals(cache, store(cache.resolve("none")).find(cache.toString()));
        assertEquals(Path.of("src"), store(cache).find("src"));
    }

    @Test
    void aFileIsNoModel() throws IOException {
        Path file = Files.createFile(cache.resolve("model.safetensors"));
        assertTrue(notFound(file.toString()).startsWith(file + ": a model is a directory"));
    }

    @ParameterizedTest
    @ValueSource(strings = {NAME, "small-model"})
    void aModelIsFoundOnceItIsWhole(String name) throws IOException {
        String command = "run \"tools/purerank fetch " + NAME + "\"";
        assertEquals("model " + NAME + " has not been fetched: " + command, notFound(name));
        put(CONFIG, content(CONFIG));
        put(WEIGHTS + ".partial", content(WEIGHTS));
        String inPart = "model " + NAME + " has only been fetched in part (1 of 2 files are missing): " + command;
        assertEquals(inPart, notFound(name));
        put(WEIGHTS, new byte[content(WEIGHTS).length - 1]);
        assertEquals(inPart, notFound(name));
        put(WEIGHTS, content(WEIGHTS));
        assertEquals(directory(cache), store(cache).find(name));
        Files.delete(directory(cache).resolve(CONFIG));
        Files.createSymbolicLink(
                directory(cache).resolve(CONFIG), Files.write(cache.resolve("elsewhere"), content(CONFIG)));
        assertEquals(inPart, notFound(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "other",
                "tests/other",
                "tests/",
                "tests",
                "/small-model",
                "../small-model",
                "tests/../tests/small-model",
                "/nonexistent/tests/small-model",
                "C:\\tests\\small-model",
                "tests/small-model/",
                "TESTS/small-model",
                "two\nlines",
                "\u0000",
                "\u001b[31mred"
            })
    void otherNamesAreUnknown(String name) throws IOException {
        put(CONFIG, content(CONFIG));
        put(WEIGHTS, content(WEIGHTS));
        String message = notFound(name);
        assertTrue(message.endsWith("one of the known models: " + NAME), message);
        assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    }

    @Test
    void aShortNameOfTwoModelsIsNone() throws IOException {
        String json = FetchFixture.json();
        String model = json.substring(json.indexOf('[') + 1, json.lastIndexOf(']'));
        String twice = "{\"models\": [" + model + ", " + model.replace(NAME, "others/small-model") + "]}";
        ModelStore store = ModelStore.inDirectory(cache)
                .withManifest(WeightsManifest.parse(twice.getBytes(StandardCharsets.UTF_8), "manifest"));
        assertEquals("others/small-model", store.model("others/small-model").name());
        ModelNotFoundException e = assertThrows(ModelNotFoundException.class, () -> store.model("small-model"));
        assertEquals(
                "no model \"small-model\": it may be any of tests/small-model, others/small-model", e.getMessage());
    }

    private static Path cacheDirectory(String system, String home, String... environment)
            throws ModelNotFoundException {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        Map<String, String> properties = new HashMap<>(Map.of("os.name", system));
        properties.put("user.home", home);
        return CacheDirectory.find(variables::get, properties::get);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, /home/u, , , /home/u/.cache/purerank",
        "Linux, /home/u, XDG_CACHE_HOME, /var/c, /var/c/purerank",
        "Linux, /home/u, XDG_CACHE_HOME, relative, /home/u/.cache/purerank",
        "Linux, /home/u, XDG_CACHE_HOME, '', /home/u/.cache/purerank",
        "Linux, ?, XDG_CACHE_HOME, /var/c, /var/c/purerank",
        "Linux, /home/u, PURERANK_HOME, /models, /models",
        "Linux, /home/u, PURERANK_HOME, '', /home/u/.cache/purerank",
        "Linux, ?, PURERANK_HOME, /models, /models",
        "Mac OS X, /Users/u, XDG_CACHE_HOME, /var/c, /Users/u/Library/Caches/purerank",
        "Mac OS X, /Users/u, PURERANK_HOME, /models, /models",
        "Windows 11, /Users/u, LOCALAPPDATA, /Users/u/Local, /Users/u/Local/purerank",
        "Windows 11, /Users/u, , , /Users/u/AppData/Local/purerank",
    })
    void theCacheIsWhereTheSystemKeepsThem(String system, String home, String name, String value, String expected)
            throws ModelNotFoundException {
        assertEquals(
                Path.of(expected).toAbsolutePath(),
                name == null ? cacheDirectory(system, home) : cacheDirectory(system, home, name, value));
    }

    @Test
    void aRelativeHomeIsMeantFromHere() throws ModelNotFoundException {
        assertEquals(Path.of("models").toAbsolutePath(), cacheDirectory("Linux", "/h", "PURERANK_HOME", "models"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "relative"})
    void withoutAHomeTheErrorSaysWhatToSet(String home) {
        ModelNotFoundException e = assertThrows(ModelNotFoundException.class, () -> cacheDirectory("Linux", home));
        assertTrue(e.getMessage().contains("set PURERANK_HOME"), e.getMessage());
        assertThrows(ModelNotFoundException.class, () -> cacheDirectory("Linux", null));
    }

    @Test
    void thePropertyCountsMost() throws ModelNotFoundException {
        Map<String, String> properties = Map.of("os.name", "Linux", "user.home", "/h", "purerank.home", "/property");
        assertEquals(
                Path.of("/property").toAbsolutePath(),
                CacheDirectory.find(Map.of("PURERANK_HOME", "/environment")::get, properties::get));
    }
}
