package io.github.purerank.format;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The header of one safetensors file: which tensors there are and which bytes hold them.
 *
 * <p>{@code {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__": {"format": "pt"}}},
 * offsets counted from the header's end.
 */
final class SafetensorsHeader {
    /** The reference's limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE). The header of a 12-layer BERT has 25 kB. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    /** Most tensors of one file; a BERT has 16 a layer and ten more. Bounds what is kept for each. */
    static final int MAX_TENSORS = 100_000;

    /** Most dimensions of a tensor: what PyTorch allows. */
    static final int MAX_DIMENSIONS = 64;

    private static final String METADATA = "__metadata__";

    /** A tensor and its bytes, begin inclusive, end exclusive, counted from the header's end. */
    record Entry(TensorInfo info, long begin, long end) {}

    private final String file;
    private final long bufferBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private boolean metadataSeen;

    private SafetensorsHeader(String file, long bufferBytes) {
        this.file = file;
        this.bufferBytes = bufferBytes;
    }

    /**
     * Reads and checks a header.
     *
     * @param json the header without its length
     * @param bufferBytes how many bytes the file has after the header
     * @param file the file's name for messages
     * @return the tensors in the order of the header
     */
    static Map<String, Entry> parse(byte[] json, long bufferBytes, String file) throws SafetensorsException {
        SafetensorsHeader header = new SafetensorsHeader(file, bufferBytes);
        header.readObject(json);
        header.requireCovered();
        return header.entries;
    }

    private void readObject(byte[] json) throws SafetensorsException {
        String text;
        try {
            text = JsonText.decode(json);
        } catch (CharacterCodingException e) {
            throw broken(SafetensorsRule.HEADER_IS_UTF8, "", "a header in UTF-8", "other bytes");
        }
        if (!text.startsWith("{")) {
            String found = text.isEmpty() ? "an empty header" : "\"" + text.charAt(0) + "\"";
            throw broken(SafetensorsRule.HEADER_STARTS_WITH_BRACE, "", "a header that starts with \"{\"", found);
        }
        try (JsonParser parser = JsonText.parser(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                readMember(parser, parser.currentName());
            }
            if (parser.nextToken() != null) {
                throw broken(SafetensorsRule.HEADER_IS_JSON, "", "one JSON object", "more after it");
            }
        } catch (JacksonException e) {
            throw broken(SafetensorsRule.HEADER_IS_JSON, "", "a header in JSON", JsonText.describe(e, text));
        }
    }

    private void readMember(JsonParser parser, String name) throws SafetensorsException {
        if (name.equals(METADATA)) {
            requireNew(!metadataSeen, METADATA, "");
            metadataSeen = true;
            checkMetadata(parser);
            return;
        }
        requireNew(!entries.containsKey(name), name, "");
        if (entries.size() == MAX_TENSORS) {
            throw broken(SafetensorsRule.TENSOR_COUNT_LIMIT, "", "at most " + MAX_TENSORS + " tensors", "more");
        }
        entries.put(name, readTensor(parser, name));
    }

    private void checkMetadata(JsonParser parser) throws SafetensorsException {
        String expected = "an object of strings";
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw broken(SafetensorsRule.METADATA_IS_STRING_MAP, METADATA, expected, describe(parser));
        }
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            requireNew(keys.add(key), key, METADATA);
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw broken(SafetensorsRule.METADATA_IS_STRING_MAP, METADATA, expected, describe(parser));
            }
        }
    }

    private Entry readTensor(JsonParser parser, String name) throws SafetensorsException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw broken(
                    SafetensorsRule.TENSOR_FIELDS,
                    name,
                    "an object with dtype, shape and data_offsets",
                    describe(parser));
        }
        DType dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    requireNew(dtype == null, field, name);
                    dtype = readDType(parser, name);
                }
                case "shape" -> {
                    requireNew(shape == null, field, name);
                    shape = readIntegers(parser, name, SafetensorsRule.SHAPE_IS_VALID, MAX_DIMENSIONS, "shape");
                }
                case "data_offsets" -> {
                    requireNew(offsets == null, field, name);
                    offsets = readIntegers(parser, name, SafetensorsRule.OFFSETS_ARE_VALID, 2, "data_offsets");
                }
                default ->
                    throw broken(
                            SafetensorsRule.TENSOR_FIELDS,
                            name,
                            "dtype, shape and data_offsets alone",
                            "\"" + field + "\"");
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
            throw broken(SafetensorsRule.TENSOR_FIELDS, name, "dtype, shape and data_offsets", "no " + missing);
        }
        if (offsets.size() != 2) {
            throw broken(SafetensorsRule.OFFSETS_ARE_VALID, name, "two data_offsets", Integer.toString(offsets.size()));
        }
        return checked(new TensorInfo(name, dtype, shape), offsets.get(0), offsets.get(1));
    }

    private Entry checked(TensorInfo info, long begin, long end) throws SafetensorsException {
        long bytes;
        try {
            bytes = Math.multiplyExact(info.elementCount(), (long) info.dtype().bytes());
        } catch (ArithmeticException e) {
            throw broken(
                    SafetensorsRule.SIZE_FITS, info.name(), "a size of less than 2^63 bytes", "shape " + info.shape());
        }
        if (begin > end) {
            throw broken(SafetensorsRule.RANGE_IS_ORDERED, info.name(), "begin <= end", begin + " and " + end);
        }
        if (end > bufferBytes) {
            throw broken(
                    SafetensorsRule.RANGE_INSIDE_FILE,
                    info.name(),
                    "an end of at most " + bufferBytes,
                    Long.toString(end));
        }
        if (end - begin != bytes) {
            throw broken(
                    SafetensorsRule.RANGE_FITS_SHAPE,
                    info.name(),
                    bytes + " bytes for " + info.dtype() + " " + info.shape(),
                    Long.toString(end - begin));
        }
        return new Entry(info, begin, end);
    }

    private DType readDType(JsonParser parser, String tensor) throws SafetensorsException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw broken(SafetensorsRule.TENSOR_FIELDS, tensor, "dtype as a string", describe(parser));
        }
        String name = parser.getString();
        Optional<DType> dtype = DType.named(name);
        if (dtype.isEmpty()) {
            throw broken(
                    SafetensorsRule.DTYPE_IS_KNOWN,
                    tensor,
                    "a dtype of " + List.of(DType.values()),
                    "\"" + name + "\"");
        }
        return dtype.get();
    }

    private List<Long> readIntegers(JsonParser parser, String tensor, SafetensorsRule rule, int limit, String field)
            throws SafetensorsException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw noIntegers(rule, tensor, limit, field, describe(parser));
        }
        List<Long> integers = new ArrayList<>(4);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0) {
                throw noIntegers(rule, tensor, limit, field, describe(parser));
            }
            if (integers.size() == limit) {
                throw noIntegers(rule, tensor, limit, field, "more");
            }
            integers.add(parser.getLongValue());
        }
        return integers;
    }

    private SafetensorsException noIntegers(
            SafetensorsRule rule, String tensor, int limit, String field, String found) {
        return broken(rule, tensor, field + " as a list of at most " + limit + " non-negative integers", found);
    }

    /** Ordered by their ranges, each tensor begins where the one before it ends, and the last ends with the file. */
    private void requireCovered() throws SafetensorsException {
        List<Entry> byRange = new ArrayList<>(entries.values());
        byRange.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        for (Entry entry : byRange) {
            if (entry.begin() != covered) {
                throw broken(
                        entry.begin() < covered
                                ? SafetensorsRule.RANGES_ARE_DISJOINT
                                : SafetensorsRule.BUFFER_IS_COVERED,
                        entry.info().name(),
                        "data from byte " + covered,
                        "from byte " + entry.begin());
            }
            covered = entry.end();
        }
        if (covered != bufferBytes) {
            throw broken(
                    SafetensorsRule.BUFFER_IS_COVERED,
                    "",
                    covered + " bytes of tensors after the header",
                    Long.toString(bufferBytes));
        }
    }

    private void requireNew(boolean isNew, String key, String location) throws SafetensorsException {
        if (!isNew) {
            throw broken(SafetensorsRule.KEYS_ARE_UNIQUE, location, "each key once", "\"" + key + "\" twice");
        }
    }

    private SafetensorsException broken(SafetensorsRule rule, String location, String expected, String found) {
        return new SafetensorsException(rule, file, location, expected, found);
    }

    private static String describe(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + parser.getString();
            default -> String.valueOf(parser.getString());
        };
    }
}
