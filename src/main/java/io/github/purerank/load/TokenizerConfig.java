package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.text.AddedToken;
import java.io.IOException;
import java.util.ArrayList;
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
    private static final String FILE = "tokenizer_config.json";
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

    static TokenizerConfig read(ModelFiles files) throws IOException {
        return new Reader(files).read();
    }

    /** What is gathered from the three files. */
    private static final class Reader {
        private final ModelFiles files;
        private final Map<String, JsonValue> config;
        private final Map<String, JsonValue> tokens = new LinkedHashMap<>();
        private final Map<Integer, AddedToken> added = new TreeMap<>();
        private JsonValue extra;

        Reader(ModelFiles files) throws IOException {
            this.files = files;
            config = files.has(FILE) ? parse(FILE).members() : Map.of();
        }

        TokenizerConfig read() throws IOException {
            for (Map.Entry<String, JsonValue> entry : config.entrySet()) {
                if (REFUSED.contains(entry.getKey())) {
                    throw entry.getValue().error("no " + entry.getKey() + ", which is not supported");
                }
                gather(entry.getKey(), entry.getValue());
            }
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
            return JsonValue.parse(files.read(name, TokenizerLimits.MAX_BYTES), files.describe(name));
        }

        /** Keeps what may be a special token. */
        private void gather(String key, JsonValue value) throws ModelFormatException {
            boolean token = ROLES.contains(key) || key.endsWith("_token") && (value.isString() || isAddedToken(value));
            if (token) {
                tokens.put(key, value);
            } else if (key.equals("extra_special_tokens") || key.equals("additional_special_tokens") && extra == null) {
                extra = value.isNull() ? extra : value;
            }
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
                    gather(entry.getKey(), entry.getValue());
                }
            }
            if (files.has(ADDED_TOKENS)) {
                List<String> special = new ArrayList<>();
                for (Optional<AddedToken> token : namedTokens().values()) {
                    token.ifPresent(value -> special.add(value.content()));
                }
                extraTokens().forEach(token -> special.add(token.content()));
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

        private Map<String, Optional<AddedToken>> namedTokens() throws ModelFormatException {
            Map<String, Optional<AddedToken>> named = new LinkedHashMap<>();
            for (String role : ROLES) {
                if (tokens.containsKey(role)) {
                    named.put(role, namedToken(tokens.get(role)));
                }
            }
            for (Map.Entry<String, JsonValue> token : tokens.entrySet()) {
                if (!ROLES.contains(token.getKey())) {
                    named.put(token.getKey(), namedToken(token.getValue()));
                }
            }
            if (extra != null && extra.isObject()) {
                for (Map.Entry<String, JsonValue> token : extra.members().entrySet()) {
                    named.put(token.getKey(), namedToken(token.getValue()));
                }
            }
            return named;
        }

        private Optional<AddedToken> namedToken(JsonValue value) throws ModelFormatException {
            if (value.isNull()) {
                return Optional.empty();
            }
            if (value.isString()) {
                return Optional.of(AddedToken.special(TokenizerLimits.token(value)));
            }
            return Optional.of(addedToken(value, Optional.of(true)));
        }

        private List<AddedToken> extraTokens() throws ModelFormatException {
            List<AddedToken> list = new ArrayList<>();
            if (extra != null && !extra.isObject()) {
                for (JsonValue value : extra.elements()) {
                    list.add(
                            value.isString()
                                    ? AddedToken.special(TokenizerLimits.token(value))
                                    : addedToken(value, Optional.empty()));
                }
            }
            return list;
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

        private Optional<String> tokenizerClass() throws IOException {
            JsonValue name = find("tokenizer_class");
            if (name == null && files.has(ConfigLoader.CONFIG)) {
                name = ConfigLoader.read(files, ConfigLoader.CONFIG)
                        .findNonNull("tokenizer_class")
                        .orElse(null);
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
