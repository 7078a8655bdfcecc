/**
 * Reading files that nobody vouches for: safetensors and JSON, from a directory, a jar or anything else.
 *
 * <p>{@link io.github.purerank.format.ModelFiles} gives the files of a model by name, {@link
 * io.github.purerank.format.JsonValue} one of them as JSON and {@link io.github.purerank.format.Safetensors} the tensors, whose
 * header {@code SafetensorsHeader} reads and checks. Whatever is wrong is a {@link
 * io.github.purerank.format.ModelFormatException}. Limits and promises are in docs/security.md.
 *
 * <p>The package imports nothing of ours.
 */
package io.github.purerank.format;
