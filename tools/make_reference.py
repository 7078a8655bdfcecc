#!/usr/bin/env python3
"""
Writes the golden files in src/test/resources/golden: what the reference implementation computes, for the tests to compare with.

    python tools/make_reference.py default            # the default model: texts, ids, hidden states, logits, scores
    python tools/make_reference.py tiny               # small models of odd shapes, their weights from a formula
    python tools/make_reference.py minilm DIR ONNX    # all-MiniLM-L6-v2: DIR is what OnnxImport made of the file ONNX

Needs exactly the versions in VERSIONS (and, for minilm, onnx); they are written into each file. Everything is computed by
PyTorch in float32, one pair at a time and so without padding. Numbers are written so that reading them gives the same float.
"""
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch
import transformers
from sentence_transformers import CrossEncoder

VERSIONS = {
    "sentence-transformers": "6.0.1",
    "tokenizers": "0.23.2",
    "transformers": "5.18.0",
    "torch": "2.13.0+cpu",
}
ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "src/test/resources/golden"
DEFAULT_MODEL = ROOT / "src/main/resources/io/github/purerank/default-model"


# ---- Weights from a formula: SeededWeights.java does the same.

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def name_hash(name):
    """FNV-1a, 64 bits."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 & MASK
    return h


def signed_fractions(name, seed, count, bits):
    """SplitMix64 (Steele, Lea and Flood 2014) from the name's hash and the seed; the top bits as numbers from -1 up to below 1."""
    start = np.uint64(name_hash(name) ^ seed)
    with np.errstate(over="ignore"):
        z = start + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GAMMA)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z.view(np.int64) >> np.int64(64 - bits)).astype(np.float64) * 2.0 ** (1 - bits)


