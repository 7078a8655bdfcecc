package io.github.purerank.format;

import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * model.safetensors.index.json: which file of a sharded model holds which tensor.
 *
 * <p>{@code {"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}}. The metadata is free and
 * not read.
 */
final class SafetensorsIndex {
    static final String FILE_NAME = "model.safetensors.index.json";

    /** Longest index; as many names as the longest header has. */
    static final int MAX_BYTES = SafetensorsHeader.MAX_HEADER_BYTES;

    /** Most shards: all are open at once, and processes are commonly allowed 1,024 open files. */
    static final int MAX_SHARDS = 512;

    private final String file;
    private final Map<String, String> weightMap = new LinkedHashMap<>();

    private SafetensorsIndex(String file) {
        this.file = file;
    }

    /** Tensor names to shard names, in the order of the file. */
    static Map<String, String> parse(byte[] json, String file) throws SafetensorsException {
        SafetensorsIndex index = new SafetensorsIndex(file);
        String text;
        try {
            text = JsonText.decode(json);
        } catch (CharacterCodingException e) {
            throw index.broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "", "an index in UTF-8", "other bytes");
        }
        try (JsonParser parser = JsonText.parser(text)) {
            index.readObject(parser);
        } catch (JacksonException e) {
            throw index.broken(
                    SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "", "an index in JSON", JsonText.describe(e, text));
        }
        return index.weightMap;
    }

    private void readObject(JsonParser parser) throws SafetensorsException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "", "an object", "another value");
        }
        Set<String> keys = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (!keys.add(key)) {
                throw broken(SafetensorsRule.KEYS_ARE_UNIQUE, "", "each key once", "\"" + key + "\" twice");
            }
            JsonToken value = parser.nextToken();
            if (!key.equals("weight_map")) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                readWeightMap(parser);
            } else {
                throw broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "/weight_map", "an object", "another value");
            }
        }
        if (parser.nextToken() != null) {
            throw broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "", "one JSON object", "more after it");
        }
        if (!keys.contains("weight_map")) {
            throw broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, "", "a weight_map", "none");
        }
    }

    private void readWeightMap(JsonParser parser) throws SafetensorsException {
        Set<String> shards = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String tensor = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw broken(SafetensorsRule.INDEX_HAS_WEIGHT_MAP, tensor, "a file's name", "another value");
            }
            String shard = parser.getString();
            if (!ModelFiles.isPlainName(shard)) {
                throw broken(
                        SafetensorsRule.SHARD_NAME_IS_PLAIN,
                        tensor,
                        "the name of a file in the model's folder",
                        "\"" + shard + "\"");
            }
            if (shards.add(shard) && shards.size() > MAX_SHARDS) {
                throw broken(
                        SafetensorsRule.SHARD_COUNT_LIMIT, "/weight_map", "at most " + MAX_SHARDS + " files", "more");
            }
            if (weightMap.put(tensor, shard) != null) {
                throw broken(
                        SafetensorsRule.KEYS_ARE_UNIQUE, "/weight_map", "each key once", "\"" + tensor + "\" twice");
            }
            if (weightMap.size() > SafetensorsHeader.MAX_TENSORS) {
                throw broken(
                        SafetensorsRule.TENSOR_COUNT_LIMIT,
                        "/weight_map",
                        "at most " + SafetensorsHeader.MAX_TENSORS + " tensors",
                        "more");
            }
        }
    }

    private SafetensorsException broken(SafetensorsRule rule, String location, String expected, String found) {
        return new SafetensorsException(rule, file, location, expected, found);
    }
}
