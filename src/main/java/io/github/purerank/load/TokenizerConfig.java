package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.text.AddedToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What tokenizer_config.json and the files that it replaced, special_tokens_map.json and added_tokens.json, say together.
 *
 * <p>Follows {@code PreTrainedTokenizerBase._from_pretrained} of transformers 5.18 (tokenization_utils_base.py): the two older
 * files count only where tokenizer_config.json has no added_tokens_decoder, and there special_tokens_map.json goes before
 * tokenizer_config.json.
 *
 * @param tokenizerClass the name of the class in transformers, without "Fast" at its end
 * @param lowercase do_lower_case
 * @param stripAccents strip_accents; empty to follow lowercase
 * @param handleChineseChars tokenize_chinese_chars
 * @param namedTokens the special tokens that have a role, such as sep_token; an empty one has none
 * @param extraTokens special tokens without a role
 * @param addedTokens added tokens by the ids that they have there
 * @param hasAddedTokens whether those are all there are, so that those of tokenizer.json do not count
 * @param truncatesLeft truncation_side
 * @param inputNames model_input_names
 * @param splitsSpecialTokens split_special_tokens
 */
record TokenizerConfig(
        Optional<String> tokenizerClass,
        boolean lowercase,
        Optional<Boolean> stripAccents,
        boolean handleChineseChars,
        Map<String, Optional<AddedToken>> namedTokens,
        List<AddedToken> extraTokens,
        Map<Integer, AddedToken> addedTokens,
        boolean hasAddedTokens,
        Optional<Boolean> truncatesLeft,
        Optional<List<String>> inputNames,
        boolean splitsSpecialTokens) {
    private static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
    private static final String ADDED_TOKENS = "added_tokens.json";

    /** The roles that every tokenizer knows, in the order in which their tokens are added. */
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /** What the reference would take as arguments of its own; no file that it wrote has them. */
    private static final Set<String> REFUSED = Set.of(
            "vocab",
            "merges",
            "tokenizer_object",
            "tokenizer_truncation",
            "tokenizer_padding",
            "post_processor",
            "gguf_file",
            "_json_truncation",
            "_json_padding",
            "auto_map");

    /**
     * Reads the older files, if they count, and puts all together.
     *
     * @param tokenizerConfig tokenizer_config.json, if there is one
     * @param modelConfig config.json, if there is one
     */
    static TokenizerConfig read(ModelFiles files, Optional<JsonValue> tokenizerConfig, Optional<JsonValue> modelConfig)
            throws IOException {
        return new Reader(files, tokenizerConfig, modelConfig).read();
    }

    /** What is gathered from the three files. */
    private static final class Reader {
        private final ModelFiles files;
        private final Map<String, JsonValue> config;
        private final Optional<JsonValue> modelConfig;
        private final Map<Integer, AddedToken> added = new TreeMap<>();

        /** Tokens with a role that every tokenizer knows. */
        private final Map<String, Optional<AddedToken>> roles = new LinkedHashMap<>();

        /** Other tokens with a name; where both have one, it is {@code named} that counts. */
        private final Map<String, Optional<AddedToken>> namedLater = new LinkedHashMap<>();

        private final Map<String, Optional<AddedToken>> named = new LinkedHashMap<>();
        private final List<AddedToken> extra = new ArrayList<>();
        private List<AddedToken> olderExtra = List.of();

        Reader(ModelFiles files, Optional<JsonValue> tokenizerConfig, Optional<JsonValue> modelConfig)
                throws ModelFormatException {
            this.files = files;
            this.modelConfig = modelConfig;
            config = tokenizerConfig.isPresent() ? tokenizerConfig.get().members() : Map.of();
        }

        TokenizerConfig read() throws IOException {
            readConfig();
            JsonValue decoder = config.get("added_tokens_decoder");
            if (decoder != null) {
                readDecoder(decoder);
            } else {
                readOlderFiles();
            }
            return new TokenizerConfig(
                    tokenizerClass(),
                    bool("do_lower_case", true),
                    find("strip_accents") == null
                            ? Optional.empty()
                            : Optional.of(find("strip_accents").bool()),
                    bool("tokenize_chinese_chars", true),
                    namedTokens(),
                    extraTokens(),
                    added,
                    decoder != null,
                    truncatesLeft(),
                    inputNames(),
                    bool("split_special_tokens", false));
        }

        private JsonValue parse(String name) throws IOException {
            return ConfigLoader.read(files, name, TokenizerLimits.MAX_BYTES);
        }

        private void readConfig() throws ModelFormatException {
            for (Map.Entry<String, JsonValue> entry : config.entrySet()) {
                String key = entry.getKey();
                JsonValue value = entry.getValue();
                if (REFUSED.contains(key)) {
                    throw value.error("no " + key + ", which is not supported");
                }
                if (ROLES.contains(key)) {
                    roles.put(key, value.isNull() ? Optional.empty() : Optional.of(savedToken(value)));
                } else if (key.endsWith("_token") && (value.isString() || isAddedToken(value))) {
                    (value.isString() ? named : namedLater).put(key, Optional.of(savedToken(value)));
                }
            }
            JsonValue tokens = find("extra_special_tokens");
            if (tokens == null || isEmpty(tokens)) {
                JsonValue older = find("additional_special_tokens");
                tokens = older == null ? tokens : older;
            }
            if (tokens != null && tokens.isObject()) {
                for (Map.Entry<String, JsonValue> token : tokens.members().entrySet()) {
                    named.put(token.getKey(), Optional.of(savedToken(token.getValue())));
                }
            } else if (tokens != null) {
                for (JsonValue token : tokens.elements()) {
                    extra.add(savedToken(token));
                }
            }
        }

        private static boolean isEmpty(JsonValue tokens) throws ModelFormatException {
            return tokens.isObject()
                    ? tokens.members().isEmpty()
                    : tokens.elements().isEmpty();
        }

        /** A token in tokenizer_config.json: its text, or an object that says of itself that it is a token. */
        private static AddedToken savedToken(JsonValue value) throws ModelFormatException {
            if (!value.isString() && !isAddedToken(value)) {
                throw value.error("a token: a string, or an object with the __type \"AddedToken\"");
            }
            return value.isString()
                    ? AddedToken.special(TokenizerLimits.token(value))
                    : addedToken(value, Optional.empty());
        }

        private static boolean isAddedToken(JsonValue value) throws ModelFormatException {
            if (!value.isObject()) {
                return false;
            }
            JsonValue type = value.find("__type").orElse(null);
            return type != null && type.isString() && type.string().equals("AddedToken");
        }

        private void readDecoder(JsonValue decoder) throws ModelFormatException {
            for (Map.Entry<String, JsonValue> entry : decoder.members().entrySet()) {
                JsonValue value = entry.getValue();
                int id;
                try {
                    id = Integer.parseInt(entry.getKey());
                } catch (NumberFormatException e) {
                    throw value.error("an id as its key");
                }
                add(id, addedToken(value, Optional.empty()), value);
            }
        }

        private void add(int id, AddedToken token, JsonValue place) throws ModelFormatException {
            if (added.size() >= TokenizerLimits.MAX_ADDED_TOKENS) {
                throw place.error("at most " + TokenizerLimits.MAX_ADDED_TOKENS + " added tokens");
            }
            added.put(id, token);
        }

        private void readOlderFiles() throws IOException {
            if (files.has(SPECIAL_TOKENS_MAP)) {
                for (Map.Entry<String, JsonValue> entry :
                        parse(SPECIAL_TOKENS_MAP).members().entrySet()) {
                    readOlderToken(entry.getKey(), entry.getValue());
                }
            }
            if (files.has(ADDED_TOKENS)) {
                Set<String> special = new HashSet<>();
                for (Optional<AddedToken> token : roles.values()) {
                    if (token.isPresent()) {
                        special.add(token.get().content());
                    }
                }
                for (AddedToken token : extra) {
                    special.add(token.content());
                }
                for (Map.Entry<String, JsonValue> entry :
                        parse(ADDED_TOKENS).members().entrySet()) {
                    TokenizerLimits.checkToken(entry.getKey(), entry.getValue());
                    boolean isSpecial = special.contains(entry.getKey());
                    add(
                            (int) entry.getValue().integer(0, TokenizerLimits.MAX_TOKENS - 1),
                            new AddedToken(entry.getKey(), false, false, false, !isSpecial, isSpecial),
                            entry.getValue());
                }
            }
        }

        private void readOlderToken(String key, JsonValue value) throws ModelFormatException {
            if (ROLES.contains(key)) {
                roles.put(key, value.isNull() ? Optional.empty() : Optional.of(olderToken(value)));
            } else if (key.equals("additional_special_tokens")) {
                olderExtra = new ArrayList<>();
                for (JsonValue token : value.elements()) {
                    olderExtra.add(AddedToken.special(TokenizerLimits.token(token)));
                }
            } else if (key.equals("extra_special_tokens") && value.isObject()) {
                for (Map.Entry<String, JsonValue> token : value.members().entrySet()) {
                    named.put(token.getKey(), Optional.of(olderToken(token.getValue())));
                }
            } else if (key.equals("extra_special_tokens")) {
                for (JsonValue token : value.elements()) {
                    extra.add(olderToken(token));
                }
            } else if (key.endsWith("_token") && (value.isString() || value.isObject())) {
                namedLater.put(key, Optional.of(olderToken(value)));
            }
        }

        /** A token in special_tokens_map.json: whatever it says, it is special. */
        private static AddedToken olderToken(JsonValue value) throws ModelFormatException {
            return value.isString()
                    ? AddedToken.special(TokenizerLimits.token(value))
                    : addedToken(value, Optional.of(true));
        }

        private Map<String, Optional<AddedToken>> namedTokens() {
            Map<String, Optional<AddedToken>> all = new LinkedHashMap<>();
            for (String role : ROLES) {
                if (roles.containsKey(role)) {
                    all.put(role, roles.get(role));
                }
            }
            all.putAll(namedLater);
            all.putAll(named);
            return all;
        }

        /** Those of special_tokens_map.json count only where tokenizer_config.json has nothing of the kind. */
        private List<AddedToken> extraTokens() {
            boolean given = !extra.isEmpty() || config.containsKey("extra_special_tokens");
            return given ? extra : olderExtra;
        }

        private static AddedToken addedToken(JsonValue value, Optional<Boolean> forceSpecial)
                throws ModelFormatException {
            value.onlyKeys("__type", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            boolean special = forceSpecial.isPresent() ? forceSpecial.get() : flag(value, "special", false);
            return new AddedToken(
                    TokenizerLimits.token(value.get("content")),
                    flag(value, "single_word", false),
                    flag(value, "lstrip", false),
                    flag(value, "rstrip", false),
                    flag(value, "normalized", !special),
                    special);
        }

        private static boolean flag(JsonValue value, String key, boolean otherwise) throws ModelFormatException {
            Optional<JsonValue> flag = value.find(key);
            return flag.isPresent() ? flag.get().bool() : otherwise;
        }

        private JsonValue find(String key) {
            JsonValue value = config.get(key);
            return value == null || value.isNull() ? null : value;
        }

        private boolean bool(String key, boolean otherwise) throws ModelFormatException {
            JsonValue value = config.get(key);
            return value == null ? otherwise : value.bool();
        }

        private Optional<String> tokenizerClass() throws ModelFormatException {
            JsonValue name = find("tokenizer_class");
            if (name == null && modelConfig.isPresent()) {
                name = modelConfig.get().findNonNull("tokenizer_class").orElse(null);
            }
            if (name == null) {
                return Optional.empty();
            }
            String text = name.string();
            return Optional.of(text.endsWith("Fast") ? text.substring(0, text.length() - 4) : text);
        }

        private Optional<Boolean> truncatesLeft() throws ModelFormatException {
            JsonValue side = config.get("truncation_side");
            if (side == null) {
                return Optional.empty();
            }
            return switch (side.string()) {
                case "left" -> Optional.of(true);
                case "right" -> Optional.of(false);
                default -> throw side.error("\"left\" or \"right\"");
            };
        }

        private Optional<List<String>> inputNames() throws ModelFormatException {
            JsonValue names = config.get("model_input_names");
            if (names == null) {
                return Optional.empty();
            }
            List<String> list = new ArrayList<>();
            for (JsonValue name : names.elements()) {
                list.add(name.string());
            }
            return Optional.of(list);
        }
    }
}
