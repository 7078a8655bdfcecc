package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.purerank.format.MemoryFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrieveAndRerankTest {
    private static final String QUERY = "How do I reset a user password?";
    private static final List<String> DOCUMENTS = List.of(
            "Rotate the signing key before deploying a new release.",
            "Use the account settings page to send a password reset link.",
            "",
            "Äpfel 漢字 😀\nsecond line",
            "People in the city have an account.");

    @TempDir
    private Path folder;

    private static DocumentIndex index(SentenceEncoder encoder, List<String> documents) {
        return DocumentIndex.of(
                encoder,
                documents,
                EncodeOptions.defaults(),
                SemanticIndex.Storage.FLOAT,
                LoadOptions.defaults().withThreads(2));
    }

    @Test
    void candidatesAreRanked() throws IOException {
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1);
                CrossEncoder reranker = CrossEncoder.load();
                DocumentIndex index = index(encoder, DOCUMENTS)) {
            List<SearchHit> hits = index.vectors().search(encoder.encodeQuery(QUERY), 3);
            RetrieveAndRerank plain = new RetrieveAndRerank(encoder, index, null);
            List<RetrievedDocument> retrieved = plain.search(QUERY, 3);
            for (int i = 0; i < 3; i++) {
                SearchHit hit = hits.get(i);
                assertEquals(
                        new RetrievedDocument(hit.index(), hit.score(), hit.score(), DOCUMENTS.get(hit.index())),
                        retrieved.get(i));
            }
            RetrieveAndRerank both = new RetrieveAndRerank(encoder, index, reranker);
            assertEquals(
                    retrieved,
                    both.search(QUERY, SearchOptions.defaults().withTopK(3).withCandidates(0)));

            List<RetrievedDocument> best = both.search(QUERY, 2);
            List<RankedDocument> ranking = reranker.rank(QUERY, DOCUMENTS, 2);
            for (int i = 0; i < 2; i++) {
                assertEquals(ranking.get(i).index(), best.get(i).index());
                assertEquals(ranking.get(i).score(), best.get(i).score());
            }
            assertEquals(1, best.get(0).index());

            // Those that are not candidates cannot be found.
            List<String> candidates = new ArrayList<>();
            hits.forEach(hit -> candidates.add(DOCUMENTS.get(hit.index())));
            List<RetrievedDocument> ofThree =
                    both.search(QUERY, SearchOptions.defaults().withTopK(1).withCandidates(3));
            assertEquals(
                    reranker.rank(QUERY, candidates, 1).get(0).text(),
                    ofThree.get(0).text());
        }
    }

    @Test
    void anIndexIsSavedReplacedAndLoaded() throws IOException {
        Path place = folder.resolve("a/b");
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1);
                DocumentIndex index = index(encoder, DOCUMENTS)) {
            index(encoder, List.of("older")).save(place);
            Files.writeString(place.resolve("notes.txt"), "not ours");
            index.withModel("a model").save(place);
            try (Stream<Path> files = Files.list(place)) {
                assertEquals(3, files.count());
            }
            try (DocumentIndex loaded = DocumentIndex.load(place, LoadOptions.defaults())) {
                assertEquals(DOCUMENTS, loaded.documents());
                assertEquals("a model", loaded.model());
                float[] query = encoder.encodeQuery(QUERY);
                assertEquals(index.vectors().search(query, 9), loaded.vectors().search(query, 9));
            }
        }
    }

    @Test
    void damagedIndexesAreRefused() throws IOException {
        assertThrows(FileNotFoundException.class, () -> DocumentIndex.load(folder, LoadOptions.defaults()));
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1)) {
            index(encoder, List.of("a", "bc")).withModel("m").save(folder);
        }
        Path file = folder.resolve(DocumentIndex.DOCUMENTS);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) 0x81;
            Files.write(file, damaged);
            assertThrows(
                    ModelFormatException.class, () -> DocumentIndex.load(folder, LoadOptions.defaults()), "byte " + i);
            Files.write(file, Arrays.copyOf(bytes, i));
            assertThrows(
                    ModelFormatException.class,
                    () -> DocumentIndex.load(folder, LoadOptions.defaults()),
                    "length " + i);
        }
    }

    @Test
    void anotherModelIsRefused() throws IOException {
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1)) {
            try (DocumentIndex index = index(encoder, DOCUMENTS)) {
                index.withModel("the right one").save(folder);
            }
            try (DocumentIndex loaded = DocumentIndex.load(folder, LoadOptions.defaults())) {
                new RetrieveAndRerank(encoder, loaded, null).search(QUERY, 1);
                Map<String, byte[]> files = SentenceFolders.files("mean-normalize");
                eachFloatTo16Bits(files);
                try (SentenceEncoder same = load(files)) {
                    assertFalse(Arrays.equals(encoder.encode(QUERY), same.encode(QUERY)));
                    new RetrieveAndRerank(same, loaded, null).search(QUERY, 1);
                }
                SentenceFolders.replace(files, "1_Pooling/config.json", "mean", "max");
                try (SentenceEncoder otherPooling = load(files)) {
                    assertRefused(loaded, otherPooling, "another model, the right one");
                }
                try (SentenceEncoder other = SentenceReferenceTest.load("weightedmean", 1)) {
                    assertEquals(loaded.vectors().dimension(), other.embeddingDimension());
                    assertRefused(loaded, other, "another model, the right one");
                }
            }
        }
    }

    @Test
    void aModelOfFewerDimensionsIsRefused() throws IOException {
        SemanticIndex vectors =
                SemanticIndex.builder(3).add(new float[] {1, 2, 3}).build();
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1);
                DocumentIndex unknown = new DocumentIndex(List.of("a"), vectors, "somebody")) {
            unknown.requireModel(encoder);
        }
        SemanticIndex longer = SemanticIndex.builder(1000).build();
        try (SentenceEncoder encoder = SentenceReferenceTest.load("mean-normalize", 1);
                DocumentIndex index = new DocumentIndex(List.of(), longer, "somebody")) {
            assertRefused(index, encoder, "1000 elements");
        }
    }

    private static void assertRefused(DocumentIndex index, SentenceEncoder encoder, String message) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new RetrieveAndRerank(encoder, index, null));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static SentenceEncoder load(Map<String, byte[]> files) throws IOException {
        return SentenceEncoder.load(
                new MemoryFiles(files), LoadOptions.defaults().withThreads(1));
    }

    /** Cuts the weights to what BF16 has of them. */
    private static void eachFloatTo16Bits(Map<String, byte[]> files) {
        byte[] file = files.get("model.safetensors");
        int begin = Long.BYTES
                + Math.toIntExact(
                        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
        for (int i = begin; i < file.length; i += Float.BYTES) {
            file[i] = 0;
            file[i + 1] = 0;
        }
    }

    @Test
    void modelsThatCompareByDistanceAreRefused() throws IOException {
        try (SentenceEncoder encoder = SentenceReferenceTest.load("cased", 1)) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> index(encoder, DOCUMENTS));
            assertTrue(e.getMessage().contains("MANHATTAN"), e.getMessage());
        }
    }
}