def seeded_tensor(name, seed, shape, bits=16):
    values = signed_fractions(name, seed, int(np.prod(shape)), bits)
    if name.endswith("bias"):
        values = values / 8
    elif name.endswith(("LayerNorm.weight", "layer_norm.weight")):
        values = 1 + values / 4
    elif name.endswith("word_embeddings.weight"):
        pass
    elif name.endswith("embeddings.weight"):
        values = values / 2
    else:
        values = values * 2.0 ** -((shape[1].bit_length() - 1) // 2)
    return values.reshape(shape)


# ---- Tiny models.

TINY = [
    # name, what differs from the rest
    ("hidden-100-labels-3", dict(hidden_size=100, num_attention_heads=4, intermediate_size=400, num_hidden_layers=2, labels=3)),
    ("head-size-26", dict(hidden_size=312, num_attention_heads=12, intermediate_size=1200, num_hidden_layers=4, lengths=[3, 13, 33])),
    ("relu-eps-1e-5", dict(hidden_size=32, num_attention_heads=2, intermediate_size=64, num_hidden_layers=3, hidden_act="relu", layer_norm_eps=1e-5)),
    ("gelu-new", dict(hidden_size=48, num_attention_heads=3, intermediate_size=40, num_hidden_layers=2, hidden_act="gelu_new")),
    ("gelu-tanh-heads-of-one", dict(hidden_size=17, num_attention_heads=17, intermediate_size=1, num_hidden_layers=2, hidden_act="gelu_pytorch_tanh", labels=5, type_vocab_size=1)),
    ("hidden-30-no-prefix", dict(hidden_size=30, num_attention_heads=5, intermediate_size=33, num_hidden_layers=1, prefix=False)),
    ("hidden-33-old-names", dict(hidden_size=33, num_attention_heads=1, intermediate_size=31, num_hidden_layers=3, old_names=True, labels=2)),
    ("hidden-383", dict(hidden_size=383, num_attention_heads=1, intermediate_size=385, num_hidden_layers=1, lengths=[1, 12, 35])),
    ("hidden-15-relu", dict(hidden_size=15, num_attention_heads=3, intermediate_size=16, num_hidden_layers=5, hidden_act="relu", type_vocab_size=3)),
    ("f16", dict(hidden_size=64, num_attention_heads=1, intermediate_size=65, num_hidden_layers=2, dtype="F16")),
    ("bf16", dict(hidden_size=40, num_attention_heads=4, intermediate_size=160, num_hidden_layers=2, dtype="BF16")),
    ("f64-sharded-old-names-no-prefix", dict(hidden_size=36, num_attention_heads=6, intermediate_size=72, num_hidden_layers=3, dtype="F64", shards=3, old_names=True, prefix=False)),
    ("distilbert-hidden-36", dict(architecture="distilbert", hidden_size=36, num_attention_heads=3, intermediate_size=50, num_hidden_layers=2)),
    ("distilbert-relu-labels-3-no-prefix", dict(architecture="distilbert", hidden_size=20, num_attention_heads=4, intermediate_size=77, num_hidden_layers=3, hidden_act="relu", labels=3, prefix=False)),
    ("electra-embedding-24-hidden-40", dict(architecture="electra", embedding_size=24, hidden_size=40, num_attention_heads=2, intermediate_size=75, num_hidden_layers=2)),
    ("electra-embedding-70-hidden-33-gelu-new-old-names-no-prefix", dict(architecture="electra", embedding_size=70, hidden_size=33, num_attention_heads=3, intermediate_size=64, num_hidden_layers=1, hidden_act="gelu_new", labels=2, old_names=True, prefix=False)),
    ("electra-no-projection-f16-sharded", dict(architecture="electra", embedding_size=32, hidden_size=32, num_attention_heads=1, intermediate_size=48, num_hidden_layers=2, layer_norm_eps=1e-5, type_vocab_size=3, dtype="F16", shards=2)),
]
LENGTHS = [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 48, 64, 65]
VOCAB, POSITIONS = 97, 65


CLASSES = {
    "bert": "BertForSequenceClassification",
    "distilbert": "DistilBertForSequenceClassification",
    "electra": "ElectraForSequenceClassification",
}

# What the names of a BERT begin with, and what stands there in the others; the first that fits counts.
BEGINNINGS = {
    "bert": [("", "")],
    "electra": [("bert.pooler.dense", "classifier.dense"), ("classifier", "classifier.out_proj"), ("bert.", "electra.")],
    "distilbert": [
        ("bert.pooler.dense", "pre_classifier"),
        ("bert.encoder.layer.", "distilbert.transformer.layer."),
        ("bert.", "distilbert."),
        ("classifier", "classifier"),
    ],
}
# The same inside a layer of DistilBERT; all that fit count, in this order.
DISTILBERT_PARTS = [
    ("attention.self.query", "attention.q_lin"),
    ("attention.self.key", "attention.k_lin"),
    ("attention.self.value", "attention.v_lin"),
    ("attention.output.dense", "attention.out_lin"),
    ("attention.output.LayerNorm", "sa_layer_norm"),
    ("intermediate.dense", "ffn.lin1"),
    ("output.dense", "ffn.lin2"),
    ("output.LayerNorm", "output_layer_norm"),
]
# The keys of config.json that DistilBERT has other names for.
DISTILBERT_KEYS = {
    "hidden_size": "dim",
    "num_hidden_layers": "n_layers",
    "num_attention_heads": "n_heads",
    "intermediate_size": "hidden_dim",
    "hidden_act": "activation",
}


def name_in(architecture, bert_name):
    """What a tensor of a BERT is called in another architecture."""
    begin, other = next(pair for pair in BEGINNINGS[architecture] if bert_name.startswith(pair[0]))
    rest = bert_name.removeprefix(begin)
    if architecture == "distilbert" and begin == "bert.encoder.layer.":
        for part, other_part in DISTILBERT_PARTS:
            rest = rest.replace(part, other_part)
    return other + rest


def tiny_shapes(options, labels):
    """The tensors of an architecture under the names of a BERT."""
    h, i = options["hidden_size"], options["intermediate_size"]
    e = options.get("embedding_size", h)
    shapes = {
        "bert.embeddings.word_embeddings.weight": (VOCAB, e),
        "bert.embeddings.position_embeddings.weight": (POSITIONS, e),
    }
    if options.get("architecture") != "distilbert":
        shapes["bert.embeddings.token_type_embeddings.weight"] = (options.get("type_vocab_size", 2), e)

    def linear(name, outputs, inputs):
        shapes[name + ".weight"] = (outputs, inputs)
        shapes[name + ".bias"] = (outputs,)

    def norm(name, size):
        shapes[name + ".weight"] = (size,)
        shapes[name + ".bias"] = (size,)

    norm("bert.embeddings.LayerNorm", e)
    if e != h:
        linear("bert.embeddings_project", h, e)
    for layer in range(options["num_hidden_layers"]):
        name = f"bert.encoder.layer.{layer}."
        linear(name + "attention.self.query", h, h)
        linear(name + "attention.self.key", h, h)
        linear(name + "attention.self.value", h, h)
        linear(name + "attention.output.dense", h, h)
        norm(name + "attention.output.LayerNorm", h)
        linear(name + "intermediate.dense", i, h)
        linear(name + "output.dense", h, i)
        norm(name + "output.LayerNorm", h)
    linear("bert.pooler.dense", h, h)
    linear("classifier", labels, h)
    return shapes


def tiny_config(options, labels):
    architecture = options.get("architecture", "bert")
    config = {
        "architectures": [CLASSES[architecture]],
        "model_type": architecture,
        "vocab_size": VOCAB,
        "hidden_size": options["hidden_size"],
        "num_hidden_layers": options["num_hidden_layers"],
        "num_attention_heads": options["num_attention_heads"],
        "intermediate_size": options["intermediate_size"],
        "hidden_act": options.get("hidden_act", "gelu"),
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": options.get("type_vocab_size", 2),
        "layer_norm_eps": options.get("layer_norm_eps", 1e-12),
        "id2label": {str(i): f"LABEL_{i}" for i in range(labels)},
        "label2id": {f"LABEL_{i}": i for i in range(labels)},
    }
    if architecture == "electra":
        config["embedding_size"] = options["embedding_size"]
    if architecture == "distilbert":
        for key in ("type_vocab_size", "layer_norm_eps"):
            del config[key]
        config = {DISTILBERT_KEYS.get(key, key): value for key, value in config.items()}
    return config


DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}


