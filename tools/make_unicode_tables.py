#!/usr/bin/env python3
"""Writes the Unicode tables of io.github.purerank.text, as tokenizers 0.23.2 has them.

The library's own tables come from several Unicode versions and agree with no JDK. So they are not read from anywhere but
found by running the library over every code point. The same library gives the same file, byte for byte.

    pip install tokenizers==0.23.2
    python tools/make_unicode_tables.py [--check]

With --check nothing is written; the exit status is 1 if the shipped file differs.

The file: 4 bytes "PRUT", then whole numbers as LEB128 varints, then the CRC-32 of all before it (4 bytes, big-endian).

    version
    properties       count, then (length of run, set of properties): runs that cover U+0000..U+10FFFF
    decompositions   count, then (code point less the one before, length, code points): canonical, in full, without Hangul
    lower case       the same
    classes          count, then (code point less the one before, canonical combining class)
"""

import argparse
import pathlib
import sys
import unicodedata
import zlib

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

VERSION = "0.23.2"
TARGET = (
    pathlib.Path(__file__).resolve().parent.parent / "src/main/resources/io/github/purerank/text/unicode-tables.bin"
)
FORMAT = 1
LAST = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
HANGUL = range(0xAC00, 0xD7A4)

# The properties, as UnicodeTables.java has them.
REMOVED = 1  # clean_text drops it
SPACED = 2  # clean_text makes it a space
IDEOGRAPH = 4  # handle_chinese_chars puts spaces round it
WHITESPACE = 8  # the pre-tokenizer splits at it; lstrip and rstrip take it
PUNCTUATION = 16  # the pre-tokenizer makes it a word of its own
MARK = 32  # strip_accents drops it
WORD = 64  # single_word sees it as part of a word
DECOMPOSES = 128
LOWERED = 256
STAYING_NONSTARTER = 512  # has a combining class, and strip_accents leaves it


def bert(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **options}).normalize_str


clean = bert(clean_text=True)
space_ideographs = bert(handle_chinese_chars=True)
strip = bert(strip_accents=True)
lower = bert(lowercase=True)
nfd = normalizers.NFD().normalize_str
split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str


def added_token_probe(**flags):
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.add_tokens([AddedToken("<t>", normalized=False, **flags)])
    return tokenizer.encode


single_word = added_token_probe(single_word=True)
rstrip = added_token_probe(rstrip=True)


def choose(text, found, outcomes):
    if found not in outcomes:
        raise AssertionError(f"{ascii(text)} became {ascii(found)}")
    return outcomes[found]


def properties(c):
    text = "a" + c + "b"
    found = choose(text, clean(text), {"ab": REMOVED, "a b": SPACED, text: 0} if c != " " else {text: SPACED})
    found |= choose(text, space_ideographs(text), {f"a {c} b": IDEOGRAPH, text: 0})
    words = tuple(word for word, _ in split(text))
    found |= choose(text, words, {("a", "b"): WHITESPACE, ("a", c, "b"): PUNCTUATION, (text,): 0})
    if strip(c) == "":
        found |= MARK
    if nfd(c) != c:
        found |= DECOMPOSES
    if lower(c) != c:
        found |= LOWERED
    # A token that is a word of its own is found before c unless c is part of a word.
    if len(single_word("<t>" + c).ids) == 1 and single_word("<t>" + c).ids[0] == 0:
        found |= WORD
    taken = rstrip("<t>" + c).offsets[0][1] == 4
    if taken != bool(found & WHITESPACE):
        raise AssertionError(f"{ascii(c)}: rstrip and the pre-tokenizer disagree on whitespace")
    return found


def hangul_decomposition(c):
    index = ord(c) - HANGUL.start
    jamo = chr(0x1100 + index // 588) + chr(0x1161 + index % 588 // 28)
    return jamo + chr(0x11A7 + index % 28) if index % 28 else jamo


def combining_classes():
    """The canonical combining class of every code point that has one, found by the order NFD puts two marks in."""
    candidates = [c for c in map(chr, range(LAST + 1)) if ord(c) not in SURROGATES and nfd(c) == c]
    lowest, highest = "\u0334", "\u0345"  # of the classes 1 and 240

    def before(first, second):
        return first != second and nfd(second + first) == first + second

    # One mark of each class; a newer Unicode version's may be unknown to the library.
    samples = {}
    for c in candidates:
        if unicodedata.combining(c) and (before(lowest, c) or before(c, highest)):
            samples.setdefault(unicodedata.combining(c), c)

    classes = {}
    for c in candidates:
        if before(lowest, c) or before(c, highest):
            matches = [n for n, s in samples.items() if not before(s, c) and not before(c, s)]
            if len(matches) != 1:
                raise AssertionError(f"{ascii(c)}: no single combining class: {matches}")
            classes[ord(c)] = matches[0]
    return classes


def varint(out, value):
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def write_mappings(out, mappings):
    varint(out, len(mappings))
    last = 0
    for code_point, text in sorted(mappings.items()):
        varint(out, code_point - last)
        varint(out, len(text))
        for c in text:
            varint(out, ord(c))
        last = code_point


def tables():
    classes = combining_classes()
    runs = []
    decompositions = {}
    lowered = {}
    for code_point in range(LAST + 1):
        if code_point in SURROGATES:
            found = 0  # not a character; the Java code never looks one up
        else:
            c = chr(code_point)
            found = properties(c)
            if found & DECOMPOSES:
                if code_point in HANGUL:
                    assert nfd(c) == hangul_decomposition(c)
                else:
                    decompositions[code_point] = nfd(c)
            if found & LOWERED:
                lowered[code_point] = lower(c)
            if code_point in classes and not found & MARK:
                found |= STAYING_NONSTARTER
        if runs and runs[-1][1] == found:
            runs[-1][0] += 1
        else:
            runs.append([1, found])
    marks = {c for c in map(chr, range(LAST + 1)) if ord(c) not in SURROGATES and strip(c) == "" and nfd(c) == c}
    for code_point, text in decompositions.items():
        if strip(chr(code_point)) != "".join(c for c in text if c not in marks):
            raise AssertionError(f"{ascii(chr(code_point))}: strip_accents is not NFD without marks")

    out = bytearray(b"PRUT")
    varint(out, FORMAT)
    varint(out, len(runs))
    for length, found in runs:
        varint(out, length)
        varint(out, found)
    write_mappings(out, decompositions)
    write_mappings(out, lowered)
    varint(out, len(classes))
    last = 0
    for code_point, combining_class in sorted(classes.items()):
        varint(out, code_point - last)
        varint(out, combining_class)
        last = code_point
    return bytes(out) + zlib.crc32(out).to_bytes(4, "big")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the shipped file, write nothing")
    arguments = parser.parse_args()
    if tokenizers.__version__ != VERSION:
        sys.exit(f"tokenizers {VERSION} is needed, this is {tokenizers.__version__}")
    made = tables()
    if arguments.check:
        if TARGET.read_bytes() != made:
            sys.exit(f"{TARGET} differs")
        print(f"{TARGET.name}: as the library has it, {len(made)} bytes")
    else:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_bytes(made)
        print(f"{TARGET.name}: {len(made)} bytes")


if __name__ == "__main__":
    main()
