package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sentence encoder cannot be asked for, in its files and in calls. */
class SentenceRefusalsTest {
    private static SentenceEncoder load(Map<String, byte[]> files) throws IOException {
        return SentenceEncoder.load(
                new MemoryFiles(files), LoadOptions.defaults().withThreads(1));
    }

    /** The model dense-tanh-normalize with one text of a file replaced. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        modules.json | modules.pooling.Pooling | modules.cnn.CNN | /1/type | Pooling
        modules.json | modules.dense.Dense | modules.dropout.Dropout | /2/type | Dense and Normalize
        modules.json | modules.transformer.Transformer | modules.clip_model.CLIPModel | /0/type | Transformer
        1_Pooling/config.json | "mean" | "median" | /pooling_mode | weightedmean
        1_Pooling/config.json | "mean" | [] | /pooling_mode | 1 to 6 modes
        1_Pooling/config.json | 20 | 21 | /embedding_dimension | 20
        1_Pooling/config.json | include_prompt | exclude_prompt | "exclude_prompt" | known
        2_Dense/config.json | Tanh | Softplus | /activation_function | Sigmoid
        2_Dense/config.json | "in_features":20 | "in_features":19 | /in_features | 20
        2_Dense/config.json | "out_features":10 | "out_features":11 | linear.weight | [11, 20]
        2_Dense/config.json | "module_input_name":"sentence_embedding" | "module_input_name":"token_embeddings" | /module_input_name | sentence_embedding
        2_Dense/config.json | "bias" | "dropout":0.5,"bias" | "dropout" | known
        3_Normalize/config.json | "module_input_name":"sentence_embedding" | "module_input_name":"token_embeddings" | /module_input_name | sentence_embedding
        sentence_bert_config.json | feature-extraction | fill-mask | /transformer_task | feature-extraction
        sentence_bert_config.json | last_hidden_state | pooler_output | /modality_config/text/method_output_name | last_hidden_state
        sentence_bert_config.json | "text": | "image": | "image" | known
        config_sentence_transformers.json | SentenceTransformer | SparseEncoder | /model_type | SentenceTransformer
        config_sentence_transformers.json | "default_prompt_name":"query" | "default_prompt_name":"topic" | /default_prompt_name | query
        config.json | "bert" | "roberta" | /model_type | electra
        """)
    void unsupportedFilesAreRefusedByName(String file, String old, String with, String location, String expected)
            throws IOException {
        Map<String, byte[]> files = SentenceFolders.files("dense-tanh-normalize");
        SentenceFolders.replace(files, file, old, with);
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> load(files));
        assertTrue(e.getMessage().contains(location), e.getMessage());
        assertTrue(expected.equals("known") || e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void aCrossEncodersFolderIsRefused() throws IOException {
        Map<String, byte[]> files = SentenceFolders.files("cls");
        SentenceFolders.replace(files, "config_sentence_transformers.json", "SentenceTransformer\"", "CrossEncoder\"");
        assertThrows(ModelFormatException.class, () -> load(files));
    }

    @Test
    void wrongCallsAreNamed() throws IOException {
        try (SentenceEncoder model = SentenceReferenceTest.load("cls", 2)) {
            assertEquals(0, model.encode(List.of()).length);
            NullPointerException none =
                    assertThrows(NullPointerException.class, () -> model.encode(Arrays.asList("a", null)));
            assertTrue(none.getMessage().contains("text 1"), none.getMessage());
            IllegalArgumentException prompt = assertThrows(
                    IllegalArgumentException.class,
                    () -> model.encode("a", EncodeOptions.defaults().withPromptName("topic")));
            assertTrue(prompt.getMessage().contains("topic"), prompt.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> model.encode("a", EncodeOptions.defaults().withMaxLength(1)));
            IllegalArgumentException positions = assertThrows(
                    IllegalArgumentException.class,
                    () -> model.encode(
                            List.of("a", "a ".repeat(60)),
                            EncodeOptions.defaults().withMaxLength(50)));
            assertTrue(positions.getMessage().contains("text 1: 50 tokens"), positions.getMessage());
            assertThrows(
                    ScoringTimeoutException.class,
                    () -> model.encode("a", EncodeOptions.defaults().withTimeout(Duration.ZERO)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> EncodeOptions.defaults().withTruncateDimensions(0));
            List<Integer> done = new ArrayList<>();
            model.encode(
                    List.of("a", "b", "c"),
                    EncodeOptions.defaults().withBatchSize(1).withProgress((count, total) -> done.add(count)));
            assertEquals(List.of(1, 2, 3), done);
        }
        SentenceEncoder closed = SentenceReferenceTest.load("cls", 1);
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.encode("a"));
    }
}
