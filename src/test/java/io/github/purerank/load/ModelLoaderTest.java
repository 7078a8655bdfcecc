package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.kernel.TestKernels;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a model's files do not fit each other. */
class ModelLoaderTest {
    /** The parts of a tokenizer.json whose template gives the second text, and what stands after it, a type. */
    private static String tokenizerJson(int type) {
        String special = "{'SpecialToken': {'id': '[SEP]', 'type_id': %d}}";
        return ("{'version': '1.0', 'truncation': null, 'padding': null, 'added_tokens': [], 'normalizer': null,"
                        + " 'pre_tokenizer': {'type': 'BertPreTokenizer'},"
                        + " 'post_processor': {'type': 'TemplateProcessing', 'single': [], 'pair': ["
                        + "{'Sequence': {'id': 'A', 'type_id': 0}}, " + special.formatted(0)
                        + ", {'Sequence': {'id': 'B', 'type_id': " + type + "}}, " + special.formatted(type)
                        + "], 'special_tokens': {'[SEP]': {'id': '[SEP]', 'ids': [3], 'tokens': ['[SEP]']}}},"
                        + " 'decoder': null, 'model': {'type': 'WordPiece', 'unk_token': '[UNK]',"
                        + " 'continuing_subword_prefix': '##', 'max_input_chars_per_word': 100,"
                        + " 'vocab': {'[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, '[MASK]': 4, 'a': 5}}}")
                .replace('\'', '"');
    }

    /** A network of one token type with a tokenizer. */
    private static MemoryFiles withOneType(String tokenizerConfig, String tokenizerJson) {
        Map<String, byte[]> files = new HashMap<>(
                ((MemoryFiles) TestModels.tiny("gelu-tanh-heads-of-one").files()).files());
        files.put("tokenizer_config.json", tokenizerConfig.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer.json", tokenizerJson.getBytes(StandardCharsets.UTF_8));
        return new MemoryFiles(files);
    }

    private static LoadedModel load(MemoryFiles files) throws IOException {
        return ModelLoader.load(files, TestKernels.scalar(), Runnable::run);
    }

    @Test
    void aTokenTypeThatTheNetworkLacksIsRefused() throws IOException {
        for (MemoryFiles files : new MemoryFiles[] {
            withOneType("{}", tokenizerJson(0)),
            withOneType(
                    "{'tokenizer_class': 'PreTrainedTokenizerFast',"
                            + " 'model_input_names': ['input_ids', 'token_type_ids']}",
                    tokenizerJson(1))
        }) {
            ModelFormatException e = assertThrows(ModelFormatException.class, () -> load(files));
            assertEquals(files.describe("config.json"), e.file());
            assertEquals("/type_vocab_size", e.location());
            assertEquals("1", e.found());
            // Its tokens can be had all the same.
            Encoding encoding = ModelLoader.loadTokenizer(files).encoder().encode("a", "a", 9);
            assertEquals(1, encoding.tokenTypeId(encoding.size() - 1));
        }
    }

    @Test
    void oneTypeIsEnoughForATokenizerThatGivesNoOther() throws IOException {
        for (MemoryFiles files : new MemoryFiles[] {
            withOneType("{'tokenizer_class': 'DistilBertTokenizer'}", tokenizerJson(1)),
            withOneType("{'model_input_names': ['input_ids']}", tokenizerJson(1)),
            withOneType("{'tokenizer_class': 'PreTrainedTokenizerFast'}", tokenizerJson(1)),
            withOneType(
                    "{'tokenizer_class': 'PreTrainedTokenizerFast',"
                            + " 'model_input_names': ['input_ids', 'token_type_ids']}",
                    tokenizerJson(0))
        }) {
            Encoding encoding = load(files).encoder().encode("a", "a", 9);
            assertArrayEquals(new int[encoding.size()], encoding.tokenTypeIds());
        }
    }

    /** Loading is most of what a short run does. */
    @Test
    void noFileIsReadTwice() throws IOException {
        List<String> read = Collections.synchronizedList(new ArrayList<>());
        ModelFiles files = TestModels.defaultModel().files();
        ModelLoader.load(
                new ModelFiles() {
                    @Override
                    public ModelFiles folder(String name) throws ModelFormatException {
                        return files.folder(name);
                    }

                    @Override
                    public boolean has(String name) throws IOException {
                        return files.has(name);
                    }

                    @Override
                    public byte[] read(String name, int maxBytes) throws IOException {
                        read.add(name);
                        return files.read(name, maxBytes);
                    }

                    @Override
                    public SeekableByteChannel open(String name) throws IOException {
                        read.add(name);
                        return files.open(name);
                    }

                    @Override
                    public String describe(String name) {
                        return files.describe(name);
                    }
                },
                TestKernels.scalar(),
                Runnable::run);
        assertTrue(read.contains("tokenizer_config.json"), read.toString());
        assertEquals(read.stream().distinct().toList(), read);
    }
}
