#!/usr/bin/env python3
"""Tokenises generated texts with the reference and writes down what came out, for the Java tokenizer to be compared with.

The reference is what CrossEncoder feeds its model: AutoTokenizer of transformers 5.18.0 over tokenizers 0.23.2.

    pip install tokenizers==0.23.2 transformers==5.18.0
    python tools/make_tokenizer_reference.py --sample                  # the resource that the tests read
    python tools/make_tokenizer_reference.py --all FILE [TEXTFILE...]  # over a million cases, with real text if there is any
    tools/compare-tokenizer FILE                                       # the comparison

The file, gzipped: strings are a length in bytes and UTF-8, all numbers LEB128 varints (zigzag where they may be negative).

    "PRTC", format, the versions in words
    configurations   count, then (name, count of files, then (name, bytes) each); without files: the default model
    cases            0 at the end, else 1, then: configuration, first text, second text, max_length, count of tokens,
                     then for each: id; 0 for a special token or 1 or 2 for one of a text; type;
                     if of a text: start less the end of the token before, length, in UTF-16 units
"""

import argparse
import gzip
import itertools
import json
import os
import pathlib
import random
import sys
import tempfile
import unicodedata
import warnings

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
warnings.filterwarnings("ignore")

import tokenizers  # noqa: E402
import transformers  # noqa: E402

VERSIONS = {"tokenizers": "0.23.2", "transformers": "5.18.0"}
ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_MODEL = ROOT / "src/main/resources/io/github/purerank/default-model"
SAMPLE = ROOT / "src/test/resources/io/github/purerank/load/tokenizer-cases.gz"
FORMAT = 1
MAX_LENGTH = 512

# Sentences written for this purpose, in many languages and scripts.
SENTENCES = [
    "The tokenizer doesn't know that word, so it's split: un-believ-able (see p. 12.5%)!",
    "Unaffordable electroencephalographically-measured re-tokenization, e.g. in the U.S.A., costs $1,250,000!",
    "Die größte Straßenbahnhaltestelle liegt hinter der Fußgängerzone; überprüfen Sie die Änderungen.",
    "Où est passé l'élève naïf ? Dès Noël, le garçon dînait d'une crème brûlée à l'œuf.",
    "¿Cuántos años tenía el niño cuando aprendió a leer? ¡Qué pregunta más extraña!",
    "Amanhã não haverá pães nem maçãs; só água, três limões e um pôr do sol.",
    "Perché no? La città è più bella di notte, però c'è poca luce e fa freddo.",
    "Czy zażółcić gęślą jaźń? Łódka płynie, a źrebię śpi pod dębem.",
    "Žáci přečetli dlouhý článek o výpočtech a měření; učitelka se těšila.",
    "Az öregek hűvös estéken a tűz körül ülnek, és történeteket mesélnek őszről.",
    "Yarın İstanbul'a gidiyoruz; ılık bir rüzgâr esiyor, çocuklar şarkı söylüyor. ISPARTA ığdır",
    "Поезд приходит в шесть часов, а ещё нужно купить хлеб, йогурт и объявление.",
    "Завтра їдемо до Києва: ґрунт мокрий, але сім'я не боїться дощу.",
    "Η γλώσσα αυτή έχει πολλούς τόνους. Ο ΔΡΟΜΟΣ ΕΙΝΑΙ ΜΑΚΡΥΣ, ὁ λόγος ᾄδεται ᾳ",
    "הספר הזה כתוב בעברית, ובלי ניקוד קשה לקרוא. סֵפֶר טוֹב",
    "هذا النصُّ مكتوبٌ بالعربيّة، وفيه تشكيلٌ قليل. كتابٌ؟ لا إله",
    "यह वाक्य हिन्दी में लिखा गया है। क़लम और ज़मीन, विद्यार्थी पढ़ते हैं।",
    "এই বাক্যটি বাংলায় লেখা। বড় বাড়ি, ছোট গাছ।",
    "இந்த வாக்கியம் தமிழில் எழுதப்பட்டது. கொடி, மௌனம்.",
    "ประโยคนี้เขียนเป็นภาษาไทย น้ำเย็น ผู้ใหญ่กำลังอ่าน",
    "この文は日本語で書かれています。ガラスのコップ、ﾊﾟｿｺﾝ、東京都の図書館。",
    "這句話是用中文寫的，沒有空格。简体字也可以。𠮷 龜 \U0002b820\U0002b920 \U0002f800",
    "이 문장은 한국어로 쓰여 있습니다. 값이 비싸다, 읽었습니다. 각",
    "Câu này được viết bằng tiếng Việt; người đọc dễ nhận ra dấu: ế ồ ữ ặ.",
    "ეს წინადადება ქართულად წერია. ᲥᲐᲠᲗᲣᲚᲘ, այս նախադասությունը հայերեն է և կարճ։",
    "ប្រយោគនេះជាភាសាខ្មែរ។ བོད་ཡིག ཧཱུྃ ဗမာစာ",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪🇫🇷 1️⃣ ☕️ ❤️‍🔥 x😀y",
    "import java.util.List; // a_b = c->d[i++] & 0x7F; `x` ~ ^y | {z} @Override #1 <br/>",
    "https://example.org/a%20b?q=1&r=%E2%9C%93#top mailto:who@example.com C:\\temp\\x.txt",
    "ﬁnal ﬂow ℌ ½ ² Å Å Ω K ſ ẞ ǅ ŉ ΐ և ﬓ İ I ı",
    "a\u00a0b\u2003c\u200bd\u200de\ufefff\u00adg\u2060h\u2028i\u0085j\u001ck\u0000l\ufffdm",
    "",
    " ",
    "\t\n\r",
    "[CLS] typed [SEP] by a user[MASK].[PAD][UNK] [sep] [SEP][SEP]x[ SEP ] [unused1] ##ing ## #",
]

