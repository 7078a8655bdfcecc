package io.github.purerank.load;

import java.nio.file.Path;

/**
 * A model that is complete, each file compared with its checksum.
 *
 * @param name the model's full name
 * @param directory where its files are
 * @param files how many files were missing and have been fetched; 0 if all were there already
 */
public record FetchedModel(String name, Path directory, int files) {}
