package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.text.AddedToken;
import io.github.purerank.text.AddedTokens;
import io.github.purerank.text.BertNormalizer;
import io.github.purerank.text.Normalizers;
import io.github.purerank.text.PairEncoder;
import io.github.purerank.text.PairTemplate;
import io.github.purerank.text.WordPiece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts a tokenizer together from a model's files, as {@code AutoTokenizer.from_pretrained} of transformers 5.18 does, which is
 * what sentence-transformers' {@code CrossEncoder} calls.
 *
 * <p>There are two roads, and tokenizer_class (in tokenizer_config.json, else in config.json) says which
 * (models/auto/tokenization_auto.py):
 *
 * <ul>
 *   <li>BertTokenizer, the classes that are only other names of it, or none: {@code BertTokenizer.__init__}
 *       (models/bert/tokenization_bert.py) takes the vocabulary alone from tokenizer.json or vocab.txt. Its normaliser follows
 *       tokenizer_config.json (do_lower_case, tokenize_chinese_chars, strip_accents), the template is BERT's, the prefix is
 *       "##" and the longest word 100, whatever tokenizer.json says.
 *   <li>PreTrainedTokenizerFast or TokenizersBackend: tokenizer.json as it is ({@code
 *       TokenizersBackend.convert_to_native_format}, tokenization_utils_tokenizers.py). This class does not give the model
 *       token types unless model_input_names asks for them.
 * </ul>
 *
 * <p>On both roads ({@code TokenizersBackend.__init__}): truncation_side, else the direction in tokenizer.json, says which end
 * of a text is cut; the strategy and the length in tokenizer.json do not count, nor does padding; the added tokens of
 * tokenizer_config.json and the special tokens that are named there are added too, and those that the vocabulary does not
 * have get the ids after it, in the order of the ids that are written with them. A written id itself does not count.
 */
public final class TokenizerLoader {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String VOCABULARY = "vocab.txt";

    /** BertTokenizer and what transformers 5.18 has as other names of it, without "Fast". */
    private static final Set<String> BERT_CLASSES = Set.of(
            "BertTokenizer",
            "ElectraTokenizer",
            "MobileBertTokenizer",
            "LayoutLMTokenizer",
            "SqueezeBertTokenizer",
            "LxmertTokenizer");

    /** A subclass of BertTokenizer that does not give the model token types. */
    private static final String DISTILBERT = "DistilBertTokenizer";

    private static final Set<String> GENERIC_CLASSES = Set.of("PreTrainedTokenizer", "TokenizersBackend");

    private static final Map<String, AddedToken> BERT_TOKENS = bertTokens();

    private TokenizerLoader() {}

    /**
     * Loads a model's tokenizer.
     *
     * @param vocabSize V, how many ids the model knows
     * @throws ModelFormatException if a file breaks the rules of its format, asks for something that is not supported, or has
     *     a token with an id of {@code vocabSize} or more
     */
    public static PairEncoder load(ModelFiles files, int vocabSize) throws IOException {
        return load(
                files,
                TokenizerConfig.read(
                        files, parsed(files, ConfigLoader.TOKENIZER_CONFIG), parsed(files, ConfigLoader.CONFIG)),
                vocabSize,
                null);
    }

    private static Optional<JsonValue> parsed(ModelFiles files, String name) throws IOException {
        return files.has(name)
                ? Optional.of(ConfigLoader.read(files, name, TokenizerLimits.MAX_BYTES))
                : Optional.empty();
    }

    /** The same where the configuration has been read. */
    static PairEncoder load(SavedConfig saved) throws IOException {
        return load(
                saved.config().transformerFiles(),
                saved.tokenizerConfigJson(),
                saved.configJson(),
                saved.config().bert().vocabSize(),
                null);
    }

    /**
     * The same.
     *
     * @param ofTexts how texts alone are tokenised; null for a tokenizer of pairs
     */
    static PairEncoder load(
            ModelFiles files,
            Optional<JsonValue> tokenizerConfig,
            JsonValue configJson,
            int vocabSize,
            TransformerOptions ofTexts)
            throws IOException {
        TokenizerConfig config = TokenizerConfig.read(files, tokenizerConfig, Optional.of(configJson));
        return load(files, config, vocabSize, ofTexts);
    }