SPECIAL = ["[SEP]", "[CLS]", "[MASK]", "[PAD]", "[UNK]", "[sep]", "[ SEP]", "[unused5]", "[SEP", "SEP]"]
ADDED = ["<x>", "<y>", "hello", "Hello", "<é>", "É", " lead", "trail ", "<a b>", "中", "..", "<x", "ab", "abc", "_w_", "wörd"]
# Two of one combining class, some that stay after strip_accents, some that decompose.
MARKS = "\u0301\u0323\u0327\u0308\u0344\u0345\u0f71\u0f73\u0f72\u3099\u302e\u302f\U0001d165\U0001d16d\U0001d1ab\u0f39"
STAYERS = "\u302e\u302f\U0001d165\U0001d166\U0001d16d\U0001d172\U00016ff0\U00016ff1\u1b44\u094d"


def scalar_values():
    return itertools.chain(range(0xD800), range(0xE000, 0x110000))


def scripts():
    """One base letter for each script that has a name of its own among the characters' names, and a few more."""
    bases = {}
    for code_point in scalar_values():
        c = chr(code_point)
        if unicodedata.category(c) in ("Lo", "Ll", "Lu"):
            bases.setdefault(unicodedata.name(c, "?").split()[0], c)
    return sorted(bases.values())


class Random(random.Random):
    def word(self):
        kind = self.randrange(10)
        if kind < 4:
            return self.choice(WORDS)
        if kind < 6:
            return "".join(self.choice(WORDS) for _ in range(self.randint(1, 3)))
        if kind == 6:
            return "".join(self.choice("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789") for _ in range(self.randint(1, 12)))
        if kind == 7:
            return "".join(chr(self.scalar()) for _ in range(self.randint(1, 4)))
        if kind == 8:
            return self.choice(WORDS) + "".join(self.choice(MARKS) for _ in range(self.randint(1, 4)))
        return self.choice(SPECIAL + ADDED)

    def scalar(self):
        area = self.choice([0x80, 0x250, 0x600, 0x3000, 0xD800, 0x1FFFF, 0x10FFFF])
        c = self.randrange(area)
        return c if not 0xD800 <= c < 0xE000 else 0x41

    def text(self, words):
        parts = []
        for _ in range(words):
            parts.append(self.word())
            parts.append(self.choice([" ", " ", " ", "", "  ", "\n", ", ", "-", "\u00a0", "\u3000", "\u200b", "."]))
        return "".join(parts)


