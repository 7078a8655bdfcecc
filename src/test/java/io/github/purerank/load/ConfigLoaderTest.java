package io.github.purerank.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.TextPair;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.model.Architecture;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.HiddenActivation;
import io.github.purerank.model.ScoreActivation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String BERT =
            "\"model_type\": \"bert\", \"architectures\": [\"BertForSequenceClassification\"]";
    private static final String DISTILBERT =
            "\"model_type\": \"distilbert\", \"architectures\": [\"DistilBertForSequenceClassification\"]";
    private static final String ELECTRA =
            "\"model_type\": \"electra\", \"architectures\": [\"ElectraForSequenceClassification\"]";
    private static final String ONE_LABEL = ", \"id2label\": {\"0\": \"relevance\"}";
    private static final String IDENTITY = "torch.nn.modules.linear.Identity";
    private static final String SIGMOID = "torch.nn.modules.activation.Sigmoid";

    @TempDir
    private Path directory;

    private void write(String file, String json) throws IOException {
        Files.writeString(directory.resolve(file), json);
    }

    private ModelConfig load() throws IOException {
        return ConfigLoader.load(ModelFiles.inDirectory(directory));
    }

    /** Loads a config.json with these members besides those that make it a BERT. */
    private ModelConfig load(String members) throws IOException {
        write("config.json", "{" + BERT + members + "}");
        return load();
    }

    private ModelFormatException refused(String file, String location) {
        ModelFormatException e = assertThrows(ModelFormatException.class, this::load);
        assertEquals(directory.resolve(file).toString(), e.file(), e.getMessage());
        assertEquals(location, e.location(), e.getMessage());
        return e;
    }

    private ModelFormatException refusedMembers(String members, String location) throws IOException {
        write("config.json", "{" + BERT + members + "}");
        return refused("config.json", location);
    }

    @Test
    void theDefaultModelIsRead() throws IOException {
        ModelFiles files = ModelFiles.inResources(TextPair.class, "default-model");
        assertEquals(
                new ModelConfig(
                        new BertConfig(30_522, 128, 4, 2, 512, HiddenActivation.GELU, 512, 2, 1e-12f, 1),
                        ScoreActivation.IDENTITY,
                        List.of("LABEL_0"),
                        512,
                        Map.of(),
                        Optional.empty(),
                        files,
                        Optional.empty()),
                ConfigLoader.load(files));
    }

    @Test
    void whatIsAbsentHasTheDefaultOfTransformers() throws IOException {
        ModelConfig config = load("");
        assertEquals(
                new BertConfig(30_522, 768, 12, 12, 3_072, HiddenActivation.GELU, 512, 2, 1e-12f, 2), config.bert());
        assertEquals(List.of("LABEL_0", "LABEL_1"), config.labels());
        assertEquals(ScoreActivation.IDENTITY, config.activation());
        assertEquals(512, config.maxLength());
        assertEquals("", config.defaultPromptText());
    }

    @Test
    void allSizesAreRead() throws IOException {
        ModelConfig config =
                load(", \"vocab_size\": 11, \"hidden_size\": 15, \"num_hidden_layers\": 1, \"num_attention_heads\": 5,"
                        + " \"intermediate_size\": 17, \"hidden_act\": \"relu\", \"max_position_embeddings\": 33, \"type_vocab_size\": 1,"
                        + " \"layer_norm_eps\": 1e-5, \"id2label\": {\"2\": \"c\", \"0\": \"a\", \"1\": \"b\"}");
        assertEquals(new BertConfig(11, 15, 1, 5, 17, HiddenActivation.RELU, 33, 1, 1e-5f, 3), config.bert());
        assertEquals(List.of("a", "b", "c"), config.labels());
        assertEquals(33, config.maxLength());
    }

    @Test
    void absentSizesOfTheOthersHaveTheirDefaults() throws IOException {
        write("config.json", "{\"model_type\": \"distilbert\"}");
        assertEquals(
                new BertConfig(
                        Architecture.DISTILBERT,
                        30_522,
                        768,
                        768,
                        6,
                        12,
                        3_072,
                        HiddenActivation.GELU,
                        512,
                        0,
                        1e-12f,
                        1),
                load().bert());
        write("config.json", "{\"architectures\": [\"ElectraForSequenceClassification\"]}");
        assertEquals(
                new BertConfig(
                        Architecture.ELECTRA, 30_522, 128, 256, 12, 4, 1_024, HiddenActivation.GELU, 512, 2, 1e-12f, 2),
                load().bert());
    }

    @Test
    void allSizesOfADistilBertAreRead() throws IOException {
        BertConfig expected =
                new BertConfig(Architecture.DISTILBERT, 11, 15, 15, 1, 5, 17, HiddenActivation.RELU, 33, 0, 1e-12f, 2);
        String rest = DISTILBERT + ", \"vocab_size\": 11, \"hidden_dim\": 17, \"activation\": \"relu\","
                + " \"max_position_embeddings\": 33";
        // What the model does not look at: its epsilon is fixed, its positions are weights, its sizes have other names.
        String unused = ", \"layer_norm_eps\": 5, \"type_vocab_size\": 0, \"sinusoidal_pos_embds\": true,"
                + " \"intermediate_size\": 3, \"hidden_act\": \"silu\", \"embedding_size\": 4}";
        write("config.json", "{" + rest + ", \"dim\": 15, \"n_layers\": 1, \"n_heads\": 5" + unused);
        assertEquals(expected, load().bert());
        // Checked with transformers 5.18: the common names are understood, and go before DistilBERT's own.
        write(
                "config.json",
                "{" + rest + ", \"hidden_size\": 15, \"dim\": 99, \"num_hidden_layers\": 1,"
                        + " \"num_attention_heads\": 5, \"n_heads\": 7" + unused);
        assertEquals(expected, load().bert());
    }

    @Test
    void allSizesOfAnElectraAreRead() throws IOException {
        // The classifier does not look at the summary, which is for multiple choice.
        write(
                "config.json",
                "{" + ELECTRA + ", \"vocab_size\": 11, \"embedding_size\": 4, \"hidden_size\": 15,"
                        + " \"num_hidden_layers\": 1, \"num_attention_heads\": 5, \"intermediate_size\": 17,"
                        + " \"hidden_act\": \"gelu_new\", \"max_position_embeddings\": 33, \"type_vocab_size\": 3,"
                        + " \"layer_norm_eps\": 1e-5, \"summary_type\": \"mean\", \"summary_activation\": \"tanh\","
                        + " \"summary_use_proj\": false, \"num_labels\": 3}");
        assertEquals(
                new BertConfig(Architecture.ELECTRA, 11, 4, 15, 1, 5, 17, HiddenActivation.GELU_TANH, 33, 3, 1e-5f, 3),
                load().bert());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'activation': 'silu'|/activation",
                "'activation': null|/activation",
                "'dim': 770|/n_heads",
                "'dim': 40000, 'n_heads': 100, 'vocab_size': 1|/dim",
                "'dim': 768, 'hidden_size': 65537|/hidden_size",
                "'n_heads': 5|/n_heads",
                "'n_heads': 12, 'num_attention_heads': 13|/num_attention_heads",
                "'n_layers': 0|/n_layers",
                "'num_hidden_layers': null|/num_hidden_layers",
                "'hidden_dim': 0|/hidden_dim",
                "'vocab_size': 10000000|/vocab_size",
                "'is_decoder': true|/is_decoder",
                "'position_embedding_type': 'relative_key'|/position_embedding_type",
                "'quantization_config': {'bits': 4}|/quantization_config",
                "'pruned_heads': {'0': [1]}|/pruned_heads",
            })
    void whatIsWrongInADistilBertIsNamed(String member, String pointer) throws IOException {
        write("config.json", "{" + DISTILBERT + ", " + member.replace('\'', '"') + "}");
        refused("config.json", pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'hidden_act': 'silu'|/hidden_act",
                "'embedding_size': 0|/embedding_size",
                "'embedding_size': null|/embedding_size",
                "'embedding_size': 65537|/embedding_size",
                "'vocab_size': 10000000, 'embedding_size': 300|/vocab_size",
                "'max_position_embeddings': 1000000, 'embedding_size': 3000|/max_position_embeddings",
                "'hidden_size': 258|/num_attention_heads",
                "'type_vocab_size': 0|/type_vocab_size",
                "'layer_norm_eps': 0|/layer_norm_eps",
                "'add_cross_attention': true|/add_cross_attention",
                "'position_embedding_type': 'relative_key'|/position_embedding_type",
            })
    void whatIsWrongInAnElectraIsNamed(String member, String pointer) throws IOException {
        write("config.json", "{" + ELECTRA + ", " + member.replace('\'', '"') + "}");
        refused("config.json", pointer);
    }

    @ParameterizedTest
    @CsvSource({"gelu, GELU", "gelu_new, GELU_TANH", "gelu_pytorch_tanh, GELU_TANH", "relu, RELU"})
    void hiddenActivationsAreNamedAsInTransformers(String name, HiddenActivation activation) throws IOException {
        assertEquals(
                activation, load(", \"hidden_act\": \"" + name + "\"").bert().hiddenActivation());
    }

    @Test
    void labelsAreCountedAsInTransformers() throws IOException {
        assertEquals(3, load(", \"num_labels\": 3").bert().labelCount());
        // Checked with transformers 5.18: num_labels replaces an id2label of another length.
        assertEquals(
                List.of("LABEL_0", "LABEL_1", "LABEL_2"),
                load(", \"num_labels\": 3" + ONE_LABEL).labels());
        assertEquals(
                List.of("relevance"), load(", \"num_labels\": 1" + ONE_LABEL).labels());
        assertEquals(2, load(", \"id2label\": null").bert().labelCount());
    }

    @Test
    void architecturesMayBeAbsentWhereTheTypeIsBert() throws IOException {
        // One label then, as in sentence_transformers 6.0.1.
        write("config.json", "{\"model_type\": \"bert\", \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}");
        assertEquals(List.of("LABEL_0"), load().labels());
        write("config.json", "{\"model_type\": \"bert\", \"architectures\": null" + ONE_LABEL + "}");
        assertEquals(List.of("relevance"), load().labels());
        write("config.json", "{\"architectures\": [\"Other\", \"BertForSequenceClassification\"]}");
        assertEquals(2, load().labels().size());
        write(
                "config.json",
                "{\"architectures\": [\"Other\", \"ElectraForSequenceClassification\","
                        + " \"BertForSequenceClassification\"]}");
        assertEquals(Architecture.ELECTRA, load().bert().architecture());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}| ",
                "[]| ",
                "null| ",
                "{'model_type': 'roberta', 'architectures': ['RobertaForSequenceClassification']}|/architectures/0",
                "{'model_type': 'roberta', 'architectures': ['BertForSequenceClassification']}|/model_type",
                "{'model_type': 'roberta'}|/model_type",
                "{'model_type': 'bert', 'architectures': ['ElectraForSequenceClassification']}|/architectures/0",
                "{'model_type': 'electra', 'architectures': ['ElectraForPreTraining']}|/architectures/0",
                "{'model_type': 'distilbert', 'architectures': ['DistilBertModel']}|/architectures/0",
                "{'model_type': 'Bert'}|/model_type",
                "{'model_type': 'bert', 'architectures': ['BertModel']}|/architectures/0",
                "{'model_type': 'bert', 'architectures': []}|/architectures",
                "{'model_type': 'bert', 'architectures': 'BertForSequenceClassification'}|/architectures",
                "{'model_type': 'bert', 'architectures': [1]}|/architectures/0",
                "{'model_type': 5}|/model_type",
                "{'model_type': 'bert', 'model_type': 'bert'}| ",
                "{'model_type': 'bert', 'a': {'b': [0, {'c': 1, 'c': 1}]}}|/a/b/1",
                "{'model_type': 'bert', 'a': NaN}| ",
                "{'model_type': 'bert'} x| ",
                "{'model_type': 'bert'| ",
            })
    void aConfigThatIsNoBertClassifierIsRefused(String json, String location) throws IOException {
        write("config.json", json.replace('\'', '"'));
        refused("config.json", location == null ? "" : location);
    }

    @Test
    void supportedArchitecturesAreNamed() throws IOException {
        write(
                "config.json",
                "{\"model_type\": \"roberta\", \"architectures\": [\"RobertaForSequenceClassification\"]}");
        ModelFormatException e = refused("config.json", "/architectures/0");
        assertEquals(
                "a supported architecture, which are BertForSequenceClassification,"
                        + " DistilBertForSequenceClassification and ElectraForSequenceClassification",
                e.expected());
        assertEquals("\"RobertaForSequenceClassification\"", e.found());
        write("config.json", "{\"model_type\": \"roberta\"}");
        e = refused("config.json", "/model_type");
        assertTrue(e.expected().contains("distilbert"), e.getMessage());
        assertEquals("\"roberta\"", e.found());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'is_decoder': true|/is_decoder",
                "'add_cross_attention': true|/add_cross_attention",
                "'is_encoder_decoder': true|/is_encoder_decoder",
                "'is_decoder': 1|/is_decoder",
                "'position_embedding_type': 'relative_key'|/position_embedding_type",
                "'position_embedding_type': 3|/position_embedding_type",
                "'quantization_config': {'bits': 4}|/quantization_config",
                "'pruned_heads': {'0': [1]}|/pruned_heads",
                "'auto_map': {'AutoModel': 'x.Y'}|/auto_map",
                "'hidden_act': 'silu'|/hidden_act",
                "'hidden_act': 'GELU'|/hidden_act",
                "'hidden_act': null|/hidden_act",
                "'vocab_size': 0|/vocab_size",
                "'vocab_size': -1|/vocab_size",
                "'vocab_size': '30522'|/vocab_size",
                "'vocab_size': 30522.0|/vocab_size",
                "'vocab_size': null|/vocab_size",
                "'vocab_size': 10000001|/vocab_size",
                "'vocab_size': 99999999999999999999|/vocab_size",
                "'vocab_size': 10000000|/vocab_size",
                "'hidden_size': 40000, 'num_attention_heads': 100, 'vocab_size': 1|/hidden_size",
                "'hidden_size': 65537|/hidden_size",
                "'hidden_size': 770|/num_attention_heads",
                "'num_attention_heads': 13|/num_attention_heads",
                "'num_attention_heads': 0|/num_attention_heads",
                "'num_hidden_layers': 0|/num_hidden_layers",
                "'num_hidden_layers': 1025|/num_hidden_layers",
                "'intermediate_size': 2147483648|/intermediate_size",
                "'max_position_embeddings': -1|/max_position_embeddings",
                "'type_vocab_size': 0|/type_vocab_size",
                "'layer_norm_eps': 0|/layer_norm_eps",
                "'layer_norm_eps': -1e-12|/layer_norm_eps",
                "'layer_norm_eps': 1e-300|/layer_norm_eps",
                "'layer_norm_eps': 1|/layer_norm_eps",
                "'layer_norm_eps': 1e999|/layer_norm_eps",
                "'layer_norm_eps': '1e-12'|/layer_norm_eps",
                "'id2label': {}|/id2label",
                "'id2label': []|/id2label",
                "'id2label': {'0': 1}|/id2label/0",
                "'id2label': {'1': 'a'}|/id2label",
                "'id2label': {'0': 'a', 'x': 'b'}|/id2label",
                "'num_labels': 0|/num_labels",
                "'num_labels': 65537|/num_labels",
                "'num_labels': 1.5|/num_labels",
                "'sentence_transformers': []|/sentence_transformers",
                "'sentence_transformers': {'activation_fn': 1}|/sentence_transformers/activation_fn",
            })
    void whatIsWrongInConfigIsNamed(String member, String pointer) throws IOException {
        refusedMembers(", " + member.replace('\'', '"'), pointer);
    }

    @Test
    void optionsWithoutEffectOnScoresArePassedOver() throws IOException {
        load(", \"is_decoder\": false, \"position_embedding_type\": \"absolute\", \"quantization_config\": null,"
                + " \"pruned_heads\": {}, \"chunk_size_feed_forward\": 64, \"classifier_dropout\": 0.1, \"use_cache\": true,"
                + " \"problem_type\": \"regression\", \"gradient_checkpointing\": false, \"torch_dtype\": \"float16\","
                + " \"transformers_version\": \"4.1\", \"something_new\": {\"a\": [null]}");
    }

    @Test
    void aModelWithoutConfigSaysSo() {
        FileNotFoundException e = assertThrows(FileNotFoundException.class, this::load);
        assertTrue(e.getMessage().contains("config.json"), e.getMessage());
    }

    @Test
    void anAdapterIsRefused() throws IOException {
        write("adapter_config.json", "{}");
        write("config.json", "{" + BERT + "}");
        refused("adapter_config.json", "");
    }

    @Test
    void theActivationIsSigmoidForOneLabelAndIdentityForMore() throws IOException {
        assertEquals(ScoreActivation.SIGMOID, load(ONE_LABEL).activation());
        assertEquals(ScoreActivation.IDENTITY, load(", \"num_labels\": 2").activation());
    }

    @ParameterizedTest
    @CsvSource({
        "torch.nn.modules.linear.Identity, IDENTITY",
        "torch.nn.Identity, IDENTITY",
        "torch.nn.modules.activation.Sigmoid, SIGMOID",
        "torch.nn.Sigmoid, SIGMOID"
    })
    void bothOlderLayoutsNameTheActivation(String name, ScoreActivation activation) throws IOException {
        // Two labels for Sigmoid and one for Identity, so that neither is the default.
        String labels = activation == ScoreActivation.SIGMOID ? ", \"num_labels\": 2" : ONE_LABEL;
        String old = ", \"sbert_ce_default_activation_function\": \"" + name + "\"";
        assertEquals(activation, load(labels + old).activation());
        String newer = ", \"sentence_transformers\": {\"activation_fn\": \"" + name + "\", \"version\": \"4.1.0\"}";
        assertEquals(activation, load(labels + newer).activation());
    }

    @Test
    void theNewerKeyHidesTheOlder() throws IOException {
        String old = ", \"sbert_ce_default_activation_function\": \"" + IDENTITY + "\"";
        String newer = ", \"sentence_transformers\": {\"activation_fn\": \"" + SIGMOID + "\"}";
        assertEquals(ScoreActivation.SIGMOID, load(ONE_LABEL + old + newer).activation());
        // Checked with sentence_transformers 6.0.1: null hides it too, an absent activation_fn does not.
        String nothing = ", \"sentence_transformers\": {\"activation_fn\": null}";
        assertEquals(ScoreActivation.SIGMOID, load(ONE_LABEL + old + nothing).activation());
        String absent = ", \"sentence_transformers\": {\"version\": \"4.1.0\"}";
        assertEquals(ScoreActivation.IDENTITY, load(ONE_LABEL + old + absent).activation());
        assertEquals(
                ScoreActivation.SIGMOID,
                load(ONE_LABEL + ", \"sbert_ce_default_activation_function\": null")
                        .activation());
    }

    @Test
    void anActivationFromElsewhereGivesTheDefault() throws IOException {
        assertEquals(
                ScoreActivation.SIGMOID,
                load(ONE_LABEL + ", \"sentence_transformers\": {\"activation_fn\": \"my.Activation\"}")
                        .activation());
        assertEquals(
                ScoreActivation.IDENTITY,
                load(", \"sbert_ce_default_activation_function\": \"" + "x".repeat(100_000) + "\"")
                        .activation());
    }

    @Test
    void anotherActivationOfPyTorchIsRefused() throws IOException {
        refusedMembers(
                ", \"sbert_ce_default_activation_function\": \"torch.nn.modules.activation.Tanh\"",
                "/sbert_ce_default_activation_function");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|512",
                "{'model_max_length': 128}|128",
                "{'model_max_length': 128.0}|128",
                "{'model_max_length': 513}|512",
                "{'model_max_length': 1000000000000000019884624838656}|512",
                "{'model_max_length': 1e30}|512",
                "{'model_max_length': null}|512",
                "{'max_len': 77}|77",
                "{'max_len': 77, 'model_max_length': 78}|78",
                "{'max_len': 77, 'model_max_length': null}|512",
            })
    void theLengthIsTheTokenizersUpToThePositions(String tokenizer, int maxLength) throws IOException {
        write("tokenizer_config.json", tokenizer.replace('\'', '"'));
        assertEquals(maxLength, load("").maxLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"512\"", "true", "[]", "1e999"})
    void aLengthThatIsNoneIsRefused(String length) throws IOException {
        write("config.json", "{" + BERT + "}");
        write("tokenizer_config.json", "{\"model_max_length\": " + length + "}");
        refused("tokenizer_config.json", "/model_max_length");
    }

    @Test
    void aConfigOfUnreasonableLengthIsRefused() throws IOException {
        write("config.json", " ".repeat(ConfigLoader.MAX_BYTES + 1));
        refused("config.json", "");
    }
}
