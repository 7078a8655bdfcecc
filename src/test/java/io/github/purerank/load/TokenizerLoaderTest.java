package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.text.PairEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a tokenizer's files and what is refused; which tokens come out is for TokenizerReferenceTest. */
class TokenizerLoaderTest {
    private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\n";
    private static final String JSON = ("{'version': '1.0', 'truncation': null, 'padding': null, 'added_tokens': ["
                    + "{'id': 3, 'content': '[SEP]', 'single_word': false, 'lstrip': false, 'rstrip': false,"
                    + " 'normalized': false, 'special': true}],"
                    + " 'normalizer': {'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': true,"
                    + " 'strip_accents': null, 'lowercase': true},"
                    + " 'pre_tokenizer': {'type': 'BertPreTokenizer'},"
                    + " 'post_processor': {'type': 'TemplateProcessing', 'single': [],"
                    + " 'pair': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}},"
                    + " {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 1}},"
                    + " {'SpecialToken': {'id': '[SEP]', 'type_id': 1}}],"
                    + " 'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [2], 'tokens': ['[CLS]']},"
                    + " '[SEP]': {'id': '[SEP]', 'ids': [3], 'tokens': ['[SEP]']}}},"
                    + " 'decoder': null,"
                    + " 'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##',"
                    + " 'max_input_chars_per_word': 100, 'vocab': {'[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3,"
                    + " '[MASK]': 4, 'a': 5, 'b': 6, '##b': 7}}}")
            .replace('\'', '"');
    private static final String GENERIC = "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}";

    private final Map<String, byte[]> files = new HashMap<>();