    private static PairEncoder load(ModelFiles files, TokenizerConfig config, int vocabSize, TransformerOptions ofTexts)
            throws IOException {
        JsonValue file = files.has(TOKENIZER) ? ConfigLoader.read(files, TOKENIZER, TokenizerLimits.MAX_BYTES) : null;
        TokenizerJson json = file == null ? null : TokenizerJson.read(file);
        String name = config.tokenizerClass().orElse("BertTokenizer");
        boolean generic = GENERIC_CLASSES.contains(name);
        boolean distilbert = name.equals(DISTILBERT);
        if (!generic && !distilbert && !BERT_CLASSES.contains(name)) {
            throw new ModelFormatException(
                    files.describe(ConfigLoader.TOKENIZER_CONFIG),
                    "/tokenizer_class",
                    "a tokenizer of a BERT, such as BertTokenizer or PreTrainedTokenizerFast",
                    "\"" + name + "\"");
        }
        if (json == null && (generic || !files.has(VOCABULARY))) {
            throw new ModelFormatException(
                    files.describe(TOKENIZER), "", generic ? "this file" : "this file or " + VOCABULARY, "none");
        }
        Optional<PairTemplate> single =
                ofTexts != null && generic ? TokenizerJson.singleTemplate(file) : Optional.empty();
        return new Builder(files, config, json, generic, ofTexts, single).build(!generic && !distilbert, vocabSize);
    }

    private static Map<String, AddedToken> bertTokens() {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        tokens.put("unk_token", AddedToken.special("[UNK]"));
        tokens.put("sep_token", AddedToken.special("[SEP]"));
        tokens.put("pad_token", AddedToken.special("[PAD]"));
        tokens.put("cls_token", AddedToken.special("[CLS]"));
        tokens.put("mask_token", AddedToken.special("[MASK]"));
        return tokens;
    }

    private static final class Builder {
        private final ModelFiles files;
        private final TokenizerConfig config;
        /** Null if there is only vocab.txt. */
        private final TokenizerJson json;

        private final boolean generic;
        /** Null for a tokenizer of pairs. */
        private final TransformerOptions ofTexts;

        private final Optional<PairTemplate> writtenSingle;
        /** The added tokens that are written in any file, by the ids there. */
        private final Map<Integer, AddedToken> written;
        /** The tokens with a role. */
        private final Map<String, Optional<AddedToken>> named;

        Builder(
                ModelFiles files,
                TokenizerConfig config,
                TokenizerJson json,
                boolean generic,
                TransformerOptions ofTexts,
                Optional<PairTemplate> writtenSingle) {
            this.files = files;
            this.config = config;
            this.json = json;
            this.generic = generic;
            this.ofTexts = ofTexts;
            this.writtenSingle = writtenSingle;
            written = new TreeMap<>(config.addedTokens());
            if (!config.hasAddedTokens() && json != null) {
                for (Map.Entry<Integer, AddedToken> entry : json.addedTokens()) {
                    written.put(entry.getKey(), entry.getValue());
                }
            }
            named = named();
        }

        PairEncoder build(boolean typesByDefault, int vocabSize) throws IOException {
            String source = json != null ? TOKENIZER : VOCABULARY;
            Map<String, Integer> ids = json != null
                    ? json.vocabulary()
                    : VocabTxt.parse(files.read(VOCABULARY, TokenizerLimits.MAX_BYTES), files.describe(VOCABULARY));
            String unknown =
                    generic ? json.unknownToken() : required("unk_token").content();
            WordPiece wordPiece;
            try {
                wordPiece = generic
                        ? new WordPiece(ids, unknown, json.continuingPrefix(), json.maxWordLength())
                        : new WordPiece(ids, unknown, "##", 100);
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(
                        files.describe(source), "", "a vocabulary that can be used", e.getMessage());
            }
            Normalizers normalizers = new Normalizers(normalizers());
            AddedTokens added;
            try {
                added = new AddedTokens(addedTokens(), wordPiece, normalizers, config.splitsSpecialTokens());
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(
                        files.describe(source), "", "added tokens that can be found", e.getMessage());
            }
            PairTemplate template = template(added, true);
            checkIds(ids, added, template, vocabSize, source);
            PairTemplate single = null;
            if (ofTexts != null) {
                single = template(added, false);
                checkIds(Map.of(), added, single, vocabSize, source);
            }
            boolean types = config.inputNames().isPresent()
                    ? config.inputNames().get().contains("token_type_ids")
                    : typesByDefault;
            Optional<Boolean> jsonSide = json == null ? Optional.empty() : json.truncatesLeft();
            boolean left = config.truncatesLeft().orElse(jsonSide.orElse(false));
            return new PairEncoder(added, normalizers, wordPiece, template, single, left, types);
        }

        private List<BertNormalizer> normalizers() {
            List<BertNormalizer> all = new ArrayList<>();
            if (ofTexts != null && ofTexts.lowercasesFirst()) {
                // As in the reference, Lowercase goes before what there is (base/modules/transformer.py,
                // do_lower_case).
                all.add(new BertNormalizer(false, false, false, true));
            }
            if (generic) {
                all.addAll(json.normalizers());
            } else {
                all.add(new BertNormalizer(
                        true,
                        config.handleChineseChars(),
                        config.stripAccents().orElse(config.lowercase()),
                        config.lowercase()));
            }
            return all;
        }