WORDS = sorted({w for s in SENTENCES for w in s.split()})


def code_points(step=1, shift=0):
    """Every code point alone and between letters."""
    for code_point in itertools.islice(scalar_values(), shift, None, step):
        c = chr(code_point)
        yield c, f"a{c}b", MAX_LENGTH


def letters_and_marks(step=1, shift=0):
    """Each combining mark after a letter of each script, and before and after another mark."""
    nfd = tokenizers.normalizers.NFD().normalize_str
    marks = [chr(c) for c in scalar_values() if unicodedata.category(chr(c)).startswith("M") or unicodedata.combining(chr(c))]
    bases = scripts()
    pairs = itertools.product(marks, bases)
    for i, (mark, base) in enumerate(itertools.islice(pairs, shift, None, step)):
        other, stayer = MARKS[i % len(MARKS)], STAYERS[i % len(STAYERS)]
        composed = unicodedata.normalize("NFC", base + mark)
        yield f"{base}{mark}{other} {composed}{base}", f"é{stayer}{mark}{other}x{nfd(composed)}{other}{mark}{stayer}", MAX_LENGTH


def sentences(random_, count):
    for first, second in itertools.islice(itertools.product(SENTENCES, SENTENCES), count):
        yield first, second, MAX_LENGTH
        yield first, second, random_.randint(3, 40)
        yield first.upper(), second.swapcase(), random_.randint(3, 100)
        yield unicodedata.normalize("NFD", first), unicodedata.normalize("NFKC", second), MAX_LENGTH


def mixes(random_, count):
    for _ in range(count):
        first, second = random_.text(random_.randint(0, 6)), random_.text(random_.randint(0, 12))
        yield first, second, random_.choice([MAX_LENGTH, MAX_LENGTH, random_.randint(3, 40)])


def long_words(random_):
    units = ["a", "é", "е", "中", "😀", "x\u0301", "ß", "İ", "각", "\u200b", "\u302e", "1", "qz"]
    for unit in units:
        for count in (49, 50, 51, 98, 99, 100, 101, 102, 199, 200, 201):
            yield unit * count, f"b {unit * count}c {unit}", MAX_LENGTH
            yield unit * count + ".", "[SEP]" + unit * count + "[SEP]", 40


