package io.github.purerank.format;

/**
 * The rules a safetensors file must keep. All are checked when the file is opened, before any memory is taken for its tensors.
 *
 * <p>The rules on a single file are those of {@code read_metadata} and {@code validate} in safetensors/src/tensor.rs of the
 * reference implementation; where ours is stricter, the rule says so.
 */
public enum SafetensorsRule {
    /** A file starts with the header's length in 8 bytes. */
    HEADER_LENGTH_PRESENT,
    /** The header has at most {@link SafetensorsHeader#MAX_HEADER_BYTES} bytes. */
    HEADER_LENGTH_LIMIT,
    /** The header ends inside the file. */
    HEADER_INSIDE_FILE,
    /** The header is valid UTF-8. */
    HEADER_IS_UTF8,
    /** The header's first byte is an opening brace, as the format's description asks; the reference passes over white space. */
    HEADER_STARTS_WITH_BRACE,
    /** The header is one JSON object and nothing after it but white space. */
    HEADER_IS_JSON,
    /** No key comes twice in an object, as the format's description asks; the reference takes the last. */
    KEYS_ARE_UNIQUE,
    /** {@code __metadata__} is an object of strings; the reference takes null as well. */
    METADATA_IS_STRING_MAP,
    /** There are at most {@link SafetensorsHeader#MAX_TENSORS} tensors; the reference has no limit. */
    TENSOR_COUNT_LIMIT,
    /** A tensor has dtype, shape and data_offsets and, stricter than the reference, nothing else. */
    TENSOR_FIELDS,
    /** The dtype is one of {@link DType}; the reference knows others, which no supported model uses. */
    DTYPE_IS_KNOWN,
    /** The shape is a list of at most {@link SafetensorsHeader#MAX_DIMENSIONS} integers, none negative or above 2^63 - 1. */
    SHAPE_IS_VALID,
    /** The size in bytes that follows from shape and dtype fits a long. */
    SIZE_FITS,
    /** data_offsets is a list of two non-negative integers, begin and end. */
    OFFSETS_ARE_VALID,
    /** A byte range does not end before it begins. */
    RANGE_IS_ORDERED,
    /** A byte range ends inside the file. */
    RANGE_INSIDE_FILE,
    /** A byte range is as long as shape and dtype say. */
    RANGE_FITS_SHAPE,
    /** Byte ranges do not overlap. */
    RANGES_ARE_DISJOINT,
    /** Every byte after the header belongs to a tensor. */
    BUFFER_IS_COVERED,

    /** A sharded model's index is a JSON object with an object of strings in weight_map. */
    INDEX_HAS_WEIGHT_MAP,
    /** The index names shards by the plain names of files in the model's folder. */
    SHARD_NAME_IS_PLAIN,
    /** There are at most {@link SafetensorsIndex#MAX_SHARDS} shards. */
    SHARD_COUNT_LIMIT,
    /** Every shard that the index names is there. */
    SHARD_EXISTS,
    /** A tensor of the index is in the shard that the index names. */
    INDEXED_TENSOR_IN_SHARD,
    /** A tensor of a shard is in the index, with that shard; the reference ignores others. */
    SHARD_TENSOR_IN_INDEX
}
