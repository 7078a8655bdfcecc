package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile files: each breaks one rule, and each rule is broken by at least one. */
class SafetensorsRuleTest {
    @TempDir
    private Path directory;

    private static final String FLOAT = "\"dtype\":\"F32\"";

    /** A single file that breaks a rule; the location is the tensor's name, or empty. */
    record Hostile(SafetensorsRule rule, String location, byte[] file, String why) {
        @Override
        public String toString() {
            return rule + ": " + why;
        }
    }

    private static Hostile header(SafetensorsRule rule, String location, String why, String header, int dataBytes) {
        return new Hostile(rule, location, SafetensorsWriter.file(header, new byte[dataBytes]), why);
    }

    private static Hostile tensor(SafetensorsRule rule, String why, String fields, int dataBytes) {
        return header(rule, "w", why, "{\"w\":{" + fields + "}}", dataBytes);
    }

    private static Hostile length(SafetensorsRule rule, String why, long length, int moreBytes) {
        ByteBuffer file = ByteBuffer.allocate(8 + moreBytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Hostile(rule, "", file.putLong(length).array(), why);
    }

    private static Hostile shape(SafetensorsRule rule, String why, String shape, int dataBytes) {
        return tensor(rule, why, FLOAT + ",\"shape\":" + shape + ",\"data_offsets\":[0," + dataBytes + "]", dataBytes);
    }

    private static Hostile offsets(SafetensorsRule rule, String why, String offsets) {
        return tensor(rule, why, FLOAT + ",\"shape\":[2],\"data_offsets\":" + offsets, 8);
    }

    private static String member(String name, long elements, long begin, long end) {
        return SafetensorsWriter.member(name, "F32", new long[] {elements}, begin, end);
    }

    static Stream<Hostile> hostileFiles() {
        return Stream.of(lengths(), texts(), tensors(), ranges()).flatMap(s -> s);
    }

    private static Stream<Hostile> lengths() {
        SafetensorsRule inside = SafetensorsRule.HEADER_INSIDE_FILE;
        SafetensorsRule limit = SafetensorsRule.HEADER_LENGTH_LIMIT;
        return Stream.of(
                new Hostile(SafetensorsRule.HEADER_LENGTH_PRESENT, "", new byte[0], "an empty file"),
                new Hostile(SafetensorsRule.HEADER_LENGTH_PRESENT, "", new byte[7], "seven bytes"),
                length(limit, "one more than allowed", 100_000_001, 100),
                length(limit, "more than an int", 1L << 32, 100),
                length(limit, "the largest long", Long.MAX_VALUE, 100),
                length(limit, "2^64 - 1", -1, 100),
                length(limit, "2^63", Long.MIN_VALUE, 100),
                length(inside, "one more than there is", 101, 100),
                length(inside, "the most allowed in a short file", 100_000_000, 1000));
    }

    private static Stream<Hostile> texts() {
        SafetensorsRule json = SafetensorsRule.HEADER_IS_JSON;
        SafetensorsRule brace = SafetensorsRule.HEADER_STARTS_WITH_BRACE;
        SafetensorsRule unique = SafetensorsRule.KEYS_ARE_UNIQUE;
        SafetensorsRule metadata = SafetensorsRule.METADATA_IS_STRING_MAP;
        SafetensorsRule utf8 = SafetensorsRule.HEADER_IS_UTF8;
        String w = member("w", 2, 0, 8);
        String fields = FLOAT + ",\"shape\":[2],\"data_offsets\":[0,8]";
        return Stream.of(
                new Hostile(utf8, "", SafetensorsWriter.file(new byte[] {'{', '"', (byte) 0xff}, new byte[0]), "0xFF"),
                new Hostile(
                        utf8,
                        "",
                        SafetensorsWriter.file(
                                new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, new byte[0]),
                        "an encoded surrogate"),
                new Hostile(
                        utf8,
                        "",
                        SafetensorsWriter.file(new byte[] {'{', (byte) 0xc0, (byte) 0xa2, '}'}, new byte[0]),
                        "an overlong quote"),
                new Hostile(
                        json,
                        "",
                        SafetensorsWriter.file("{}".getBytes(StandardCharsets.UTF_16LE), new byte[0]),
                        "UTF-16"),
                header(brace, "", "nothing", "", 0),
                header(brace, "", "a space first", " {}", 0),
                header(brace, "", "a byte order mark", "\ufeff{}", 0),
                header(brace, "", "a list", "[]", 0),
                header(json, "", "not closed", "{" + w, 8),
                header(json, "", "a comma too many", "{" + w + ",}", 8),
                header(json, "", "a second object", "{" + w + "}{}", 8),
                header(json, "", "NUL after the end", "{" + w + "}\0", 8),
                header(json, "", "a comment", "{/**/" + w + "}", 8),
                header(json, "", "NaN", "{\"w\":{" + FLOAT + ",\"shape\":[NaN],\"data_offsets\":[0,8]}}", 8),
                header(json, "", "a leading zero", "{\"w\":{" + FLOAT + ",\"shape\":[02],\"data_offsets\":[0,8]}}", 8),
                header(json, "", "a number of 200 digits", "{\"w\":{\"shape\":[" + "9".repeat(200) + "]}}", 0),
                header(json, "", "a name of 20,000 characters", "{\"" + "w".repeat(20_000) + "\":1}", 0),
                header(json, "", "single quotes", "{'w':{" + fields + "}}", 8),
                header(unique, "", "the same tensor twice", "{" + w + "," + w + "}", 8),
                header(unique, "", "the same name, once escaped", "{" + w + ",\"\\u0077\":{" + fields + "}}", 8),
                header(unique, "w", "dtype twice", "{\"w\":{" + FLOAT + "," + fields + "}}", 8),
                header(unique, "w", "shape twice", "{\"w\":{\"shape\":[2]," + fields + "}}", 8),
                header(unique, "w", "data_offsets twice", "{\"w\":{" + fields + ",\"data_offsets\":[0,8]}}", 8),
                header(unique, "", "metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0),
                header(unique, "__metadata__", "a key twice", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0),
                header(metadata, "__metadata__", "a list", "{\"__metadata__\":[]}", 0),
                header(metadata, "__metadata__", "null", "{\"__metadata__\":null}", 0),
                header(metadata, "__metadata__", "a number", "{\"__metadata__\":{\"a\":1}}", 0),
                header(metadata, "__metadata__", "an object", "{\"__metadata__\":{\"a\":{}}}", 0),
                header(SafetensorsRule.TENSOR_COUNT_LIMIT, "", "100,001 empty tensors", emptyTensors(100_001), 0));
    }

    private static String emptyTensors(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> member("t" + i, 0, 0, 0))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Stream<Hostile> tensors() {
        SafetensorsRule fields = SafetensorsRule.TENSOR_FIELDS;
        SafetensorsRule dtype = SafetensorsRule.DTYPE_IS_KNOWN;
        SafetensorsRule shape = SafetensorsRule.SHAPE_IS_VALID;
        SafetensorsRule offsets = SafetensorsRule.OFFSETS_ARE_VALID;
        String rest = ",\"shape\":[2],\"data_offsets\":[0,8]";
        return Stream.of(
                header(fields, "w", "a list", "{\"w\":[\"F32\",[2],[0,8]]}", 8),
                header(fields, "w", "deep nesting", "{\"w\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0),
                tensor(fields, "nothing", "", 8),
                tensor(fields, "no dtype", rest.substring(1), 8),
                tensor(fields, "no shape", FLOAT + ",\"data_offsets\":[0,8]", 8),
                tensor(fields, "no data_offsets", FLOAT + ",\"shape\":[2]", 8),
                tensor(fields, "another field", FLOAT + rest + ",\"scale\":0.5", 8),
                tensor(fields, "dtype as a number", "\"dtype\":32" + rest, 8),
                tensor(fields, "dtype null", "\"dtype\":null" + rest, 8),
                tensor(dtype, "an integer type that is not read", "\"dtype\":\"I32\"" + rest, 8),
                tensor(dtype, "a quantised type", "\"dtype\":\"F8_E4M3\"" + rest, 8),
                tensor(dtype, "lower case", "\"dtype\":\"f32\"" + rest, 8),
                tensor(dtype, "an empty name", "\"dtype\":\"\"" + rest, 8),
                shape(shape, "a number", "2", 8),
                shape(shape, "a string", "\"2\"", 8),
                shape(shape, "negative", "[-2]", 8),
                shape(shape, "two negatives that make a positive", "[-2,-1]", 8),
                shape(shape, "a fraction", "[2.0]", 8),
                shape(shape, "an exponent", "[2e0]", 8),
                shape(shape, "a string in the list", "[\"2\"]", 8),
                shape(shape, "null in the list", "[null]", 8),
                shape(shape, "a list in the list", "[[2]]", 8),
                shape(shape, "2^63", "[9223372036854775808]", 8),
                shape(shape, "65 dimensions", "[2" + ",1".repeat(64) + "]", 8),
                shape(SafetensorsRule.SIZE_FITS, "elements overflow to 0", "[4294967296,4294967296]", 0),
                shape(SafetensorsRule.SIZE_FITS, "elements overflow to 2", "[2,9223372036854775807,3]", 8),
                shape(SafetensorsRule.SIZE_FITS, "bytes overflow to 0", "[4611686018427387904]", 0),
                offsets(offsets, "a number", "8"),
                offsets(offsets, "one", "[8]"),
                offsets(offsets, "none", "[]"),
                offsets(offsets, "three", "[0,8,8]"),
                offsets(offsets, "negative", "[-8,0]"),
                offsets(offsets, "a fraction", "[0,8.0]"),
                offsets(offsets, "2^64", "[0,18446744073709551616]"),
                offsets(offsets, "an object", "{\"begin\":0,\"end\":8}"));
    }

    private static Stream<Hostile> ranges() {
        SafetensorsRule inside = SafetensorsRule.RANGE_INSIDE_FILE;
        SafetensorsRule fits = SafetensorsRule.RANGE_FITS_SHAPE;
        SafetensorsRule disjoint = SafetensorsRule.RANGES_ARE_DISJOINT;
        SafetensorsRule covered = SafetensorsRule.BUFFER_IS_COVERED;
        return Stream.of(
                offsets(SafetensorsRule.RANGE_IS_ORDERED, "end before begin", "[8,0]"),
                offsets(inside, "one byte past the end", "[1,9]"),
                offsets(inside, "terabytes", "[0,8796093022208]"),
                offsets(inside, "the largest long", "[0,9223372036854775807]"),
                offsets(inside, "just past the end, far out", "[9223372036854775799,9223372036854775807]"),
                offsets(fits, "too short", "[0,4]"),
                offsets(fits, "empty", "[4,4]"),
                shape(fits, "too long for the shape", "[1]", 8),
                shape(fits, "an empty shape with data", "[0]", 8),
                tensor(fits, "two bytes for four", "\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]", 8),
                header(
                        disjoint,
                        "b",
                        "the same bytes",
                        "{" + member("a", 2, 0, 8) + "," + member("b", 2, 0, 8) + "}",
                        8),
                header(disjoint, "b", "by one byte", "{" + member("b", 1, 3, 7) + "," + member("a", 1, 0, 4) + "}", 7),
                header(disjoint, "b", "inside", "{" + member("a", 3, 0, 12) + "," + member("b", 1, 4, 8) + "}", 12),
                header(disjoint, "b", "empty inside", "{" + member("a", 2, 0, 8) + "," + member("b", 0, 4, 4) + "}", 8),
                header(covered, "a", "a hole at the start", "{" + member("a", 1, 4, 8) + "}", 8),
                header(
                        covered,
                        "b",
                        "a hole between",
                        "{" + member("a", 1, 0, 4) + "," + member("b", 1, 5, 9) + "}",
                        9),
                header(covered, "", "a byte at the end", "{" + member("a", 1, 0, 4) + "}", 5),
                header(covered, "", "data without tensors", "{}", 1));
    }

    @ParameterizedTest
    @MethodSource("hostileFiles")
    void aHostileFileIsRefusedByItsRule(Hostile hostile) {
        SafetensorsException refused = assertThrows(
                SafetensorsException.class,
                () -> Safetensors.open(new ByteArrayChannel(hostile.file()), "hostile.safetensors"));
        assertEquals(hostile.rule(), refused.rule(), refused.getMessage());
        assertEquals("hostile.safetensors", refused.file());
        assertEquals(hostile.location(), refused.location());
        assertTrue(
                refused.getMessage().length() < 1000,
                "a message of " + refused.getMessage().length());
    }

    /** What is refused takes no more memory than a small multiple of the file, whatever it claims to hold. */
    @Test
    void memoryIsBoundedByTheFilesSize() {
        com.sun.management.ThreadMXBean memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        hostileFiles().forEach(hostile -> {
            aHostileFileIsRefusedByItsRule(hostile);
            long before = memory.getCurrentThreadAllocatedBytes();
            aHostileFileIsRefusedByItsRule(hostile);
            long allocated = memory.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 200_000 + 20L * hostile.file().length, hostile + " took " + allocated + " bytes");
        });
    }

    /** A sharded model that breaks a rule: the index, and shards 1 with a, b and 2 with c unless told otherwise. */
    record HostileIndex(SafetensorsRule rule, String location, String index) {
        @Override
        public String toString() {
            return rule + " " + (index.length() < 80 ? index : index.substring(0, 80));
        }
    }

    private static HostileIndex map(SafetensorsRule rule, String location, String members) {
        return new HostileIndex(rule, location, "{\"weight_map\":{" + members + "}}");
    }

    static Stream<HostileIndex> hostileIndexes() {
        SafetensorsRule map = SafetensorsRule.INDEX_HAS_WEIGHT_MAP;
        SafetensorsRule plain = SafetensorsRule.SHARD_NAME_IS_PLAIN;
        SafetensorsRule unique = SafetensorsRule.KEYS_ARE_UNIQUE;
        String good = "\"a\":\"1\",\"b\":\"1\",\"c\":\"2\"";
        return Stream.of(
                new HostileIndex(map, "", ""),
                new HostileIndex(map, "", "[]"),
                new HostileIndex(map, "", "{}"),
                new HostileIndex(map, "", "{\"weight_map\":{}"),
                new HostileIndex(map, "", "{\"weight_map\":{}} 1"),
                new HostileIndex(map, "", "{\"metadata\":" + "[".repeat(70) + "]".repeat(70) + ",\"weight_map\":{}}"),
                new HostileIndex(map, "/weight_map", "{\"weight_map\":[]}"),
                new HostileIndex(unique, "", "{\"weight_map\":{},\"weight_map\":{" + good + "}}"),
                map(unique, "/weight_map", "\"a\":\"1\"," + good),
                map(map, "a", "\"a\":1"),
                map(map, "a", "\"a\":null"),
                map(plain, "a", "\"a\":\"\""),
                map(plain, "a", "\"a\":\".\""),
                map(plain, "a", "\"a\":\"..\""),
                map(plain, "a", "\"a\":\"../1\""),
                map(plain, "a", "\"a\":\"/etc/passwd\""),
                map(plain, "a", "\"a\":\"x/1\""),
                map(plain, "a", "\"a\":\"..\\\\1\""),
                map(plain, "a", "\"a\":\"C:1\""),
                map(plain, "a", "\"a\":\"1\\u0000\""),
                map(SafetensorsRule.SHARD_EXISTS, "a", "\"a\":\"3\""),
                map(
                        SafetensorsRule.SHARD_COUNT_LIMIT,
                        "/weight_map",
                        IntStream.range(0, 513)
                                .mapToObj(i -> "\"t" + i + "\":\"" + i + "\"")
                                .collect(Collectors.joining(","))),
                map(
                        SafetensorsRule.TENSOR_COUNT_LIMIT,
                        "/weight_map",
                        IntStream.range(0, 100_001)
                                .mapToObj(i -> "\"t" + i + "\":\"1\"")
                                .collect(Collectors.joining(","))),
                map(SafetensorsRule.INDEXED_TENSOR_IN_SHARD, "d", good + ",\"d\":\"2\""),
                map(SafetensorsRule.INDEXED_TENSOR_IN_SHARD, "c", "\"a\":\"1\",\"b\":\"1\",\"c\":\"1\""),
                map(SafetensorsRule.SHARD_TENSOR_IN_INDEX, "b", "\"a\":\"1\",\"c\":\"2\""));
    }

    private ModelFiles sharded(String index) throws IOException {
        new SafetensorsWriter()
                .add("a", new float[] {1}, 1)
                .add("b", new float[] {2}, 1)
                .writeTo(directory.resolve("1"));
        new SafetensorsWriter().add("c", DType.F16, new float[] {3}, 1).writeTo(directory.resolve("2"));
        Files.writeString(directory.resolve("model.safetensors.index.json"), index);
        return ModelFiles.inDirectory(directory);
    }

    @ParameterizedTest
    @MethodSource("hostileIndexes")
    void aHostileIndexIsRefusedByItsRule(HostileIndex hostile) throws IOException {
        ModelFiles files = sharded(hostile.index());
        SafetensorsException refused = assertThrows(SafetensorsException.class, () -> Safetensors.openModel(files));
        assertEquals(hostile.rule(), refused.rule(), refused.getMessage());
        assertEquals(hostile.location(), refused.location());
    }

    @Test
    void aTensorInTwoShardsIsRefused() throws IOException {
        ModelFiles files = sharded("{\"weight_map\":{\"a\":\"1\",\"b\":\"1\",\"c\":\"2\"}}");
        new SafetensorsWriter()
                .add("c", new float[] {3}, 1)
                .add("a", new float[] {1}, 1)
                .writeTo(directory.resolve("2"));
        SafetensorsException refused = assertThrows(SafetensorsException.class, () -> Safetensors.openModel(files));
        assertEquals(SafetensorsRule.SHARD_TENSOR_IN_INDEX, refused.rule());
        assertEquals("a", refused.location());
        assertEquals(directory.resolve("2").toString(), refused.file());
    }

    @Test
    void shardsReadAsOne() throws IOException {
        ModelFiles files = sharded(
                "{\"metadata\":{\"total_size\":10,\"x\":[{}]},\"weight_map\":{\"c\":\"2\",\"a\":\"1\",\"b\":\"1\"}}");
        try (Safetensors tensors = Safetensors.openModel(files)) {
            assertEquals(
                    List.of("c", "a", "b"), new ArrayList<>(tensors.tensors().keySet()));
            assertEquals(1, tensors.readAll("a")[0]);
            assertEquals(2, tensors.readAll("b")[0]);
            assertEquals(3, tensors.readAll("c")[0]);
            assertTrue(tensors.describe().endsWith("model.safetensors.index.json"), tensors.describe());
        }
    }

    @Test
    void everyRuleIsBrokenByAFile() {
        Set<SafetensorsRule> tested = EnumSet.noneOf(SafetensorsRule.class);
        hostileFiles().forEach(hostile -> tested.add(hostile.rule()));
        hostileIndexes().forEach(hostile -> tested.add(hostile.rule()));
        assertEquals(EnumSet.allOf(SafetensorsRule.class), tested);
    }

    /** A damaged file is refused or read; nothing else comes out of it. */
    @Test
    void randomDamageGivesNothingButNamedErrors() throws IOException {
        byte[] good = new SafetensorsWriter()
                .metadata("format", "pt")
                .add("embeddings.weight", DType.F16, new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .add("position_ids", new long[] {0, 1}, 1, 2)
                .add("bias", new float[] {1, 2}, 2)
                .toBytes();
        Random random = new Random(20_260_101);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                // Half of it in the digits and punctuation that matter most.
                bad[random.nextInt(bad.length - 50)] = random.nextBoolean()
                        ? (byte) "0123456789,:[]{}\"".charAt(random.nextInt(17))
                        : (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            try (Safetensors tensors = Safetensors.open(new ByteArrayChannel(bad), "damaged")) {
                for (TensorInfo info : tensors.tensors().values()) {
                    if (info.dtype().isFloatingPoint()) {
                        assertEquals(info.elementCount(), tensors.readAll(info.name()).length);
                    } else {
                        assertEquals(info.elementCount(), tensors.readAllLongs(info.name()).length);
                    }
                }
            } catch (SafetensorsException e) {
                refused++;
            }
        }
        assertTrue(refused > 10_000, refused + " were refused");
    }
}
