#!/usr/bin/env python3
"""
Writes src/test/resources/golden/options.json: what the options of CrossEncoder.predict and CrossEncoder.rank do in the reference, with
the small models that make_layouts.py wrote.

    python tools/make_options_reference.py

Needs exactly the versions in make_reference.VERSIONS.
"""
import json
import sys
from importlib.metadata import version

import torch
from sentence_transformers import CrossEncoder

from make_layouts import FOLDER, PAIRS
from make_reference import GOLDEN, VERSIONS, compact, numbers

SIGMOID = torch.nn.Sigmoid()
IDENTITY = torch.nn.Identity()
ONE_LABEL = ["bert-newest", "distilbert-v4", "electra-bf16"]
THREE_LABELS = ["electra-before-v4"]
QUERY = "how high is the mountain"
DOCUMENTS = ["the sea", "the mountain is 88 m high.", "the sea", "", "rivers of the sea", "the mountain is 88 m high.", "how"]


def load(name, **options):
    return CrossEncoder(str(FOLDER / name), device="cpu", model_kwargs={"dtype": torch.float32}, **options)


def refused(call):
    try:
        call()
    except (ValueError, TypeError) as e:
        return type(e).__name__
    raise AssertionError("not refused")


def predictions(name, several):
    """(options in our names, scores)"""
    encoder = load(name)
    cases = [
        ({}, {}),
        ({"batchSize": 1}, {"batch_size": 1}),
        ({"batchSize": 3}, {"batch_size": 3}),
        ({"activation": "SIGMOID"}, {"activation_fn": SIGMOID}),
        ({"activation": "IDENTITY"}, {"activation_fn": IDENTITY}),
        ({"prompt": "the river "}, {"prompt": "the river "}),
        ({"prompt": ""}, {"prompt": ""}),
    ]
    for prompt in encoder.prompts:
        cases.append(({"promptName": prompt}, {"prompt_name": prompt}))
        cases.append(({"promptName": prompt, "prompt": "a "}, {"prompt_name": prompt, "prompt": "a "}))
    if several:
        cases += [
            ({"softmax": True}, {"apply_softmax": True}),
            ({"softmax": True, "activation": "IDENTITY"}, {"apply_softmax": True, "activation_fn": IDENTITY}),
            ({"softmax": True, "activation": "SIGMOID"}, {"apply_softmax": True, "activation_fn": SIGMOID}),
        ]
    for ours, theirs in cases:
        scores = encoder.predict(PAIRS, convert_to_tensor=True, **theirs)
        yield {"model": name, "options": ours, "scores": numbers(scores.reshape(-1))}
    for length in (5, 12, 24):
        # A limit is the constructor's there.
        scores = load(name, max_length=length).predict(PAIRS, convert_to_tensor=True)
        yield {"model": name, "options": {"maxLength": length}, "scores": numbers(scores.reshape(-1))}


def rankings(name):
    encoder = load(name)
    cases = [
        ({}, {}),
        ({"topK": 3}, {"top_k": 3}),
        ({"topK": 100}, {"top_k": 100}),
        ({"returnDocuments": True}, {"return_documents": True}),
        ({"topK": 2, "activation": "SIGMOID", "prompt": "a "}, {"top_k": 2, "activation_fn": SIGMOID, "prompt": "a "}),
    ]
    for ours, theirs in cases:
        # Alone, the same text has the same score there; beside a longer one its padding may change the last bit.
        ranking = encoder.rank(QUERY, DOCUMENTS, batch_size=1, **theirs)
        yield {
            "model": name,
            "query": QUERY,
            "documents": DOCUMENTS,
            "options": ours,
            "ranking": [
                {"index": int(row["corpus_id"]), "score": float(row["score"])}
                | ({"text": row["text"]} if "text" in row else {})
                for row in ranking
            ],
        }


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} is installed; the golden files are made with {wanted}")
    torch.set_num_threads(1)
    one, several = load(ONE_LABEL[0]), load(THREE_LABELS[0])
    content = {
        "made_by": "tools/make_options_reference.py",
        "versions": VERSIONS,
        "pairs": [{"query": query, "passage": passage} for query, passage in PAIRS],
        "predictions": [case for name in ONE_LABEL for case in predictions(name, False)]
        + [case for name in THREE_LABELS for case in predictions(name, True)],
        "rankings": [case for name in ONE_LABEL for case in rankings(name)],
        "refused": {
            "batch size of 0": refused(lambda: one.predict(PAIRS, batch_size=0)),
            "unknown prompt name": refused(lambda: one.predict(PAIRS, prompt_name="other")),
            "ranking with three labels": refused(lambda: several.rank(QUERY, DOCUMENTS)),
        },
    }
    (GOLDEN / "options.json").write_text(compact(json.dumps(content, ensure_ascii=True, indent=1)) + "\n")


if __name__ == "__main__":
    main()
