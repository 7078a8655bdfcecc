#!/usr/bin/env python3
"""
Compares traces of PureRank, value by value, with what transformers computes (output_hidden_states, output_attentions).

    python tools/compare_trace.py                          # the default model and random ones, on some pairs
    python tools/compare_trace.py MODEL_DIR TRACE ...      # files that "purerank trace --model MODEL_DIR" wrote, .safetensors

Prints the largest difference of each kind of value and of which it was, and beside it how far either is from the same pass in
double precision. The exit status is 1 if a difference is above 2e-5: relative to values above 1, and for queries, keys and values,
which are sums of terms of either sign that transformers does not give out, relative to the largest of their tensor. Needs torch,
transformers and safetensors; attention in transformers' "eager" way, since no other gives its weights.
"""
import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors import safe_open
from transformers import AutoModelForSequenceClassification, AutoTokenizer, BertConfig, DistilBertConfig, ElectraConfig

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = ROOT / "src/main/resources/io/github/purerank/default-model"
TOLERANCE = 2e-5

PAIRS = [
    ("how tall is everest", "Mount Everest is 8,849 m high."),
    ("", ""),
    ("¿Qué es un 東京 token? 😀", "Ein naïveté-Test: \"unbelievably\" (re)tokenised, isn't it?\n\tYes."),
    ("why is the sky blue", "Sunlight is scattered by the air, blue more than red. " * 40),
]

# What makes a random model, and the seed of its weights.
RANDOM = [
    (BertConfig(hidden_size=96, num_hidden_layers=3, num_attention_heads=6, intermediate_size=200, num_labels=1), 1),
    (BertConfig(hidden_size=100, num_hidden_layers=2, num_attention_heads=4, intermediate_size=33, num_labels=3, hidden_act="relu"), 2),
    (BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, num_labels=1), 3),
    (BertConfig(hidden_size=39, num_hidden_layers=5, num_attention_heads=3, intermediate_size=156, num_labels=1, hidden_act="gelu_new"), 4),
    (DistilBertConfig(dim=60, n_layers=3, n_heads=5, hidden_dim=120, num_labels=1), 5),
    (ElectraConfig(embedding_size=48, hidden_size=72, num_hidden_layers=3, num_attention_heads=6, intermediate_size=144, num_labels=2), 6),
]


def random_model(directory, config, seed):
    """A model with random weights of the size that trained ones have, and the default model's tokenizer."""
    torch.manual_seed(seed)
    config.initializer_range = 0.05
    model = AutoModelForSequenceClassification.from_config(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.05)
            elif "norm" in name.lower():
                parameter.normal_(1, 0.1)
    model.save_pretrained(directory)
    AutoTokenizer.from_pretrained(DEFAULT_MODEL).save_pretrained(directory)


# What transformers gives out; the rest is caught on its way.
OUTPUTS = {"hidden_states", "attentions", "attention_output", "pooled", "logits"}


class Comparison:
    """The largest difference of each kind of value."""

    def __init__(self):
        self.largest = {}
        self.values = 0

    def add(self, kind, where, exact, expected, found):
        expected, found = expected.double(), found.double()
        if expected.shape != found.shape:
            raise SystemExit(f"{where}: shape {tuple(found.shape)} where transformers has {tuple(expected.shape)}")
        scale = expected.abs() if kind in OUTPUTS else expected.abs().max()
        scale = scale.clamp(min=1.0)

        def largest(a, b):
            return ((a - b).abs() / scale).max().item()

        new = [largest(expected, found), largest(exact, found), largest(exact, expected), where]
        old = self.largest.setdefault(kind, new)
        # Written so that NaN is larger than all else.
        if not new[0] <= old[0]:
            old[0], old[3] = new[0], where
        old[1], old[2] = max(old[1], new[1]), max(old[2], new[2])
        self.values += expected.numel()

    def report(self, title):
        print(f"{title}: {self.values:,} values")
        print("                      difference   PureRank to f64   torch to f64")
        for kind, (difference, ours, theirs, where) in sorted(self.largest.items()):
            mark = "" if difference <= TOLERANCE else "   too large"
            print(f"    {kind:<17} {difference:.2e}     {ours:.2e}          {theirs:.2e}       {where}{mark}")
        return all(row[0] <= TOLERANCE for row in self.largest.values())