def tiny_model(config, shapes, layout):
    """The model that transformers makes of a folder as an older or newer version of it would have saved it."""
    expected, saved = {}, {}
    for bert_name, shape in shapes.items():
        name = name_in(config["model_type"], bert_name)
        bits = 48 if layout["dtype"] == "F64" else 16
        tensor = torch.from_numpy(seeded_tensor(name, layout["seed"], shape, bits)).to(DTYPES[layout["dtype"]])
        expected[name] = tensor.to(torch.float32)
        if not layout["prefix"]:
            name = name.removeprefix(config["model_type"] + ".")
        if layout["old_names"]:
            name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        saved[name] = tensor.contiguous()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "config.json").write_text(json.dumps(config))
        names, shards = list(saved), layout["shards"]
        if shards == 1:
            safetensors.torch.save_file(saved, folder / "model.safetensors", metadata={"format": "pt"})
        else:
            weight_map = {}
            for shard in range(shards):
                file = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
                part = {n: saved[n] for n in names[shard::shards]}
                safetensors.torch.save_file(part, folder / file, metadata={"format": "pt"})
                weight_map |= dict.fromkeys(part, file)
            (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
        model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    loaded = model.state_dict()
    for name, tensor in expected.items():
        assert torch.equal(loaded[name], tensor), name
    return model


def make_tiny():
    models, hidden = [], {}
    for number, (name, options) in enumerate(TINY):
        labels = options.get("labels", 1)
        config = tiny_config(options, labels)
        layout = {
            "seed": number + 1,
            "dtype": options.get("dtype", "F32"),
            "prefix": options.get("prefix", True),
            "old_names": options.get("old_names", False),
            "shards": options.get("shards", 1),
        }
        model = tiny_model(config, tiny_shapes(options, labels), layout)
        pairs = []
        for length in options.get("lengths", LENGTHS):
            rng = np.random.default_rng([number, length])
            ids = rng.integers(0, VOCAB, length).tolist()
            types = sorted(rng.integers(0, options.get("type_vocab_size", 2), length).tolist())
            logits, states = forward(model, ids, types)
            pairs.append({"input_ids": ids, "token_type_ids": types, "logits": logits})
            if length in (3, 12, 13):
                for stage, state in enumerate(states):
                    hidden[f"{name}/{len(pairs) - 1}/{stage}"] = state
        models.append({"name": name, "layout": layout, "config": config, "pairs": pairs})
    write("tiny", {"models": models}, hidden)


# ---- The default model.

def forward(model, ids, types):
    """Logits, and what the embeddings and each layer hand on. A DistilBERT is not given the types."""
    inputs = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
    if model.config.model_type != "distilbert":
        inputs["token_type_ids"] = torch.tensor([types])
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True)
    return numbers(out.logits[0]), [state[0].numpy() for state in out.hidden_states]


