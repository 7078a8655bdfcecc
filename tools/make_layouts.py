#!/usr/bin/env python3
"""
Writes src/test/resources/golden/layouts: small cross-encoders of each architecture in each layout that sentence-transformers has
saved, and layouts.json with what the reference makes of these folders.

    python tools/make_layouts.py

Needs exactly the versions in make_reference.VERSIONS. The newest layout is what CrossEncoder.save_pretrained writes, without its
README.md; the older ones are rewritten from it, and the reference reads them back. Weights are random: the scores mean nothing.
"""
import json
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import safetensors.torch
import torch
import transformers
from sentence_transformers import CrossEncoder

from make_reference import CLASSES, GOLDEN, VERSIONS, compact, numbers

FOLDER = GOLDEN / "layouts"
IDENTITY = "torch.nn.modules.linear.Identity"
SIGMOID = "torch.nn.modules.activation.Sigmoid"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = "how high is the mountain a river flows to sea ##ing ##s of 8".split()
VOCABULARY = SPECIAL + list(LETTERS) + ["##" + c for c in LETTERS] + [w for w in WORDS if len(w) > 1]
POSITIONS = 24
PAIRS = [
    ("how high is the mountain", "the mountain is 88 m high."),
    ("How high is the mountain", "The RIVERS flow to the sea, flowing"),
    ("", ""),
    ("river", "東 Ünïcode [SEP] 🙂"),
    ("the sea of the river of the mountain of the sea of the river", "of the sea a river flows to the mountain of the river"),
]

# One layer each; embeddings of ELECTRA are narrower than its encoder.
SIZES = {
    "bert": dict(hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16),
    "distilbert": dict(dim=12, n_layers=1, n_heads=3, hidden_dim=16),
    "electra": dict(embedding_size=8, hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16),
}
# The tokenizer's class that transformers 4 wrote for each.
TOKENIZERS = {"bert": "BertTokenizer", "distilbert": "DistilBertTokenizer", "electra": "ElectraTokenizer"}


def random_model(architecture, seed, labels):
    torch.manual_seed(seed)
    config = transformers.AutoConfig.for_model(
        architecture, vocab_size=len(VOCABULARY), max_position_embeddings=POSITIONS, **SIZES[architecture]
    )
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: i for i, label in enumerate(labels)}
    model = getattr(transformers, CLASSES[architecture])(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.lower().replace("_", "").endswith("layernorm.weight"):
                parameter.copy_(1 + torch.randn_like(parameter) / 4)
            else:
                parameter.copy_(torch.randn_like(parameter) / 2)
    return model


def save_newest(architecture, seed, folder, labels=("LABEL_0",), dtype=torch.float32, **options):
    """What CrossEncoder.save_pretrained writes."""
    with tempfile.TemporaryDirectory() as plain:
        (Path(plain) / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
        transformers.BertTokenizer(f"{plain}/vocab.txt", model_max_length=POSITIONS).save_pretrained(plain)
        random_model(architecture, seed, labels).save_pretrained(plain)
        encoder = CrossEncoder(plain, device="cpu", model_kwargs={"dtype": dtype}, **options)
        encoder.save_pretrained(str(folder))
    (folder / "README.md").unlink()


def rewrite_json(file, change):
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content, indent=2) + "\n")


def make_older(folder, architecture, config, tokenizer_class):
    """What transformers 4 and sentence-transformers before 5.4 wrote beside the weights."""
    for file in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / file).unlink()
    rewrite_json(folder / "config.json", lambda content: content.update(config))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    roles = {"unk": 1, "sep": 3, "pad": 0, "cls": 2, "mask": 4}
    tokens = {f"{role}_token": SPECIAL[i] for role, i in roles.items()}
    flags = dict(lstrip=False, normalized=False, rstrip=False, single_word=False, special=True)
    (folder / "special_tokens_map.json").write_text(json.dumps(tokens, indent=2) + "\n")
    saved = {
        "added_tokens_decoder": {str(i): {"content": token} | flags for i, token in enumerate(SPECIAL)},
        "clean_up_tokenization_spaces": True,
        "do_basic_tokenize": True,
        "do_lower_case": True,
        "model_max_length": 512,
        "never_split": None,
        "strip_accents": None,
        "tokenize_chinese_chars": True,
        "tokenizer_class": tokenizer_class,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(saved | tokens, indent=2) + "\n")