def attention_modules(model):
    """Of each layer: the modules whose outputs are queries, keys and values, whose input is the context, whose output ends the half."""
    base = model.base_model
    if model.config.model_type == "distilbert":
        for layer in base.transformer.layer:
            attention = layer.attention
            yield attention.q_lin, attention.k_lin, attention.v_lin, attention.out_lin, layer.sa_layer_norm
    else:
        for layer in base.encoder.layer:
            attention = layer.attention
            yield attention.self.query, attention.self.key, attention.self.value, attention.output.dense, attention.output


def values(model, inputs):
    """All that a trace has, by the same names; queries, keys and values are no outputs of the model and are caught on their way."""
    caught = {}
    hooks = []

    def keep_output(module, name):
        hooks.append(module.register_forward_hook(lambda _, __, out: caught.__setitem__(name, out)))

    def keep_input(module, name):
        hooks.append(module.register_forward_hook(lambda _, given, __: caught.__setitem__(name, given[0])))

    for l, (query, key, value, mix, end) in enumerate(attention_modules(model)):
        keep_output(query, f"queries.{l}")
        keep_output(key, f"keys.{l}")
        keep_output(value, f"values.{l}")
        keep_input(mix, f"context.{l}")
        keep_output(end, f"attention_output.{l}")
    keep_input(getattr(model.classifier, "out_proj", model.classifier), "pooled")
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True, output_attentions=True)
    for hook in hooks:
        hook.remove()
    caught["logits"] = out.logits
    caught.update({f"hidden_states.{s}": state for s, state in enumerate(out.hidden_states)})
    caught.update({f"attentions.{l}": weights for l, weights in enumerate(out.attentions)})
    return caught


def compare(model, tokenizer, trace, comparison):
    with safe_open(trace, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    inputs = tokenizer([metadata["query"]], [metadata["passage"]], truncation=True, return_tensors="pt",
                       max_length=min(tokenizer.model_max_length, model.config.max_position_embeddings))
    ids = [token["id"] for token in json.loads(metadata["tokens"])]
    if ids != inputs["input_ids"][0].tolist():
        raise SystemExit(f"{trace}: other tokens: {ids} where transformers has {inputs['input_ids'][0].tolist()}")

    expected = values(model, inputs)
    exact = values(copy.deepcopy(model).double(), inputs)
    if set(expected) != set(tensors):
        raise SystemExit(f"{trace}: not the same tensors: {sorted(set(expected) ^ set(tensors))}")
    for name in tensors:
        comparison.add(name.split(".")[0], f"{Path(trace).name}: {name}", exact[name][0], expected[name][0], tensors[name])


def load(directory):
    model = AutoModelForSequenceClassification.from_pretrained(directory, attn_implementation="eager", dtype=torch.float32)
    return model.eval(), AutoTokenizer.from_pretrained(directory)


def trace_and_compare(title, directory, arguments, folder):
    model, tokenizer = load(directory)
    comparison = Comparison()
    for i, (query, passage) in enumerate(PAIRS):
        trace = folder / f"pair-{i}.safetensors"
        subprocess.run([ROOT / "tools/purerank", "trace", *arguments, "--output", trace, query, passage], check=True)
        compare(model, tokenizer, trace, comparison)
    return comparison.report(title)


def main():
    print(f"transformers {transformers.__version__}, torch {torch.__version__}; at most {TOLERANCE} is allowed")
    if len(sys.argv) > 2:
        model, tokenizer = load(sys.argv[1])
        comparison = Comparison()
        for trace in sys.argv[2:]:
            compare(model, tokenizer, trace, comparison)
        same = comparison.report(sys.argv[1])
    elif len(sys.argv) == 1:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            same = trace_and_compare("default model", DEFAULT_MODEL, [], folder)
            for config, seed in RANDOM:
                directory = folder / f"random-{seed}"
                random_model(directory, config, seed)
                title = f"random {config.model_type}, {config.num_hidden_layers} layers x {config.hidden_size}"
                same &= trace_and_compare(title, directory, ["--model", directory], folder)
    else:
        raise SystemExit(__doc__)
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