def numbers(tensor):
    """Floats as JSON numbers; a double's shortest decimal form reads back as the same float too."""
    return [float(x) for x in tensor.tolist()]


SENTENCES = [
    "Use the account settings page to send a password reset link.",
    "Rotate the signing key before deploying a new release.",
    "Berlin has a population of 3,520,031 registered inhabitants in an area of 891.82 square kilometers.",
    "Create a snapshot, copy it to archive storage, and record the restore point.",
    "The quick brown fox jumps over the lazy dog; nobody knows why.",
    "Photosynthesis turns carbon dioxide and water into sugar with the energy of light.",
    "A mutex protects shared data from being changed by two threads at once.",
    "In 1969, Apollo 11 carried three astronauts to the Moon and back.",
    "Bread dough rises because yeast produces gas that the gluten holds.",
    "State-of-the-art results don't always replicate (see e.g. p. 42).",
    "The treaty was signed in Münster and Osnabrück after five years of talks.",
    "El niño comió piñones y bebió café con leche en la mañana.",
    "東京は日本の首都であり、人口は約1400万人です。",
    "Москва является столицей России и крупнейшим городом страны.",
    "مرحبا بالعالم، هذا نص قصير.",
    "The function returns NaN when x < 0 || x > 1e308; otherwise y = f(x)^2 + $5.00.",
]
QUERIES = [
    "How do I reset a user password?",
    "How many people live in Berlin?",
    "Which document explains database backups?",
    "why does bread rise",
    "moon landing",
    "What is photosynthesis?",
    "mutex",
    "capital of Japan 東京",
    "столица России",
    "",
]


def default_pairs():
    """(query, passage, max_length)"""
    pairs = [("", "", 512), ("", SENTENCES[0], 512), (QUERIES[0], "", 512), ("a", "b", 512), ("moon", "the moon", 512)]
    pairs += [(QUERIES[0], SENTENCES[0], 512), (QUERIES[0], SENTENCES[1], 512), (QUERIES[1], SENTENCES[2], 512)]
    pairs += [("[CLS] a[SEP]b", "x [MASK] y [UNK] [PAD]", 512), ("e\u0301\u200b\ufffd\u0000 ﬁ Ⅷ", "😀 \U0001f1e9\U0001f1ea ΟΔΟΣ İstanbul", 512)]
    pairs += [("x" * 101, "antidisestablishmentarianism " * 3, 512)]
    for i, sentence in enumerate(SENTENCES):
        pairs.append((QUERIES[i % len(QUERIES)], sentence, 512))
    words = " ".join(SENTENCES[:11]).split()
    for count in (20, 22, 24, 26, 28, 60, 100, 200, 330, 700):
        pairs.append((QUERIES[count % 7], " ".join(words[(7 * k) % len(words)] for k in range(count)), 512))
    long = " ".join(words * 6)
    pairs += [(long, long, 512), (long, "short", 512), ("short", long, 512), (long, "", 512)]
    pairs += [(SENTENCES[3], SENTENCES[9], 16), (long, SENTENCES[9], 33), (SENTENCES[1], long, 64), (QUERIES[2], SENTENCES[3], 3), (QUERIES[2], SENTENCES[3], 4)]
    return pairs


def make_default():
    encoder = CrossEncoder(str(DEFAULT_MODEL), device="cpu")
    model = encoder.model.eval()
    pairs, hidden = [], {}
    for query, passage, max_length in default_pairs():
        encoder.max_length = max_length
        encoded = encoder.preprocess([(query, passage)])
        ids, types = encoded["input_ids"][0].tolist(), encoded["token_type_ids"][0].tolist()
        logits, states = forward(model, ids, types)
        score = float(encoder.predict([(query, passage)], batch_size=1)[0])
        sigmoid = float(encoder.predict([(query, passage)], batch_size=1, activation_fn=torch.nn.Sigmoid())[0])
        assert score == logits[0], (query, passage, score, logits)
        pairs.append(
            {
                "query": query,
                "passage": passage,
                "max_length": max_length,
                "input_ids": ids,
                "token_type_ids": types,
                "logits": logits,
                "score": score,
                "sigmoid": sigmoid,
            }
        )
        if len(ids) in (3, 5, 12, 16):
            for stage, state in enumerate(states):
                hidden[f"default/{len(pairs) - 1}/{stage}"] = state
    write("default", {"pairs": pairs}, hidden)
    print("lengths", sorted(len(p["input_ids"]) for p in pairs))