def truncations(random_, step):
    """Every max_length from 3 to 40 on pairs of 0 to 45 tokens."""
    words = "one two three four five six seven eight nine ten".split()
    texts = [" ".join(words[(i * 7 + n) % 10] for i in range(n)) for n in range(46)]
    cases = [(a, b, n) for a in range(46) for b in range(46) for n in range(3, 41)]
    for a, b, n in cases[random_.randrange(step) :: step]:
        yield texts[a], texts[b], n
    for _ in range(2000 // step):
        a, b = random_.randrange(0, 1300), random_.randrange(0, 1300)
        yield "a " * a, "b " * b, random_.randint(500, 520)


def specials(random_, count):
    pieces = SPECIAL + ADDED + ["[SEP]", "a", " ", "_", "é", "中", ".", "\u0301", "\u200b", "\u00a0", "\t"]
    for _ in range(count):
        yield tuple("".join(random_.choice(pieces) for _ in range(random_.randint(0, 6))) for _ in range(2)) + (
            random_.choice([MAX_LENGTH, 8, 11]),
        )


def controls(random_, count):
    pool = [chr(c) for c in scalar_values() if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
    pool += ["\ufffd", "\ue000", "\U000f0000", "\u0378", "a", "B", "é", " ", "中", "."]
    for _ in range(count):
        yield tuple("".join(random_.choice(pool) for _ in range(random_.randint(1, 12))) for _ in range(2)) + (MAX_LENGTH,)


def emoji(random_, count):
    pool = [chr(c) for c in itertools.chain(range(0x1F300, 0x1FAF0), range(0x2600, 0x27C0), range(0x1F1E6, 0x1F200))]
    joiners = ["\u200d", "\ufe0f", "\ufe0e", "\U0001f3fd", "\u20e3", "\U000e0067", "", " ", "a"]
    for _ in range(count):
        yield tuple(
            "".join(random_.choice(pool) + random_.choice(joiners) for _ in range(random_.randint(1, 8))) for _ in range(2)
        ) + (MAX_LENGTH,)


def real_text(files):
    for file in files:
        lines = [line.strip() for line in pathlib.Path(file).read_text("utf-8", "replace").splitlines()]
        lines = [line for line in lines if line]
        for first, second in zip(lines[::2], lines[1::2]):
            yield first[:200], second[:2000], MAX_LENGTH


# Configurations of other tokenizers than the default model's.


def base_json():
    return json.loads((DEFAULT_MODEL / "tokenizer.json").read_text("utf-8"))


def small_vocabulary(specials=("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), prefix="##"):
    words = sorted({w for s in SENTENCES[:6] for w in s.lower().split() + s.split() if w.isalpha()})
    letters = sorted({c for s in SENTENCES + ADDED for c in s + s.lower() + s.upper() if not c.isspace()})
    letters += sorted({c for s in SENTENCES for c in unicodedata.normalize("NFD", s) if not c.isspace() and c not in letters})
    texts = list(specials) + letters + [prefix + c for c in letters] + words + [prefix + w for w in words if len(w) < 5]
    return {text: i for i, text in enumerate(dict.fromkeys(texts))}


def small_json(vocabulary=None, normalizer=None, model=None, added=(), post_processor=None, **top):
    vocabulary = vocabulary or small_vocabulary()
    normal = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    names = [t for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]") if t in vocabulary]
    tokens = [added_token(vocabulary[t], t, special=True) for t in names]
    for flags in added:
        tokens.append(added_token(len(vocabulary) + len(tokens) - len(names), **flags))
    special = {t: {"id": t, "ids": [vocabulary[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]") if t in vocabulary}
    a, b = ({"Sequence": {"id": text, "type_id": type_id}} for text, type_id in (("A", 0), ("B", 1)))
    cls, sep, sep1 = ({"SpecialToken": {"id": t, "type_id": n}} for t, n in (("[CLS]", 0), ("[SEP]", 0), ("[SEP]", 1)))
    template = {"type": "TemplateProcessing", "single": [cls, a, sep], "pair": [cls, a, sep, b, sep1], "special_tokens": special}
    normalizer = {**normal, **normalizer} if isinstance(normalizer, dict) and "type" not in normalizer else normalizer or normal
    defaults = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": tokens,
        "normalizer": normalizer,
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": post_processor or template,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {**defaults, **(model or {}), "vocab": vocabulary},
        **top,
    }


def added_token(id_, content, special=False, single_word=False, lstrip=False, rstrip=False, normalized=False):
    return dict(
        id=id_,
        content=content,
        single_word=single_word,
        lstrip=lstrip,
        rstrip=rstrip,
        normalized=normalized,
        special=special,
    )


def vocab_txt(vocabulary):
    return "".join(text + "\n" for text in vocabulary)


def configurations():
    """Name -> files. Those of the class BertTokenizer unless tokenizer_class says otherwise."""
    generic = {"tokenizer_class": "PreTrainedTokenizerFast", "model_input_names": ["input_ids", "token_type_ids"]}
    flags = [
        dict(content="<x>", lstrip=True, special=True),
        dict(content="<y>", rstrip=True),
        dict(content="hello", single_word=True, normalized=True),
        dict(content="É", normalized=True),
        dict(content="<é>", normalized=False),
        dict(content="<a b>", lstrip=True, rstrip=True, normalized=True),
        dict(content="abc", single_word=True),
        dict(content="ab", normalized=True, rstrip=True),
        dict(content=" lead", special=True),
        dict(content="trail ", normalized=True, lstrip=True),
        dict(content="中", normalized=True),
        dict(content="..", single_word=True, lstrip=True),
        dict(content="_w_", single_word=True, rstrip=True, normalized=True),
        dict(content="wörd", single_word=True, normalized=True),
    ]
    vocabulary = small_vocabulary()
    decoder = {str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in small_json(added=flags)["added_tokens"]}
    bert = {"type": "BertProcessing", "sep": ["[SEP]", vocabulary["[SEP]"]], "cls": ["[CLS]", vocabulary["[CLS]"]]}
    lower_first = {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {**small_json()["normalizer"], "lowercase": False, "strip_accents": False}]}
    one = {"type": "Sequence", "normalizers": [small_json()["normalizer"]]}
    yield "default", {}
    yield "vocab.txt alone", {"vocab.txt": vocab_txt(vocabulary)}
    yield "vocab.txt, cased", {"vocab.txt": vocab_txt(vocabulary), "tokenizer_config.json": {"do_lower_case": False, "tokenizer_class": "BertTokenizer"}}
    yield "vocab.txt, odd lines", {"vocab.txt": vocab_txt(vocabulary).replace("\nthe\n", "\nthe \t\n\nb\n") + "a\r\nx\u3000\n y"}
    yield "vocab.txt, special tokens twice", {"vocab.txt": "[PAD]\n[UNK]\n[D]\n[UNK]\n[PAD]\na\n##a\n##b\na\n"}
    yield "vocab.txt without special tokens", {"vocab.txt": "[UNK]\na\nb\n##a\n##b\nc\na\n"}
    yield "vocab.txt, added_tokens.json, special_tokens_map.json", {
        "vocab.txt": vocab_txt(vocabulary),
        "added_tokens.json": {"<x>": len(vocabulary) + 3, "hello": len(vocabulary) + 1, "<é>": 7},
        "special_tokens_map.json": {"sep_token": "<x>", "cls_token": {"content": "<y>", "lstrip": True, "normalized": False, "rstrip": True, "single_word": False}, "additional_special_tokens": ["É", "ab"]},
        "tokenizer_config.json": {"sep_token": "[SEP]", "do_lower_case": True},
    }
    yield "strip_accents false", {"tokenizer.json": small_json(), "tokenizer_config.json": {"strip_accents": False}}
    yield "strip_accents true, cased", {"tokenizer.json": small_json(), "tokenizer_config.json": {"strip_accents": True, "do_lower_case": False}}
    yield "no CJK spacing", {"tokenizer.json": small_json(), "tokenizer_config.json": {"tokenize_chinese_chars": False}}
    yield "tokenizer.json contradicts", {
        "tokenizer.json": small_json(normalizer={"lowercase": False, "handle_chinese_chars": False}, model={"max_input_chars_per_word": 3, "continuing_subword_prefix": "@"}, truncation={"direction": "Left", "max_length": 6, "strategy": "OnlyFirst", "stride": 0}, padding={"strategy": {"Fixed": 40}, "direction": "Left", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}),
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizerFast"},
    }
    yield "truncation_side left", {"tokenizer.json": small_json(), "tokenizer_config.json": {"truncation_side": "left"}}
    yield "special tokens typed are text", {"tokenizer.json": small_json(added=flags), "tokenizer_config.json": {"split_special_tokens": True}}
    yield "added tokens in tokenizer.json", {"tokenizer.json": small_json(added=flags)}
    yield "added tokens in tokenizer.json, cased", {"tokenizer.json": small_json(added=flags), "tokenizer_config.json": {"do_lower_case": False}}
    yield "added tokens in both", {"tokenizer.json": small_json(added=flags), "tokenizer_config.json": {"added_tokens_decoder": {k: v for k, v in list(decoder.items())[:9]}}}
    yield "added tokens in tokenizer_config.json", {"tokenizer.json": small_json(), "tokenizer_config.json": {"added_tokens_decoder": dict(reversed(decoder.items())), "additional_special_tokens": ["..", "<x"]}}
    yield "roles", {"tokenizer.json": small_json(), "tokenizer_config.json": {"sep_token": "<x>", "cls_token": {"__type": "AddedToken", "content": "hello", "lstrip": True, "rstrip": False, "single_word": True, "normalized": True}, "unk_token": "[MASK]", "image_token": "<é>", "extra_special_tokens": {"b_token": "ab"}}}
    yield "distilbert", {"tokenizer.json": small_json(), "tokenizer_config.json": {"tokenizer_class": "DistilBertTokenizer"}}
    yield "electra", {"tokenizer.json": small_json(), "tokenizer_config.json": {"tokenizer_class": "ElectraTokenizerFast"}}
    yield "generic", {"tokenizer.json": small_json(), "tokenizer_config.json": generic}
    yield "generic, by config.json, without types", {"tokenizer.json": small_json(), "config.json": {"model_type": "bert", "tokenizer_class": "PreTrainedTokenizerFast"}}
    yield "generic, cased", {"tokenizer.json": small_json(normalizer={"lowercase": False}), "tokenizer_config.json": generic}
    yield "generic, nothing cleaned", {"tokenizer.json": small_json(normalizer={"clean_text": False, "handle_chinese_chars": False, "strip_accents": False}), "tokenizer_config.json": generic}
    yield "generic, nothing cleaned, accents stripped", {"tokenizer.json": small_json(normalizer={"clean_text": False, "lowercase": False, "strip_accents": True}), "tokenizer_config.json": generic}
    yield "generic, no normalizer", {"tokenizer.json": {**small_json(), "normalizer": None}, "tokenizer_config.json": generic}
    yield "generic, sequence of one", {"tokenizer.json": small_json(normalizer=one), "tokenizer_config.json": generic}
    yield "generic, lower case first", {"tokenizer.json": small_json(normalizer=lower_first, added=flags), "tokenizer_config.json": generic}
    yield "generic, BertProcessing", {"tokenizer.json": small_json(post_processor=bert), "tokenizer_config.json": generic}
    yield "generic, no template", {"tokenizer.json": {**small_json(), "post_processor": None}, "tokenizer_config.json": generic}
    yield "generic, prefix and unknown token", {"tokenizer.json": small_json(vocabulary=small_vocabulary(prefix="@@"), model={"continuing_subword_prefix": "@@", "unk_token": "[MASK]", "max_input_chars_per_word": 7}), "tokenizer_config.json": generic}
    yield "generic, no prefix", {"tokenizer.json": small_json(model={"continuing_subword_prefix": "", "max_input_chars_per_word": 0x80}), "tokenizer_config.json": generic}
    yield "generic, added tokens", {"tokenizer.json": small_json(added=flags), "tokenizer_config.json": {**generic, "truncation_side": "left"}}
    yield "generic, added tokens, cased", {"tokenizer.json": small_json(added=flags, normalizer={"lowercase": False}), "tokenizer_config.json": {**generic, "added_tokens_decoder": {k: {**v, "lstrip": True} for k, v in list(decoder.items())[4:11]}}}
    yield "generic, pad token", {"tokenizer.json": small_json(padding={"strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<y>"}), "tokenizer_config.json": generic}


def sample_cases(random_):
    """Configuration -> cases, for the tests."""
    yield "default", itertools.chain(
        code_points(step=211, shift=7),
        itertools.islice(code_points(), 0x600),
        letters_and_marks(step=701),
        sentences(random_, 200),
        mixes(random_, 1500),
        long_words(random_),
        truncations(random_, 23),
        specials(random_, 800),
        controls(random_, 500),
        emoji(random_, 200),
    )
    for name, _ in list(configurations())[1:]:
        yield name, itertools.chain(
            code_points(step=30011, shift=random_.randrange(30011)),
            letters_and_marks(step=60013, shift=random_.randrange(60013)),
            itertools.islice(sentences(random_, 400), random_.randrange(40), 1600, 40),
            mixes(random_, 80),
            itertools.islice(long_words(random_), random_.randrange(20), None, 20),
            itertools.islice(truncations(random_, 1), random_.randrange(2000), None, 2000),
            specials(random_, 120),
            controls(random_, 10),
        )


def all_cases(random_, files):
    yield "default", itertools.chain(
        code_points(),
        letters_and_marks(),
        sentences(random_, 1 << 20),
        mixes(random_, 150_000),
        long_words(random_),
        truncations(random_, 1),
        specials(random_, 100_000),
        controls(random_, 50_000),
        emoji(random_, 50_000),
        real_text(files),
    )
    for name, _ in list(configurations())[1:]:
        yield name, itertools.chain(
            code_points(step=101, shift=random_.randrange(101)),
            letters_and_marks(step=211, shift=random_.randrange(211)),
            itertools.islice(sentences(random_, 1 << 20), random_.randrange(5), None, 5),
            mixes(random_, 5_000),
            long_words(random_),
            truncations(random_, 40),
            specials(random_, 5_000),
            controls(random_, 1_000),
        )


class Writer:
    def __init__(self, file):
        self.file = file
        self.count = 0

    def number(self, value):
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
        self.file.write(out)

    def signed(self, value):
        self.number(value * 2 if value >= 0 else -value * 2 - 1)

    def bytes(self, value):
        self.number(len(value))
        self.file.write(value)

    def text(self, value):
        self.bytes(value.encode("utf-8"))

    def case(self, configuration, first, second, max_length, encoding, types):
        self.count += 1
        self.number(1)
        self.number(configuration)
        self.text(first)
        self.text(second)
        self.number(max_length)
        units = utf16(first), utf16(second)
        self.number(len(encoding.ids))
        last = [0, 0]
        for id_, type_id, offsets, text in zip(encoding.ids, encoding.type_ids, encoding.offsets, encoding.sequence_ids):
            self.number(id_)
            self.number(0 if text is None else text + 1)
            self.number(type_id if types else 0)
            if text is None:
                assert offsets == (0, 0)
            else:
                start, end = (units[text][o] if units[text] else o for o in offsets)
                self.signed(start - last[text])
                self.signed(end - start)
                last[text] = end


def utf16(text):
    """The place in UTF-16 units of each character; None where it is the same."""
    if not text or max(text) < "\U00010000":
        return None
    places = [0]
    for c in text:
        places.append(places[-1] + 1 + (c > "\uffff"))
    return places


def load(files):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        for name, content in {"config.json": {"model_type": "bert"}, **files}.items():
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            (source / name).write_bytes(text.encode("utf-8"))
        return transformers.AutoTokenizer.from_pretrained(str(source if files else DEFAULT_MODEL))


def write(path, level, cases):
    random_ = Random(20260101)
    known = list(configurations())
    numbers = {name: i for i, (name, _) in enumerate(known)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", level, raw, mtime=0) as file:
        writer = Writer(file)
        file.write(b"PRTC")
        writer.number(FORMAT)
        writer.text(", ".join(f"{name} {version}" for name, version in VERSIONS.items()))
        writer.number(len(known))
        for name, files in known:
            writer.text(name)
            writer.number(len(files))
            for file_name, content in files.items():
                writer.text(file_name)
                writer.text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
        for name, some in cases(random_):
            tokenizer = load(dict(known)[name])
            types = "token_type_ids" in tokenizer.model_input_names
            before = writer.count
            by_length = itertools.groupby(some, key=lambda case: case[2])
            for max_length, group in by_length:
                while batch := list(itertools.islice(group, 5_000)):
                    firsts, seconds, _ = zip(*batch)
                    encodings = tokenizer(list(firsts), list(seconds), truncation=True, max_length=max_length).encodings
                    for first, second, encoding in zip(firsts, seconds, encodings):
                        writer.case(numbers[name], first, second, max_length, encoding, types)
            print(f"{name}: {writer.count - before} cases", file=sys.stderr)
        writer.number(0)
    print(f"{path}: {writer.count} cases, {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--sample", action="store_true", help=f"write {SAMPLE.relative_to(ROOT)}")
    what.add_argument("--all", type=pathlib.Path, metavar="FILE", help="write over a million cases")
    parser.add_argument("texts", nargs="*", help="files of real text, one passage a line, for --all")
    arguments = parser.parse_args()
    for name, version in VERSIONS.items():
        if sys.modules[name].__version__ != version:
            sys.exit(f"{name} {version} is needed, this is {sys.modules[name].__version__}")
    if arguments.sample:
        write(SAMPLE, 9, sample_cases)
    else:
        write(arguments.all, 1, lambda random_: all_cases(random_, arguments.texts))


if __name__ == "__main__":
    main()
