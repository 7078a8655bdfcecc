package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.ModelFormatException;
import io.github.purerank.load.WeightsManifest.File;
import io.github.purerank.load.WeightsManifest.Model;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsManifestTest {
    private static final String FILE = "{\"name\": \"config.json\", \"url\": \"https://weights.invalid"
            + FetchFixture.BASE + "config.json\", \"bytes\": 22, \"sha256\": \"" + "0a".repeat(32) + "\"}";
    private static final String MODEL = "{\"name\": \"tests/model\", \"revision\": \"" + FetchFixture.REVISION
            + "\", \"licence\": \"Apache-2.0\", \"files\": [" + FILE + "]}";
    private static final String MANIFEST = "{\"models\": [" + MODEL + "]}";

    private static WeightsManifest parse(String json) throws ModelFormatException {
        return WeightsManifest.parse(json.getBytes(StandardCharsets.UTF_8), "manifest");
    }

    private static void refused(String json, String location) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> parse(json));
        assertEquals("manifest", e.file());
        assertEquals(location, e.location(), e.getMessage());
    }

    @Test
    void theManifestOfTheLibraryIsTheOneAtTheTop() throws IOException {
        WeightsManifest manifest = WeightsManifest.bundled();
        assertEquals(WeightsManifest.parse(Files.readAllBytes(Path.of("weights-manifest.json")), "top"), manifest);
    }

    @Test
    void msMarcoIsPinned() throws IOException {
        Model model = WeightsManifest.bundled().models().get(0);
        assertEquals("cross-encoder/ms-marco-MiniLM-L6-v2", model.name());
        assertEquals("233902d25c440f23af6f7d6e94d2946bac0bee0a", model.revision());
        assertEquals("Apache-2.0", model.licence());
        assertEquals(
                List.of(
                        "config.json 794",
                        "model.safetensors 90870598",
                        "tokenizer.json 711396",
                        "tokenizer_config.json 1330",
                        "special_tokens_map.json 132",
                        "vocab.txt 231508"),
                model.files().stream()
                        .map(file -> file.name() + " " + file.bytes())
                        .toList());
        for (File file : model.files()) {
            assertEquals(
                    URI.create("https://huggingface.co/" + model.name() + "/resolve/" + model.revision() + "/"
                            + file.name()),
                    file.url());
        }
        // The vocabulary of bert-base-uncased, which the default model has as well.
        byte[] vocabulary = WeightsManifest.class
                .getResourceAsStream("/io/github/purerank/default-model/vocab.txt")
                .readAllBytes();
        assertEquals(FetchFixture.sha256(vocabulary), model.files().get(5).sha256());
    }

    @Test
    void aManifestIsRead() throws ModelFormatException {
        assertEquals(
                new WeightsManifest(List.of(new Model(
                        "tests/model",
                        FetchFixture.REVISION,
                        "Apache-2.0",
                        List.of(new File(
                                "config.json",
                                URI.create("https://weights.invalid" + FetchFixture.BASE + "config.json"),
                                22,
                                "0a".repeat(32)))))),
                parse(MANIFEST));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tests/model\" | \"tests\" | /models/0/name",
                "\"tests/model\" | \"a/b/c\" | /models/0/name",
                "\"tests/model\" | \"../model\" | /models/0/name",
                "\"tests/model\" | \"tests/..\" | /models/0/name",
                "\"tests/model\" | \"/model\" | /models/0/name",
                "\"tests/model\" | \"tests/\" | /models/0/name",
                "\"tests/model\" | \"C:/model\" | /models/0/name",
                "\"tests/model\" | \"tests/a\\\\b\" | /models/0/name",
                "\"tests/model\" | \"tests/-model\" | /models/0/name",
                "\"tests/model\" | \"tests/model.\" | /models/0/name",
                "\"tests/model\" | \"tests/mödel\" | /models/0/name",
                "\"tests/model\" | \"tests/mod\\u0000el\" | /models/0/name",
                "\"tests/model\" | 1 | /models/0/name",
                "\"config.json\", | \"../config.json\", | /models/0/files/0/name",
                "\"config.json\", | \"/etc/passwd\", | /models/0/files/0/name",
                "\"config.json\", | \"a/config.json\", | /models/0/files/0/name",
                "\"config.json\", | \"..\", | /models/0/files/0/name",
                "\"config.json\", | \".lock\", | /models/0/files/0/name",
                "\"config.json\", | \"config.json.Partial\", | /models/0/files/0/name",
                "\"config.json\", | \"\", | /models/0/files/0/name",
                "\"config.json\", | \"other.json\", | /models/0/files/0/url",
                "https:// | http:// | /models/0/files/0/url",
                "https:// | HTTPS:// | /models/0/files/0/url",
                "https:// | file:// | /models/0/files/0/url",
                "https:// | // | /models/0/files/0/url",
                "https:// | https://user@ | /models/0/files/0/url",
                "https:// | https://user:password@ | /models/0/files/0/url",
                "https:// | https://[ | /models/0/files/0/url",
                "https://weights.invalid | https:// | /models/0/files/0/url",
                "https://weights.invalid | https://weights.invalid:99999 | /models/0/files/0/url",
                "https://weights.invalid | https://weights.invalid/.. | /models/0/files/0/url",
                "https://weights.invalid | https://weights.invalid/%2e%2e | /models/0/files/0/url",
                "https://weights.invalid | https://weights.invalid/ | /models/0/files/0/url",
                "config.json\", \"bytes | config.json?x\", \"bytes | /models/0/files/0/url",
                "config.json\", \"bytes | config.json#x\", \"bytes | /models/0/files/0/url",
                "/resolve/0123 | /resolve/1123 | /models/0/files/0/url",
                "22 | 0 | /models/0/files/0/bytes",
                "22 | -22 | /models/0/files/0/bytes",
                "22 | 22.0 | /models/0/files/0/bytes",
                "22 | \"22\" | /models/0/files/0/bytes",
                "22 | 100000000001 | /models/0/files/0/bytes",
                "22 | 99999999999999999999 | /models/0/files/0/bytes",
                "0a0a\"} | 0a0\"} | /models/0/files/0/sha256",
                "0a0a\"} | 0a0a0a\"} | /models/0/files/0/sha256",
                "0a0a\"} | 0a0A\"} | /models/0/files/0/sha256",
                "0a0a\"} | 0a0g\"} | /models/0/files/0/sha256",
                "\"0123456789 | \"012345678 | /models/0/revision",
                "\"0123456789 | \"main | /models/0/revision",
                "Apache-2.0 | Apache 2.0 | /models/0/licence",
                "\"licence\" | \"license\" | /models/0",
                "\"sha256\" | \"sha1\" | /models/0/files/0",
                "\"models\" | \"model\" | ``",
            })
    void whatIsNotAsItShouldBeIsRefused(String before, String after, String location) {
        String json = MANIFEST.replace(before, after);
        assertFalse(json.equals(MANIFEST), before);
        refused(json, location);
    }

    @Test
    void listsAreNeitherEmptyNorEndless() {
        refused("{\"models\": []}", "/models");
        refused(MANIFEST.replace(FILE, ""), "/models/0/files");
        refused(MANIFEST.replace(FILE, (FILE + ",").repeat(WeightsManifest.MAX_FILES) + FILE), "/models/0/files");
        refused(MANIFEST.replace(MODEL, (MODEL + ",").repeat(WeightsManifest.MAX_MODELS) + MODEL), "/models");
    }

    @Test
    void noNameIsThereTwiceInWhateverCase() {
        refused(MANIFEST.replace(MODEL, MODEL + "," + MODEL.replace("tests/model", "Tests/Model")), "/models/1/name");
        refused(MANIFEST.replace(FILE, FILE + "," + FILE.replace("config", "CONFIG")), "/models/0/files/1/name");
    }

    @Test
    void whatAManifestNamesIsBelowTheCache(@TempDir Path cache) throws IOException {
        ModelStore store = ModelStore.inDirectory(cache).withManifest(parse(MANIFEST));
        Path directory = store.directory(store.model("tests/model"));
        assertTrue(directory.startsWith(cache), directory.toString());
        assertEquals(directory, directory.normalize());
        // The records can be made without the reader's checks.
        assertThrows(
                IllegalArgumentException.class,
                () -> store.directory(new Model("../..", "../..", "Apache-2.0", List.of())));
    }
}