# ---- all-MiniLM-L6-v2.

MINILM_TEXTS = ["", "mutex", "How do I reset a user password?", SENTENCES[5] + " " + SENTENCES[10]]


def make_minilm(folder, onnx_file):
    import onnx
    import onnx.reference

    check_conversion(folder, onnx.load(onnx_file))
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    evaluator = onnx.reference.ReferenceEvaluator(onnx_file)
    texts, hidden = [], {}
    for i, text in enumerate(MINILM_TEXTS):
        encoded = tokenizer(text)
        ids, types = encoded["input_ids"], encoded["token_type_ids"]
        logits, states = forward(model, ids, types)
        feeds = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types}
        original = evaluator.run(None, {k: np.array([v], dtype=np.int64) for k, v in feeds.items()})[0][0]
        difference = float(np.abs(original - states[-1]).max())
        print(f"{len(ids)} tokens: transformers on the converted weights against the ONNX graph: {difference:.2g}")
        assert difference < 1e-5
        hidden[f"minilm/{i}/6"] = states[-1]
        texts.append({"text": text, "input_ids": ids, "token_type_ids": types, "logits": logits})
    write("minilm", {"onnx_version": version("onnx"), "texts": texts}, hidden)


def check_conversion(folder, model):
    """Each converted tensor against the ONNX file's, found without its graph: by its bias's place and its values."""
    from onnx import numpy_helper

    converted = safetensors.numpy.load_file(Path(folder) / "model.safetensors")
    named = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    anonymous = [numpy_helper.to_array(t).T for t in model.graph.initializer if t.name.startswith("onnx::")]
    rest = dict(converted)
    for name, array in named.items():
        if array.dtype == np.float32 and not name.startswith("onnx::"):
            np.testing.assert_array_equal(rest.pop("bert." + name), array)
    for name in ("bert.pooler.dense", "classifier"):
        for part in (".weight", ".bias"):
            tensor = rest.pop(name + part)
            seeded = seeded_tensor(name + part, MINILM_SEED, tensor.shape)
            np.testing.assert_array_equal(tensor, seeded.astype(np.float32))
    # The exporter numbers the products in the order in which PyTorch runs them: query, key, value, then onwards.
    parts = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"]
    order = [f"bert.encoder.layer.{layer}.{part}.weight" for layer in range(6) for part in parts]
    assert sorted(order) == sorted(rest)
    for name, array in zip(order, anonymous, strict=True):
        np.testing.assert_array_equal(rest[name], array)
    print(f"{len(converted)} tensors are as in the ONNX file")


MINILM_SEED = 1


# ---- Files.

def write(name, content, hidden):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    head = {"made_by": "tools/make_reference.py " + name, "versions": VERSIONS}
    lists = json.dumps(head | content, ensure_ascii=True, indent=1)
    (GOLDEN / f"{name}.json").write_text(compact(lists) + "\n")
    hidden = {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in hidden.items()}
    safetensors.numpy.save_file(hidden, GOLDEN / f"{name}.safetensors")
    for file in (f"{name}.json", f"{name}.safetensors"):
        print(file, (GOLDEN / file).stat().st_size)


def compact(text):
    """Lists of numbers on one line."""
    import re

    return re.sub(r"\[\s+((?:-?[\d.e+-]+,\s+)*-?[\d.e+-]+)\s+\]", lambda m: "[" + re.sub(r"\s+", "", m[1]) + "]", text)


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} is installed; the golden files are made with {wanted}")
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["default"]:
            make_default()
        case ["tiny"]:
            make_tiny()
        case ["minilm", folder, onnx_file]:
            make_minilm(folder, onnx_file)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
