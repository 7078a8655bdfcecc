package io.github.purerank.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairEncoderTest {
    private static final List<String> TEXTS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a", "b", "##b", "ab", "e", "##e", ".", "[", "]", "sep", "中",
            "q");

    private static final int UNK = 1;
    private static final int CLS = 2;
    private static final int SEP = 3;

    private static Map<String, Integer> vocabulary() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        TEXTS.forEach(text -> ids.put(text, ids.size()));
        return ids;
    }

    private static PairEncoder encoder(BertNormalizer normalizer, boolean truncatesLeft, AddedToken... more) {
        WordPiece model = new WordPiece(vocabulary(), "[UNK]", "##", 100);
        Normalizers normalizers = new Normalizers(List.of(normalizer));
        List<AddedToken> added = new ArrayList<>(List.of(more));
        added.add(AddedToken.special("[SEP]"));
        return new PairEncoder(
                new AddedTokens(added, model, normalizers, false),
                normalizers,
                model,
                PairTemplate.bert(CLS, SEP),
                PairTemplate.bertSingle(CLS, SEP),
                truncatesLeft,
                true);
    }

    private static final PairEncoder UNCASED = encoder(new BertNormalizer(true, true, true, true), false);

    private static int[] ids(PairEncoder encoder, String text) {
        Tokens tokens = encoder.tokenize(text);
        int[] ids = new int[tokens.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens.id(i);
        }
        return ids;
    }

    @Test
    void aLengthThatTheSpecialTokensDoNotFitIntoIsRefused() {
        assertArrayEquals(new int[] {CLS, SEP, SEP}, UNCASED.encode("a", "b", 3).inputIds());
        for (int length : new int[] {2, 1, 0, -1, Integer.MIN_VALUE}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> UNCASED.encode("a", "b", length));
            assertTrue(e.getMessage().contains(Integer.toString(length)), e.getMessage());
        }
        assertEquals(3, UNCASED.specialTokenCount());
    }

    @Test
    void theTextThatIsNamedGivesWay() {
        Tokens three = UNCASED.tokenize("a b a");
        Tokens two = UNCASED.tokenize("b b");
        assertArrayEquals(
                new int[] {CLS, 4, SEP, 6, 6, SEP},
                UNCASED.assemble(three, two, 6, Truncation.ONLY_FIRST).inputIds());
        assertArrayEquals(
                new int[] {CLS, 4, 6, 4, SEP, 6, SEP},
                UNCASED.assemble(three, two, 7, Truncation.ONLY_SECOND).inputIds());
        // The reference leaves the text at least one token, unless nothing but special tokens is asked for.
        assertThrows(IllegalArgumentException.class, () -> UNCASED.assemble(three, two, 5, Truncation.ONLY_FIRST));
        assertThrows(IllegalArgumentException.class, () -> UNCASED.assemble(three, two, 6, Truncation.ONLY_SECOND));
        assertEquals(3, UNCASED.assemble(three, two, 3, Truncation.ONLY_SECOND).size());
    }

    @Test
    void theLeftIsCutWhereItShouldBe() {
        PairEncoder left = encoder(new BertNormalizer(true, true, true, true), true);
        Encoding encoding = left.encode("a b e", "e a b", 7);
        assertArrayEquals(new int[] {CLS, 6, 9, SEP, 4, 6, SEP}, encoding.inputIds());
        assertEquals(2, encoding.start(1));
        assertEquals(5, encoding.end(5));
    }

    @Test
    void aTextThatIsTokenizedOnceCanBeUsedInManyPairsAndWindows() {
        Tokens query = UNCASED.tokenize("ab q");
        Tokens passage = UNCASED.tokenize("a b e . a b e .");
        for (int from = 0; from < passage.size(); from++) {
            for (int to = from; to <= passage.size(); to++) {
                Encoding window = UNCASED.assemble(query, passage.slice(from, to), 100);
                assertEquals(query.size() + to - from + 3, window.size());
                for (int i = from; i < to; i++) {
                    int at = 2 + query.size() + i - from;
                    assertEquals(passage.id(i), window.inputId(at));
                    assertEquals(2 * i, window.start(at));
                    assertEquals(1, window.text(at));
                }
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> passage.slice(3, 9));
        assertThrows(IndexOutOfBoundsException.class, () -> passage.id(8));
    }

    @Test
    void encodingAndAssemblingAreTheSame() {
        Random random = new Random(7);
        String[] pieces = {"a", "b", "ab", "abab", "aaaa", "[SEP]", ".", "x", " ", " ", "\u0301", "中"};
        for (boolean left : new boolean[] {false, true}) {
            PairEncoder encoder = encoder(new BertNormalizer(true, true, true, true), left);
            for (int i = 0; i < 3_000; i++) {
                StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
                for (StringBuilder text : texts) {
                    for (int n = random.nextInt(20); n > 0; n--) {
                        text.append(pieces[random.nextInt(pieces.length)]);
                    }
                }
                int length = 3 + random.nextInt(20);
                Encoding whole = encoder.encode(texts[0].toString(), texts[1].toString(), length);
                Encoding parts = encoder.assemble(
                        encoder.tokenize(texts[0].toString()), encoder.tokenize(texts[1].toString()), length);
                assertArrayEquals(parts.inputIds(), whole.inputIds());
                assertArrayEquals(parts.tokenTypeIds(), whole.tokenTypeIds());
                assertTrue(whole.size() <= length);
            }
        }
    }

    @Test
    void theArraysOfAnEncodingAreCopies() {
        Encoding encoding = UNCASED.encode("a", "b", 10);
        encoding.inputIds()[1] = 99;
        encoding.tokenTypeIds()[1] = 99;
        assertArrayEquals(new int[] {CLS, 4, SEP, 6, SEP}, encoding.inputIds());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1}, encoding.tokenTypeIds());
    }

    @Test
    void aLoneSurrogateIsTreatedAsAReplacementCharacter() {
        for (String lone : new String[] {"\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d"}) {
            assertArrayEquals(ids(UNCASED, "aa"), ids(UNCASED, "a" + lone + "a"));
            assertArrayEquals(ids(UNCASED, "a [SEP]"), ids(UNCASED, "a [SEP]" + lone));
            assertArrayEquals(new int[] {}, ids(UNCASED, lone));
            Tokens tokens = UNCASED.tokenize(lone + "b");
            assertEquals(lone.length(), tokens.start(0));
            // Where the text is not cleaned it is a character that no piece has.
            PairEncoder raw = encoder(new BertNormalizer(false, false, false, false), false);
            assertArrayEquals(new int[] {UNK}, ids(raw, "a" + lone));
        }
        Tokens pair = UNCASED.tokenize("b \ud83d\ude00\ud83d b");
        assertEquals(3, pair.size());
        assertEquals(2, pair.start(1));
        assertEquals(4, pair.end(1));
        assertEquals(6, pair.start(2));
    }

    @Test
    void hostileTextsTakeTimeInProportion() {
        AddedToken normalized = new AddedToken("Q", true, true, true, true, false);
        AddedToken space = new AddedToken(" ", false, false, true, false, false);
        List<PairEncoder> encoders = List.of(
                UNCASED,
                encoder(new BertNormalizer(true, true, true, true), true, normalized),
                encoder(new BertNormalizer(false, true, true, false), false, normalized, space));
        List<String> texts = List.of(
                "a".repeat(10_000_000),
                "\u0301".repeat(1_000_000),
                "e" + "\u0301\u0323\u302e".repeat(400_000),
                "e" + "\u302e\u07ab\u0301".repeat(400_000),
                "[SEP]".repeat(1_000_000),
                "[SE".repeat(1_000_000),
                " ".repeat(3_000_000),
                "q ".repeat(1_000_000),
                " q".repeat(1_000_000),
                ("ab".repeat(50) + "c ").repeat(20_000),
                "\ud83d".repeat(3_000_000),
                "中".repeat(1_000_000),
                "각".repeat(1_000_000));
        for (PairEncoder encoder : encoders) {
            for (String text : texts) {
                // A tenth of a second each on a quiet machine; twenty times the input would not fit otherwise.
                assertTimeout(Duration.ofSeconds(10), () -> {
                    encoder.tokenize(text);
                    assertTrue(encoder.encode(text, text, 512).size() <= 512);
                });
            }
        }
        assertEquals(1_000_000, UNCASED.tokenize("[SEP]".repeat(1_000_000)).size());
        assertArrayEquals(new int[] {UNK}, ids(UNCASED, "a".repeat(10_000_000)));
    }

    @Test
    void aVocabularyThatWasMadeToCollideIsRefused() {
        int count = 3_000;
        PieceTable table = new PieceTable(count + 1, 0);
        Map<String, Integer> ids = new LinkedHashMap<>(Map.of("[UNK]", 0));
        for (int i = 0; ids.size() <= count; i++) {
            String text = Integer.toString(i, 36);
            int hash = PieceTable.EMPTY_HASH;
            for (char c : text.toCharArray()) {
                hash = PieceTable.hash(hash, c);
            }
            if (table.slot(hash) < 2) {
                ids.put(text, ids.size());
            }
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new WordPiece(ids, "[UNK]", "##", 100));
        assertTrue(e.getMessage().contains("collide"), e.getMessage());
    }
}
