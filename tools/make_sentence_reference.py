#!/usr/bin/env python3
"""
Writes what sentence-transformers makes of sentence encoders, for the tests to compare with.

    python tools/make_sentence_reference.py small           # src/test/resources/golden/sentences: small models, and sentences.json
    python tools/make_sentence_reference.py minilm DIR      # sentences-minilm.json; DIR is what "purerank import --pooling mean" made
    python tools/make_sentence_reference.py compare DIR N   # encodes N texts with DIR here and with tools/purerank embed

Needs exactly the versions in make_reference.py; they are written into each file. Texts are encoded one at a time and so without
padding.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import transformers
from make_reference import GOLDEN, ROOT, SENTENCES, VERSIONS, compact
from sentence_transformers import SentenceTransformer, util
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling

FOLDER = GOLDEN / "sentences"
WORDS = "the a of and to in is for on with as by at it an be this that from or are was not but have password account reset moon people city".split()
MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
SMALL = [
    # name, what differs: architecture, pooling modes, modules behind, prompts, options
    ("cls", dict(modes="cls")),
    ("max", dict(modes="max", architecture="distilbert")),
    ("mean-normalize", dict(modes="mean", steps=["normalize"], architecture="electra")),
    ("mean-sqrt-len", dict(modes="mean_sqrt_len_tokens")),
    ("weightedmean", dict(modes="weightedmean", architecture="electra")),
    ("lasttoken", dict(modes="lasttoken", architecture="distilbert")),
    ("all-modes", dict(modes=MODES)),
    ("all-modes-without-prompt", dict(modes=list(reversed(MODES)), include_prompt=False, prompts={"query": "reset the password of: ", "passage": "p "})),
    ("dense-tanh-normalize", dict(modes="mean", steps=[("Tanh", 10, True, False), "normalize"], prompts={"query": "query: "}, default_prompt="query")),
    ("dense-chain", dict(modes=["cls", "mean"], steps=[("Identity", 33, False, False), ("ReLU", 33, True, True), ("GELU", 7, True, True), ("Sigmoid", 7, True, False)], similarity="dot", truncate=5)),
    ("max-seq-length-lower-case", dict(modes="mean", max_seq_length=9, do_lower_case=True, cased=True, similarity="euclidean")),
    ("cased", dict(modes="mean", cased=True, similarity="manhattan")),
    ("older-layout", dict(modes=["cls", "max"], steps=["normalize"], older=True, max_seq_length=12)),
    ("without-modules", dict(modes="mean", bare=True, architecture="distilbert")),
]


def vocabulary(cased):
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)] + list("0123456789.,:;!?-'")
    words = WORDS + ([w.capitalize() for w in WORDS] + [c.upper() for c in letters if c.isalpha()] if cased else [])
    pieces = ["##" + c for c in letters if c.isalnum()] + ["##ing", "##s", "##ed", "##ation"]
    if cased:
        pieces += ["##" + c.upper() for c in letters if c.isalpha()]
    return list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + words + pieces))


def save_transformer(folder, options, seed):
    torch.manual_seed(seed)
    vocab = vocabulary(options.get("cased", False))
    sizes = dict(vocab_size=len(vocab), max_position_embeddings=40)
    match options.get("architecture", "bert"):
        case "bert":
            config = transformers.BertConfig(hidden_size=20, num_hidden_layers=2, num_attention_heads=2, intermediate_size=36, **sizes)
            model = transformers.BertModel(config)
        case "distilbert":
            config = transformers.DistilBertConfig(dim=18, n_layers=2, n_heads=3, hidden_dim=30, **sizes)
            model = transformers.DistilBertModel(config)
        case "electra":
            config = transformers.ElectraConfig(embedding_size=12, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40, **sizes)
            model = transformers.ElectraModel(config)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "LayerNorm" not in name and "layer_norm" not in name:
                tensor.normal_(0, 0.5 if "embeddings" in name else 0.25)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocab) + "\n")
    tokenizer = transformers.BertTokenizer(str(folder / "vocab.txt"), do_lower_case=not options.get("cased", False))
    tokenizer.model_max_length = 40
    tokenizer.save_pretrained(folder)


def build(options, scratch, seed):
    save_transformer(scratch, options, seed)
    transformer = Transformer(str(scratch), max_seq_length=options.get("max_seq_length"), do_lower_case=options.get("do_lower_case", False))
    modes = options["modes"]
    pooling = Pooling(transformer.get_embedding_dimension(), tuple(modes) if isinstance(modes, list) else modes, include_prompt=options.get("include_prompt", True))
    modules, size = [transformer, pooling], pooling.pooling_output_dimension
    for step in options.get("steps", []):
        if step == "normalize":
            modules.append(Normalize())
        else:
            name, out, bias, residual = step
            modules.append(Dense(size, out, bias=bias, activation_function=getattr(torch.nn, name)(), use_residual=residual))
            size = out
    return SentenceTransformer(
        modules=modules,
        prompts=options.get("prompts"),
        default_prompt_name=options.get("default_prompt"),
        similarity_fn_name=options.get("similarity"),
        truncate_dim=options.get("truncate"),
        device="cpu",
    )


def make_older(folder, options):
    """As versions before 5.4 saved it."""
    modules = json.loads((folder / "modules.json").read_text())
    for module in modules:
        module["type"] = "sentence_transformers.models." + module["type"].rsplit(".", 1)[1]
    (folder / "modules.json").write_text(json.dumps(modules))
    modes = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max", "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens"}
    pooling = json.loads((folder / "1_Pooling/config.json").read_text())
    older = {"word_embedding_dimension": pooling["embedding_dimension"]} | {key: mode in options["modes"] for key, mode in modes.items()}
    (folder / "1_Pooling/config.json").write_text(json.dumps(older))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": options["max_seq_length"], "do_lower_case": False}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"__version__": {"sentence_transformers": "2.0.0", "transformers": "4.6.1", "pytorch": "1.8.1"}}))
    shutil.rmtree(folder / "2_Normalize")


TEXTS = [
    "",
    "a",
    "Reset the password.",
    "How many people are in the city?",
    "The moon is not a city, but people have been to it.",
    "ÀÉÎ unknown 漢字 words",
    "reset the password of: the account",
    "[CLS] the [MASK] is [SEP] here",
    " ".join(WORDS),
    " ".join(WORDS * 3),
]


def encode(model, text, **options):
    return [float(x) for x in model.encode([text], **options)[0].tolist()]


def make_small():
    shutil.rmtree(FOLDER, ignore_errors=True)
    models = []
    for number, (name, options) in enumerate(SMALL):
        folder = FOLDER / name
        with tempfile.TemporaryDirectory() as scratch:
            built = build(options, Path(scratch), number + 1)
            if options.get("bare"):
                save_transformer(folder, options, number + 1)
            else:
                built.save(str(folder), create_model_card=False)
        for extra in ("vocab.txt", "README.md"):
            (folder / extra).unlink(missing_ok=True)
        if options.get("older"):
            make_older(folder, options)
        for file in folder.rglob("*.json"):
            text = json.dumps(json.loads(file.read_text()), ensure_ascii=False, separators=(",", ":"))
            file.write_text(text + "\n")
        model = SentenceTransformer(str(folder), device="cpu")
        texts = []
        for text in TEXTS:
            entry = {"text": text, "input_ids": model.preprocess([text])["input_ids"][0].tolist(), "embedding": encode(model, text)}
            entry["query"] = encode(model, text, prompt_name="query")
            entry["document"] = [float(x) for x in model.encode_document([text])[0].tolist()]
            entry["changed"] = encode(model, text, prompt="the moon ", truncate_dim=6, normalize_embeddings=True)
            texts.append(entry)
        both = model.encode([t["text"] for t in texts[:4]], batch_size=1)
        similarities = {f: getattr(util, f)(both, both).tolist() for f in ("cos_sim", "dot_score", "euclidean_sim", "manhattan_sim")}
        models.append({
            "name": name,
            "dimension": len(texts[0]["embedding"]),
            "max_length": model.max_seq_length,
            "similarity": model.similarity_fn_name,
            "prompts": model.prompts,
            "similarities": similarities,
            "texts": texts,
        })
    write("sentences", {"models": models})


def mixed_texts(count, seed):
    """Texts of a few to some hundred words, from the sentences of the other golden files."""
    random = np.random.default_rng(seed)
    words = " ".join(SENTENCES).split()
    texts = ["", "mutex", *SENTENCES]
    while len(texts) < count:
        length = int(np.exp(random.uniform(0, np.log(260))))
        texts.append(" ".join(random.choice(words, length)))
    return texts[:count]


def make_minilm(folder):
    model = SentenceTransformer(folder, device="cpu")
    texts = mixed_texts(50, 1)
    embeddings = np.stack([model.encode([text])[0] for text in texts])
    # Every eighth element of each vector is enough to tell a wrong one; all of them count in the cosines.
    entries = [{"text": t, "tokens": int(model.preprocess([t])["input_ids"].shape[1]), "every_eighth": [float(x) for x in e[::8].tolist()], "cosines": [float(x) for x in c]}
               for t, e, c in zip(texts, embeddings, util.cos_sim(embeddings, embeddings).tolist())]
    write("sentences-minilm", {"texts": entries})


def compare(folder, count):
    model = SentenceTransformer(folder, device="cpu")
    texts = mixed_texts(count, 2)
    expected = np.stack([model.encode([text])[0] for text in texts])
    lines = "".join(json.dumps({"text": t}) + "\n" for t in texts)
    command = [str(ROOT / "tools/purerank"), "embed", "--model", folder, "--input", "-", "--input-format", "jsonl", "--format", "jsonl"]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    found = np.array([json.loads(line)["embedding"] for line in out.splitlines()], dtype=np.float32)
    cosines = np.abs(util.cos_sim(expected, expected).numpy() - util.cos_sim(found, found).numpy()).max()
    print(f"{len(texts)} texts: largest difference of an embedding {np.abs(expected - found).max():.3g}, of a cosine {cosines:.3g}")


def write(name, content):
    head = {"made_by": "tools/make_sentence_reference.py", "versions": VERSIONS}
    (GOLDEN / f"{name}.json").write_text(compact(json.dumps(head | content, ensure_ascii=True, indent=1)) + "\n")
    print(name, (GOLDEN / f"{name}.json").stat().st_size)


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} is installed; the golden files are made with {wanted}")
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["small"]:
            make_small()
        case ["minilm", folder]:
            make_minilm(folder)
        case ["compare", folder, count]:
            compare(folder, int(count))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
