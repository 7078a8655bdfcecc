package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.ScoreActivation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout of sentence-transformers 5.4 and later; the valid files are as version 6.0.1 writes them. */
class SavedModulesTest {
    private static final String CONFIG =
            "{\"model_type\": \"bert\", \"architectures\": [\"BertForSequenceClassification\"],"
                    + " \"id2label\": {\"0\": \"LABEL_0\"},"
                    + " \"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.activation.Sigmoid\"}}";
    private static final String TYPE = "sentence_transformers.base.modules.transformer.Transformer";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeValidFiles() throws IOException {
        write("config.json", CONFIG);
        write("modules.json", module("", TYPE));
        write("config_sentence_transformers.json", crossEncoder("'activation_fn': 'torch.nn.modules.linear.Identity'"));
        write("sentence_bert_config.json", transformer(""));
    }

    private void write(String file, String json) throws IOException {
        Files.writeString(directory.resolve(file), json);
    }

    private static String module(String path, String type) {
        return "[{\"idx\": 0, \"name\": \"0\", \"path\": \"" + path + "\", \"type\": \"" + type + "\"}]";
    }

    private static String crossEncoder(String members) {
        return ("{'__version__': {'sentence_transformers': '6.0.1'}, 'model_type': 'CrossEncoder', " + members + "}")
                .replace('\'', '"');
    }

    private static String transformer(String members) {
        return ("{'transformer_task': 'sequence-classification', 'module_output_name': 'scores',"
                        + " 'modality_config': {'text': {'method': 'forward', 'method_output_name': 'logits'}}"
                        + members
                        + "}")
                .replace('\'', '"');
    }

    private ModelConfig load() throws IOException {
        return ConfigLoader.load(ModelFiles.inDirectory(directory));
    }

    private ModelFormatException refused(String file, String location) {
        ModelFormatException e = assertThrows(ModelFormatException.class, this::load);
        assertEquals(directory.resolve(file).toString(), e.file(), e.getMessage());
        assertEquals(location, e.location(), e.getMessage());
        return e;
    }

    @Test
    void theActivationIsTakenBeforeThatOfConfig() throws IOException {
        assertEquals(ScoreActivation.IDENTITY, load().activation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'activation_fn': null", "'prompts': {}", "'activation_fn': 'my.Activation'"})
    void withoutAnActivationThatOfConfigIsTaken(String members) throws IOException {
        write("config_sentence_transformers.json", crossEncoder(members));
        assertEquals(ScoreActivation.SIGMOID, load().activation());
    }

    @Test
    void anUnsupportedActivationIsRefused() throws IOException {
        write("config_sentence_transformers.json", crossEncoder("'activation_fn': 'torch.nn.modules.activation.ReLU'"));
        refused("config_sentence_transformers.json", "/activation_fn");
    }

    @Test
    void promptsAreRead() throws IOException {
        write(
                "config_sentence_transformers.json",
                crossEncoder("'prompts': {'q': 'query: ', 'n': null}, 'default_prompt_name': 'q'"));
        ModelConfig config = load();
        assertEquals(Map.of("q", "query: ", "n", ""), config.prompts());
        assertEquals(Optional.of("q"), config.defaultPrompt());
        assertEquals("query: ", config.defaultPromptText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'prompts': {'q': ''}, 'default_prompt_name': 'z'|/default_prompt_name",
                "'default_prompt_name': 'z'|/default_prompt_name",
                "'default_prompt_name': 1|/default_prompt_name",
                "'prompts': []|/prompts",
                "'prompts': {'q': 1}|/prompts/q",
                "'activation_fn': {}|/activation_fn"
            })
    void whatIsWrongInTheModelsConfigIsNamed(String members, String location) throws IOException {
        write("config_sentence_transformers.json", crossEncoder(members));
        refused("config_sentence_transformers.json", location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"model_type\": \"SentenceTransformer\", \"activation_fn\": 1}", "{\"model_type\": null}"
            })
    void withAnotherModelTypeTheTransformerAloneCounts(String json) throws IOException {
        write("config_sentence_transformers.json", json);
        write("sentence_bert_config.json", "no JSON");
        assertEquals(ScoreActivation.SIGMOID, load().activation());
        Files.delete(directory.resolve("config_sentence_transformers.json"));
        assertEquals(ScoreActivation.SIGMOID, load().activation());
    }

    @Test
    void withoutModulesTheOtherFilesDoNotCount() throws IOException {
        Files.delete(directory.resolve("modules.json"));
        write("config_sentence_transformers.json", crossEncoder("'prompts': {'q': 'x'}, 'default_prompt_name': 'q'"));
        ModelConfig config = load();
        assertEquals(ScoreActivation.SIGMOID, config.activation());
        assertEquals(Map.of(), config.prompts());
    }

    @Test
    void theTransformerMayBeInAFolder() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("0_Transformer"));
        for (String file : List.of("config.json", "sentence_bert_config.json")) {
            Files.move(directory.resolve(file), folder.resolve(file));
        }
        write("modules.json", module("0_Transformer", TYPE));
        ModelConfig config = load();
        assertEquals(ScoreActivation.IDENTITY, config.activation());
        assertEquals(folder.resolve("x").toString(), config.transformerFiles().describe("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../other", "/etc", "a/b", "."})
    void aPathOutOfTheFolderIsRefused(String path) throws IOException {
        write("modules.json", module(path, TYPE));
        assertThrows(ModelFormatException.class, this::load);
    }

    @Test
    void olderNamesOfTheTransformerAreKnown() throws IOException {
        write("modules.json", module("", "sentence_transformers.models.Transformer"));
        assertEquals(ScoreActivation.IDENTITY, load().activation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]| ",
                "{}| ",
                "[{}]|/0",
                "[{'type': 'sentence_transformers.models.Transformer'}]|/0",
                "[{'type': 'my.Transformer', 'path': ''}]|/0/type",
                "[{'type': 7, 'path': ''}]|/0/type",
                "[{'type': 'sentence_transformers.models.Transformer', 'path': 1}]|/0/path",
                "[{'type': 'sentence_transformers.models.Transformer', 'path': ''},"
                        + " {'type': 'sentence_transformers.base.modules.dense.Dense', 'path': '1_Dense'}]|/1/type",
                "[{'type': 'sentence_transformers.models.Transformer', 'path': ''},"
                        + " {'type': 'sentence_transformers.models.Transformer', 'path': ''}]| "
            })
    void otherModulesAreRefused(String json, String location) throws IOException {
        write("modules.json", json.replace('\'', '"'));
        refused("modules.json", location == null ? "" : location);
    }