def rename(folder, change, extra=None):
    weights = safetensors.torch.load_file(folder / "model.safetensors")
    weights = {change(name): tensor for name, tensor in weights.items()} | (extra or {})
    safetensors.torch.save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def before_v4(architecture, seed, folder):
    """vocab.txt alone, LayerNorm's older names, a buffer among the weights, the activation in a key of its own."""
    several = architecture == "electra"
    labels = ("contradiction", "entailment", "neutral") if several else ("LABEL_0",)
    save_newest(architecture, seed, folder, labels)
    activation = {"sbert_ce_default_activation_function": SIGMOID if several else IDENTITY}
    make_older(folder, architecture, activation | {"transformers_version": "4.39.3"}, TOKENIZERS[architecture])
    (folder / "tokenizer.json").unlink()
    positions = {f"{architecture}.embeddings.position_ids": torch.arange(POSITIONS).unsqueeze(0)}
    rename(
        folder,
        lambda name: name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
        positions,
    )


def v4(architecture, seed, folder):
    """The activation in an object of its own; for DistilBERT without one, so that the default counts."""
    save_newest(architecture, seed, folder)
    ours = {"version": "4.1.0"} if architecture == "distilbert" else {"activation_fn": IDENTITY, "version": "4.1.0"}
    make_older(folder, architecture, {"sentence_transformers": ours}, TOKENIZERS[architecture] + "Fast")


def sharded_no_prefix(architecture, seed, folder):
    save_newest(architecture, seed, folder)
    make_older(folder, architecture, {"sentence_transformers": {"activation_fn": IDENTITY, "version": "5.1.0"}}, "BertTokenizer")
    rename(folder, lambda name: name.removeprefix(architecture + "."))
    weights = safetensors.torch.load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    weight_map = {}
    for shard in (0, 1):
        file = f"model-{shard + 1:05d}-of-00002.safetensors"
        part = {name: weights[name] for name in sorted(weights)[shard::2]}
        safetensors.torch.save_file(part, folder / file, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(part, file)
    total = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def newest(architecture, seed, folder):
    """With prompts, one of them used unless the caller says otherwise."""
    prompts = {"question": "how is ", "none": ""}
    save_newest(architecture, seed, folder, activation_fn=torch.nn.Identity(), prompts=prompts, default_prompt_name="question")


def f16(architecture, seed, folder):
    save_newest(architecture, seed, folder, dtype=torch.float16, activation_fn=torch.nn.Identity())


def bf16(architecture, seed, folder):
    save_newest(architecture, seed, folder, dtype=torch.bfloat16, max_length=14)


LAYOUTS = [before_v4, v4, sharded_no_prefix, newest, f16, bf16]


def reference(name, folder, architecture):
    """What the reference reads and computes; whatever the file holds, it computes in float32 here, as we do."""
    encoder = CrossEncoder(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    check_weights(encoder.model, folder)
    pairs = []
    for query, passage in PAIRS:
        encoded = encoder.preprocess([(query, passage)], prompt=encoder.prompts.get(encoder.default_prompt_name))
        scores = encoder.predict([(query, passage)], batch_size=1, convert_to_tensor=True).reshape(-1)
        logits = encoder.predict([(query, passage)], batch_size=1, convert_to_tensor=True, activation_fn=torch.nn.Identity())
        pairs.append(
            {
                "query": query,
                "passage": passage,
                "input_ids": encoded["input_ids"][0].tolist(),
                "logits": numbers(logits.reshape(-1)),
                "scores": numbers(scores),
            }
        )
    return {
        "name": name,
        "architecture": CLASSES[architecture],
        "labels": [encoder.config.id2label[i] for i in range(encoder.num_labels)],
        "activation": type(encoder.activation_fn).__name__.upper(),
        "max_length": encoder.max_seq_length,
        "default_prompt": encoder.prompts.get(encoder.default_prompt_name) or "",
        "pairs": pairs,
    }


def check_weights(model, folder):
    """All tensors of the files are in the model: none was made up."""
    saved = [safetensors.torch.load_file(file) for file in folder.glob("*.safetensors")]
    values = [tensor.float() for part in saved for name, tensor in part.items() if "position_ids" not in name]
    for name, tensor in model.state_dict().items():
        assert any(v.shape == tensor.shape and torch.equal(v, tensor) for v in values), name
    assert len(values) == len(model.state_dict())


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} is installed; the golden files are made with {wanted}")
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    models = []
    for make in LAYOUTS:
        for architecture in CLASSES:
            name = architecture + "-" + make.__name__.replace("_", "-")
            folder = FOLDER / name
            folder.mkdir(parents=True)
            seed = len(models) + 1
            make(architecture, seed, folder)
            models.append(reference(name, folder, architecture))
            print(name, sum(file.stat().st_size for file in folder.iterdir()), [p["scores"] for p in models[-1]["pairs"]])
    content = {"made_by": "tools/make_layouts.py", "versions": VERSIONS, "models": models}
    (GOLDEN / "layouts.json").write_text(compact(json.dumps(content, ensure_ascii=True, indent=1)) + "\n")


if __name__ == "__main__":
    main()