    private TokenizerLoaderTest with(String name, String content) {
        files.put(name, content.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private PairEncoder load() throws IOException {
        return TokenizerLoader.load(new MemoryFiles(files), 8);
    }

    private ModelFormatException refused() {
        return assertThrows(ModelFormatException.class, this::load);
    }

    private int[] ids(String first, String second) throws IOException {
        return load().encode(first, second, 100).inputIds();
    }

    @Test
    void theDefaultModelGivesTheIdsOfTheReference() throws IOException {
        PairEncoder encoder = TokenizerLoader.load(TokenizerCases.defaultModel(), 30522);
        assertArrayEquals(
                new int[] {
                    101, 2129, 2079, 1045, 25141, 1037, 5310, 20786, 1029, 102, 2224, 1996, 4070, 10906, 3931, 2000,
                    4604, 1037, 20786, 25141, 4957, 1012, 102
                },
                encoder.encode(
                                "How do I reset a user password?",
                                "Use the account settings page to send a password reset link.",
                                512)
                        .inputIds());
        assertEquals(30522, encoder.vocabulary().size());
        assertEquals("##ing", encoder.vocabulary().token(2075));
        assertEquals("[SEP]", encoder.vocabulary().token(102));
    }

    @Test
    void theDefaultModelsVocabularyFileIsAsGoodAsItsTokenizerFile() throws IOException {
        ModelFiles model = TokenizerCases.defaultModel();
        PairEncoder fromJson = TokenizerLoader.load(model, 30522);
        PairEncoder fromText =
                TokenizerLoader.load(new MemoryFiles(Map.of("vocab.txt", model.read("vocab.txt", 1 << 20))), 30522);
        for (int id = 0; id < 30522; id++) {
            String token = fromJson.vocabulary().token(id);
            assertEquals(token, fromText.vocabulary().token(id));
            assertArrayEquals(
                    fromJson.encode(token, token + " x", 64).inputIds(),
                    fromText.encode(token, token + " x", 64).inputIds());
        }
    }

    @Test
    void eitherVocabularyIsEnough() throws IOException {
        int[] expected = {2, 5, 7, 3, 6, 3, 3};
        assertArrayEquals(expected, with("vocab.txt", VOCABULARY).ids("AB", "b[SEP]"));
        files.clear();
        assertArrayEquals(expected, with("tokenizer.json", JSON).ids("AB", "b[SEP]"));
        assertArrayEquals(expected, with("tokenizer_config.json", GENERIC).ids("AB", "b[SEP]"));
        // Where both are there, tokenizer.json counts.
        assertArrayEquals(
                expected,
                with("vocab.txt", "x\n").with("tokenizer_config.json", "{}").ids("AB", "b[SEP]"));
    }

    @Test
    void noVocabularyIsRefused() {
        assertTrue(refused().getMessage().contains("vocab.txt"));
        with("vocab.txt", VOCABULARY).with("tokenizer_config.json", GENERIC);
        assertTrue(refused().getMessage().contains("tokenizer.json"));
    }

    @Test
    void idsBeyondTheModelAreNamed() throws IOException {
        with("vocab.txt", VOCABULARY + "c\nd\n");
        ModelFormatException e = refused();
        assertTrue(e.getMessage().contains("8 (c), 9 (d)"), e.getMessage());
        with("vocab.txt", VOCABULARY).with("tokenizer_config.json", "{'additional_special_tokens': ['<x>']}");
        e = refused();
        assertTrue(e.getMessage().contains("8 (<x>)"), e.getMessage());
        files.clear();
        with("tokenizer.json", JSON.replace("[3], \"tokens\"", "[30], \"tokens\""))
                .with("tokenizer_config.json", GENERIC);
        e = refused();
        assertTrue(e.getMessage().contains("30 (in the template)"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'version': '1.0' | 'version': '2.0' | /version",
                "'decoder' | 'surprise': 1, 'decoder' | surprise",
                "'WordPiece' | 'BPE' | /model/type",
                "'WordPiece' | 'WordPiece', 'dropout': 0.1 | dropout",
                "'max_input_chars_per_word': 100 | 'max_input_chars_per_word': 1000000 | /model/max_input_chars_per_word",
                "'max_input_chars_per_word': 100, |  | max_input_chars_per_word",
                "'##b': 7 | '##b': -7 | /model/vocab/##b",
                "'##b': 7 | '##b': 7.5 | /model/vocab/##b",
                "'##b': 7 | '##b': 4000000000 | /model/vocab/##b",
                "'##b': 7 | '\\ud800': 7 | surrogate",
                "'[UNK]': 1, |  | [UNK]",
                "'BertNormalizer' | 'NFKC' | /normalizer/type",
                "'clean_text': true, |  | clean_text",
                "'lowercase': true | 'lowercase': true, 'turkish': true | turkish",
                "'BertPreTokenizer' | 'Whitespace' | /pre_tokenizer/type",
                "'TemplateProcessing' | 'RobertaProcessing' | /post_processor/type",
                "{'Sequence': {'id': 'B', 'type_id': 1}}, |  | /post_processor/pair",
                "'id': 'B', 'type_id': 1 | 'id': 'C', 'type_id': 1 | /post_processor/pair/3/Sequence/id",
                "'id': 'B', 'type_id': 1 | 'id': 'B', 'type_id': 2 | /post_processor/pair/3/Sequence/type_id",
                "'ids': [2] | 'ids': ['2'] | /post_processor/special_tokens/[CLS]/ids/0",
                "'single_word': false |'single_word': 0 | /added_tokens/0/single_word",
                "'single_word': false |'single_word': false, 'greedy': true | greedy",
                "'id': 3, |  | id",
                "'truncation': null | 'truncation': {'direction': 'Up'} | /truncation/direction",
            })
    void whatIsNotUnderstoodInTokenizerJsonIsRefusedByName(String valid, String changed, String named) {
        String from = valid.replace('\'', '"');
        String to = changed == null ? "" : changed.replace('\'', '"');
        assertTrue(JSON.contains(from), from);
        with("tokenizer_config.json", GENERIC)
                .with("tokenizer.json", JSON.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
        ModelFormatException e = refused();
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'tokenizer_class': 'RobertaTokenizer'}",
                "{'tokenizer_class': 'MPNetTokenizer'}",
                "{'do_lower_case': null}",
                "{'do_lower_case': 'yes'}",
                "{'tokenize_chinese_chars': null}",
                "{'strip_accents': 1}",
                "{'truncation_side': 'middle'}",
                "{'sep_token': null}",
                "{'cls_token': null}",
                "{'cls_token': ''}",
                "{'unk_token': {'content': '[UNK]'}}",
                "{'unk_token': 'none'}",
                "{'vocab': {}}",
                "{'auto_map': {}}",
                "{'added_tokens_decoder': {'x': {'content': 'a'}}}",
                "{'added_tokens_decoder': {'5': 'a'}}",
                "{'additional_special_tokens': 'a'}",
                "{'model_input_names': 'input_ids'}",
            })
    void whatIsWrongInTokenizerConfigIsRefused(String config) {
        with("vocab.txt", VOCABULARY).with("tokenizer_config.json", config);
        assertTrue(refused().getMessage().contains("memory/"));
    }

    @Test
    void anAddedTokenThatIsNormalisedToNothingIsRefused() {
        with("vocab.txt", VOCABULARY)
                .with(
                        "tokenizer_config.json",
                        "{'added_tokens_decoder': {'5': {'content': '\u0301', 'normalized': true}}}");
        assertTrue(refused().getMessage().contains("leaves nothing"));
    }

    @Test
    void limitsAreKept() {
        with("vocab.txt", VOCABULARY + "x".repeat(TokenizerLimits.MAX_TOKEN_LENGTH + 1));
        assertEquals("line 9", refused().location());
        files.put("vocab.txt", "\n".repeat(TokenizerLimits.MAX_TOKENS + 1).getBytes(StandardCharsets.US_ASCII));
        assertTrue(refused().getMessage().contains(Integer.toString(TokenizerLimits.MAX_TOKENS)));
        files.put("vocab.txt", new byte[] {(byte) 0xff, '\n'});
        assertTrue(refused().getMessage().contains("UTF-8"));
    }

    @Test
    void theClassInConfigJsonCountsIfThereIsNoOther() throws IOException {
        with("tokenizer.json", JSON).with("config.json", "{'tokenizer_class': 'PreTrainedTokenizerFast'}");
        assertArrayEquals(new int[6], load().encode("a", "b b", 6).tokenTypeIds());
        with("tokenizer_config.json", "{'tokenizer_class': 'BertTokenizer'}");
        assertArrayEquals(
                new int[] {0, 0, 0, 1, 1, 1}, load().encode("a", "b b", 6).tokenTypeIds());
    }
}
