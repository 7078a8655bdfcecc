package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import java.util.Optional;

/**
 * A model's configuration with the files that it was read from, which its tokenizer depends on as well.
 *
 * @param config all that they say about the model
 * @param configJson config.json
 * @param tokenizerConfigJson tokenizer_config.json, if there is one
 */
record SavedConfig(ModelConfig config, JsonValue configJson, Optional<JsonValue> tokenizerConfigJson) {}