        private PairTemplate template(AddedTokens added, boolean ofPairs) throws ModelFormatException {
            if (!generic) {
                int cls = added.idOf(required("cls_token").content());
                int sep = added.idOf(required("sep_token").content());
                return ofPairs ? PairTemplate.bert(cls, sep) : PairTemplate.bertSingle(cls, sep);
            }
            Optional<PairTemplate> written = ofPairs ? json.template() : writtenSingle;
            if (written.isPresent()) {
                return written.get();
            }
            PairTemplate.Builder texts = new PairTemplate.Builder().text(0, 0);
            return ofPairs ? texts.text(1, 1).build() : texts.buildSingle();
        }

        /** The tokens with a role, with the flags that added tokens of the same text have. */
        private Map<String, Optional<AddedToken>> named() {
            Map<String, AddedToken> byContent = new HashMap<>();
            for (AddedToken token : written.values()) {
                byContent.put(token.content(), token);
            }
            Map<String, Optional<AddedToken>> all = new LinkedHashMap<>();
            for (Map.Entry<String, Optional<AddedToken>> entry :
                    config.namedTokens().entrySet()) {
                AddedToken token = entry.getValue().orElse(null);
                all.put(
                        entry.getKey(),
                        token == null ? Optional.empty() : Optional.of(byContent.getOrDefault(token.content(), token)));
            }
            if (!generic) {
                for (Map.Entry<String, AddedToken> entry : BERT_TOKENS.entrySet()) {
                    all.putIfAbsent(entry.getKey(), Optional.of(entry.getValue()));
                }
            } else if (json.padToken().isPresent()) {
                all.putIfAbsent(
                        "pad_token",
                        Optional.of(AddedToken.special(json.padToken().get())));
            }
            return all;
        }

        private AddedToken required(String role) throws ModelFormatException {
            Optional<AddedToken> token = named.get(role);
            if (token.isEmpty() || token.get().content().isEmpty()) {
                throw new ModelFormatException(
                        files.describe(ConfigLoader.TOKENIZER_CONFIG),
                        "/" + role,
                        "a token",
                        token.isEmpty() ? "null" : "an empty text");
            }
            return token.get();
        }

        /** All tokens in the order in which the reference adds them. */
        private List<AddedToken> addedTokens() {
            Set<String> roles = new HashSet<>();
            for (Optional<AddedToken> token : named.values()) {
                if (token.isPresent()) {
                    roles.add(token.get().content());
                }
            }
            List<AddedToken> all = new ArrayList<>();
            Set<String> known = new HashSet<>();
            if (generic) {
                for (Map.Entry<Integer, AddedToken> entry : json.addedTokens()) {
                    all.add(entry.getValue());
                    known.add(entry.getValue().content());
                }
            }
            for (AddedToken token : written.values()) {
                known.add(token.content());
                all.add(roles.contains(token.content()) ? special(token) : token);
            }
            for (Optional<AddedToken> token : named.values()) {
                if (token.isPresent() && known.add(token.get().content())) {
                    all.add(special(token.get()));
                }
            }
            for (AddedToken token : config.extraTokens()) {
                if (known.add(token.content())) {
                    all.add(token);
                }
            }
            return all;
        }

        private static AddedToken special(AddedToken token) {
            return new AddedToken(
                    token.content(),
                    token.singleWord(),
                    token.leftStrip(),
                    token.rightStrip(),
                    token.normalized(),
                    true);
        }

        private void checkIds(
                Map<String, Integer> ids, AddedTokens added, PairTemplate template, int vocabSize, String source)
                throws ModelFormatException {
            StringBuilder beyond = new StringBuilder();
            for (Map.Entry<String, Integer> entry : ids.entrySet()) {
                name(entry.getKey(), entry.getValue(), vocabSize, beyond);
            }
            for (int i = 0; i < added.ids().size(); i++) {
                if (!ids.containsKey(added.tokens().get(i).content())) {
                    name(added.tokens().get(i).content(), added.ids().get(i), vocabSize, beyond);
                }
            }
            for (int id : template.specialIds()) {
                name("in the template", id, vocabSize, beyond);
            }
            if (!beyond.isEmpty()) {
                throw new ModelFormatException(
                        files.describe(source),
                        "",
                        "ids below the model's vocab_size, " + vocabSize,
                        beyond.toString());
            }
        }

        private static void name(String token, int id, int vocabSize, StringBuilder beyond) {
            if (id >= vocabSize && beyond.length() < 200) {
                beyond.append(beyond.isEmpty() ? "" : ", ")
                        .append(id)
                        .append(" (")
                        .append(token)
                        .append(')');
            }
        }
    }
}
