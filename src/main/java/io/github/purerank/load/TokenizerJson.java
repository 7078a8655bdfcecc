package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.text.AddedToken;
import io.github.purerank.text.BertNormalizer;
import io.github.purerank.text.PairTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * tokenizer.json as tokenizers 0.23.2 writes it, of a BERT. Anything in it that is not understood is refused by its name.
 *
 * @param vocabulary the ids of the model's pieces
 * @param unknownToken what a word becomes that is not made of pieces
 * @param continuingPrefix what begins a piece that continues a word
 * @param maxWordLength the most code points of a word that is looked up
 * @param addedTokens in the order of the file, with the ids that are written there
 * @param normalizers what a text goes through
 * @param template how a pair is put together; empty for the two texts alone, one after the other
 * @param truncatesLeft what the truncation section says, if there is one
 * @param padToken what the padding section says, if there is one
 */
record TokenizerJson(
        Map<String, Integer> vocabulary,
        String unknownToken,
        String continuingPrefix,
        int maxWordLength,
        List<Map.Entry<Integer, AddedToken>> addedTokens,
        List<BertNormalizer> normalizers,
        Optional<PairTemplate> template,
        Optional<Boolean> truncatesLeft,
        Optional<String> padToken) {

    static TokenizerJson read(JsonValue json) throws ModelFormatException {
        json.onlyKeys(
                "version",
                "truncation",
                "padding",
                "added_tokens",
                "normalizer",
                "pre_tokenizer",
                "post_processor",
                "decoder",
                "model");
        JsonValue version = json.get("version");
        if (!version.string().equals("1.0")) {
            throw version.error("the only known version, \"1.0\"");
        }
        JsonValue model = json.get("model");
        model.onlyKeys("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        Optional<JsonValue> type = model.find("type");
        if (type.isPresent()) {
            requireType(type.get(), "WordPiece");
        }
        requireBertPreTokenizer(json.get("pre_tokenizer"));
        return new TokenizerJson(
                vocabulary(model.get("vocab")),
                TokenizerLimits.token(model.get("unk_token")),
                TokenizerLimits.token(model.get("continuing_subword_prefix")),
                (int) model.get("max_input_chars_per_word").integer(0, TokenizerLimits.MAX_WORD_LENGTH),
                addedTokens(json.get("added_tokens")),
                normalizers(json.get("normalizer")),
                template(json.get("post_processor"), true),
                truncatesLeft(json),
                padToken(json));
    }

    /** How a text alone is put together; empty for nothing but the text. */
    static Optional<PairTemplate> singleTemplate(JsonValue json) throws ModelFormatException {
        return template(json.get("post_processor"), false);
    }

    private static Map<String, Integer> vocabulary(JsonValue vocab) throws ModelFormatException {
        Map<String, Integer> ids = vocab.integers(0, TokenizerLimits.MAX_TOKENS - 1);
        if (ids.size() > TokenizerLimits.MAX_TOKENS) {
            throw new ModelFormatException(
                    vocab.file(),
                    vocab.pointer(),
                    "at most " + TokenizerLimits.MAX_TOKENS + " tokens",
                    ids.size() + " tokens");
        }
        for (String text : ids.keySet()) {
            TokenizerLimits.checkToken(text, vocab);
        }
        return ids;
    }

    private static List<Map.Entry<Integer, AddedToken>> addedTokens(JsonValue list) throws ModelFormatException {
        List<Map.Entry<Integer, AddedToken>> tokens = new ArrayList<>();
        for (JsonValue element : list.elements()) {
            if (tokens.size() >= TokenizerLimits.MAX_ADDED_TOKENS) {
                throw new ModelFormatException(
                        list.file(), list.pointer(), "at most " + TokenizerLimits.MAX_ADDED_TOKENS + " tokens", "more");
            }
            element.onlyKeys("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            tokens.add(Map.entry(
                    (int) element.get("id").integer(0, TokenizerLimits.MAX_TOKENS - 1),
                    new AddedToken(
                            TokenizerLimits.token(element.get("content")),
                            element.get("single_word").bool(),
                            element.get("lstrip").bool(),
                            element.get("rstrip").bool(),
                            element.get("normalized").bool(),
                            element.get("special").bool())));
        }
        return tokens;
    }

    private static List<BertNormalizer> normalizers(JsonValue normalizer) throws ModelFormatException {
        if (normalizer.isNull()) {
            return List.of();
        }
        JsonValue type = normalizer.get("type");
        switch (type.string()) {
            case "BertNormalizer" -> {
                normalizer.onlyKeys("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
                boolean lowercase = normalizer.get("lowercase").bool();
                Optional<JsonValue> stripAccents = normalizer.findNonNull("strip_accents");
                return List.of(new BertNormalizer(
                        normalizer.get("clean_text").bool(),
                        normalizer.get("handle_chinese_chars").bool(),
                        stripAccents.isPresent() ? stripAccents.get().bool() : lowercase,
                        lowercase));
            }
            case "Lowercase" -> {
                normalizer.onlyKeys("type");
                return List.of(new BertNormalizer(false, false, false, true));
            }
            case "Sequence" -> {
                normalizer.onlyKeys("type", "normalizers");
                List<BertNormalizer> all = new ArrayList<>();
                for (JsonValue element : normalizer.get("normalizers").elements()) {
                    all.addAll(normalizers(element));
                }
                return all;
            }
            default -> throw type.error("a supported normalizer, which are BertNormalizer, Lowercase and Sequence");
        }
    }

    private static void requireBertPreTokenizer(JsonValue preTokenizer) throws ModelFormatException {
        if (preTokenizer.isObject() && preTokenizer.get("type").string().equals("Sequence")) {
            preTokenizer.onlyKeys("type", "pretokenizers");
            List<JsonValue> elements = preTokenizer.get("pretokenizers").elements();
            if (elements.size() != 1) {
                throw preTokenizer.get("pretokenizers").error("a BertPreTokenizer alone");
            }
            requireBertPreTokenizer(elements.get(0));
            return;
        }
        preTokenizer.onlyKeys("type");
        requireType(preTokenizer.get("type"), "BertPreTokenizer");
    }

    private static void requireType(JsonValue type, String supported) throws ModelFormatException {
        if (!type.string().equals(supported)) {
            throw type.error("the only supported type, \"" + supported + "\"");
        }
    }

    private static Optional<PairTemplate> template(JsonValue postProcessor, boolean ofPairs)
            throws ModelFormatException {
        if (postProcessor.isNull()) {
            return Optional.empty();
        }
        JsonValue type = postProcessor.get("type");
        return switch (type.string()) {
            case "TemplateProcessing" -> Optional.of(template(postProcessor, ofPairs ? "pair" : "single", ofPairs));
            case "BertProcessing" -> {
                postProcessor.onlyKeys("type", "sep", "cls");
                int cls = bertProcessingId(postProcessor.get("cls"));
                int sep = bertProcessingId(postProcessor.get("sep"));
                yield Optional.of(ofPairs ? PairTemplate.bert(cls, sep) : PairTemplate.bertSingle(cls, sep));
            }
            default -> throw type.error("a supported post-processor, which are TemplateProcessing and BertProcessing");
        };
    }

    private static int bertProcessingId(JsonValue pair) throws ModelFormatException {
        List<JsonValue> elements = pair.elements();
        if (elements.size() != 2) {
            throw pair.error("a token and its id");
        }
        elements.get(0).string();
        return id(elements.get(1));
    }

    private static int id(JsonValue value) throws ModelFormatException {
        return (int) value.integer(0, TokenizerLimits.MAX_TOKENS - 1);
    }

    private static PairTemplate template(JsonValue postProcessor, String key, boolean ofPairs)
            throws ModelFormatException {
        postProcessor.onlyKeys("type", "single", "pair", "special_tokens");
        Map<String, List<JsonValue>> special = new TreeMap<>();
        for (Map.Entry<String, JsonValue> token :
                postProcessor.get("special_tokens").members().entrySet()) {
            token.getValue().onlyKeys("id", "ids", "tokens");
            special.put(token.getKey(), token.getValue().get("ids").elements());
        }
        PairTemplate.Builder template = new PairTemplate.Builder();
        JsonValue listed = postProcessor.get(key);
        int parts = 0;
        for (JsonValue part : listed.elements()) {
            if (part.find("SpecialToken").isPresent()) {
                part.onlyKeys("SpecialToken");
                JsonValue token = part.get("SpecialToken");
                token.onlyKeys("id", "type_id");
                List<JsonValue> ids = special.get(token.get("id").string());
                if (ids == null) {
                    throw token.get("id").error("one of special_tokens, which are " + special.keySet());
                }
                for (JsonValue id : ids) {
                    template.special(id(id), typeId(token));
                    parts++;
                }
            } else {
                part.onlyKeys("Sequence");
                JsonValue sequence = part.get("Sequence");
                sequence.onlyKeys("id", "type_id");
                String text = sequence.get("id").string();
                if (!text.equals("A") && !text.equals("B")) {
                    throw sequence.get("id").error("\"A\" or \"B\"");
                }
                template.text(text.equals("A") ? 0 : 1, typeId(sequence));
                parts++;
            }
            if (parts > MAX_TEMPLATE_PARTS) {
                throw new ModelFormatException(
                        listed.file(), listed.pointer(), "at most " + MAX_TEMPLATE_PARTS + " parts", "more");
            }
        }
        try {
            return ofPairs ? template.build() : template.buildSingle();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(listed.file(), listed.pointer(), "each text once", e.getMessage());
        }
    }

    /** Most parts of a template: a BERT has five. */
    private static final int MAX_TEMPLATE_PARTS = 100;

    private static int typeId(JsonValue part) throws ModelFormatException {
        // The number of token types is the model's to say; no BERT has more than two.
        return (int) part.get("type_id").integer(0, 1);
    }

    private static Optional<Boolean> truncatesLeft(JsonValue json) throws ModelFormatException {
        Optional<JsonValue> truncation = json.findNonNull("truncation");
        if (truncation.isEmpty()) {
            return Optional.empty();
        }
        JsonValue direction = truncation.get().find("direction").orElse(null);
        if (direction == null) {
            return Optional.of(false);
        }
        return switch (direction.string()) {
            case "Left" -> Optional.of(true);
            case "Right" -> Optional.of(false);
            default -> throw direction.error("\"Left\" or \"Right\"");
        };
    }

    private static Optional<String> padToken(JsonValue json) throws ModelFormatException {
        Optional<JsonValue> padding = json.findNonNull("padding");
        return padding.isEmpty()
                ? Optional.empty()
                : Optional.of(TokenizerLimits.token(padding.get().get("pad_token")));
    }
}