    @Test
    void theTransformersLimitReplacesTheTokenizers() throws IOException {
        write("tokenizer_config.json", "{\"model_max_length\": 100}");
        assertEquals(100, load().maxLength());
        write("sentence_bert_config.json", transformer(", 'max_seq_length': 200"));
        assertEquals(200, load().maxLength());
        write("sentence_bert_config.json", transformer(", 'max_seq_length': 2000"));
        assertEquals(512, load().maxLength());
        write(
                "sentence_bert_config.json",
                transformer(", 'max_seq_length': 200, 'tokenizer_args': {'model_max_length': 30}"));
        assertEquals(30, load().maxLength());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ", 'do_lower_case': true|/do_lower_case",
                ", 'query_length': 32|/query_length",
                ", 'query_expansion': {}|/query_expansion",
                ", 'tokenizer_name_or_path': 'other/model'|/tokenizer_name_or_path",
                ", 'processing_kwargs': {'text': {}}|/processing_kwargs",
                ", 'config_kwargs': {'num_labels': 3}|/config_kwargs",
                ", 'model_kwargs': {'file_name': 'x'}|/model_kwargs",
                ", 'processor_kwargs': {'use_fast': false}|/processor_kwargs",
                ", 'max_seq_length': 0|/max_seq_length",
                ", 'max_seq_length': '512'|/max_seq_length"
            })
    void whatIsUnsupportedInTheTransformersConfigIsNamed(String members, String location) throws IOException {
        write("sentence_bert_config.json", transformer(members));
        refused("sentence_bert_config.json", location);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}| ",
                "{'max_seq_length': 512, 'do_lower_case': false}| ",
                "{'transformer_task': 'feature-extraction'}|/transformer_task",
                "{'transformer_task': 'sequence-classification', 'module_output_name': 'x'}|/module_output_name"
            })
    void anotherTaskIsRefused(String json, String location) throws IOException {
        write("sentence_bert_config.json", json.replace('\'', '"'));
        refused("sentence_bert_config.json", location == null ? "" : location);
    }

    @Test
    void harmlessOptionsArePassedOver() throws IOException {
        write(
                "sentence_bert_config.json",
                transformer(
                        ", 'do_lower_case': false, 'unpad_inputs': null, 'query_length': null,"
                                + " 'processing_kwargs': {}, 'model_kwargs': {'attn_implementation': 'eager', 'dtype': 'float32'}"));
        load();
    }

    @Test
    void aMissingTransformerConfigIsNamed() throws IOException {
        Files.delete(directory.resolve("sentence_bert_config.json"));
        FileNotFoundException e = assertThrows(FileNotFoundException.class, this::load);
        assertTrue(e.getMessage().contains("sentence_bert_config.json"), e.getMessage());
    }
}
