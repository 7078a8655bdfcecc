#!/usr/bin/env python3
"""
Writes src/test/resources/golden/evaluation.json: what the evaluators of sentence-transformers, and the functions of scikit-learn
and scipy that they call, give for random scores and labels, ties among them, and for small models whose weights come from a
formula.

    python tools/make_evaluation_reference.py

Needs exactly the versions in VERSIONS and in make_reference.py; they are written into the file.
"""
import json
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr
from sentence_transformers import CrossEncoder
from sentence_transformers.cross_encoder.evaluation import (
    CrossEncoderClassificationEvaluator,
    CrossEncoderCorrelationEvaluator,
    CrossEncoderRerankingEvaluator,
)
from sklearn.calibration import _sigmoid_calibration
from sklearn.linear_model import LogisticRegression

import make_reference

VERSIONS = make_reference.VERSIONS | {"scikit-learn": "1.9.1", "scipy": "1.17.1", "numpy": "2.4.6"}


class Scorer:
    """Stands in for a model: the evaluators get these scores."""

    def __init__(self, scores, labels=1):
        self.scores = scores
        self.num_labels = labels
        self.model_card_data = self

    def predict(self, pairs, **_):
        assert len(pairs) == len(self.scores)
        return self.scores

    def set_evaluation_metrics(self, *_):
        pass


def plain(value):
    """A number as JSON has it: null for NaN."""
    value = float(value)
    return None if np.isnan(value) else value


def metrics_of(evaluator, model):
    return {name: plain(value) for name, value in evaluator(model).items()}


def float_list(scores):
    return [float(x) for x in scores]


# ---- Scores and labels.

def shaped(rng, kind, n):
    """n scores in float32."""
    match kind:
        case "logits":
            return rng.normal(0, 4, n).astype(np.float32)
        case "sigmoid":
            return (1 / (1 + np.exp(-rng.normal(0, 3, n)))).astype(np.float32)
        case "ties":
            return rng.integers(-2, 3, n).astype(np.float32) / np.float32(4)
        case "equal":
            return np.full(n, 0.25, dtype=np.float32)


def binary_cases():
    cases = []
    for n in (1, 2, 3, 5, 16, 33, 200):
        for kind in ("logits", "sigmoid", "ties", "equal"):
            for share in (0, 0.1, 0.5, 1):
                rng = np.random.default_rng([1, n, len(kind), int(10 * share)])
                scores = shaped(rng, kind, n)
                labels = (rng.random(n) < share).astype(int)
                if kind == "logits":
                    scores = (scores + 3 * labels).astype(np.float32)
                evaluator = CrossEncoderClassificationEvaluator([["", ""]] * n, labels.tolist())
                cases.append(
                    {"scores": float_list(scores), "labels": labels.tolist(), "metrics": metrics_of(evaluator, Scorer(scores))}
                )
    return cases


def multi_class_cases():
    cases = []
    for n, classes in ((1, 2), (2, 3), (7, 3), (50, 3), (200, 7)):
        for kind in ("logits", "ties"):
            rng = np.random.default_rng([2, n, classes, len(kind)])
            scores = shaped(rng, kind, n * classes).reshape(n, classes)
            labels = rng.integers(0, classes, n)
            scores[np.arange(n), labels] += np.float32(1)
            evaluator = CrossEncoderClassificationEvaluator([["", ""]] * n, labels.tolist())
            metrics = metrics_of(evaluator, Scorer(scores, classes))
            cases.append({"scores": [float_list(row) for row in scores], "labels": labels.tolist(), "metrics": metrics})
    return cases


def correlation_cases():
    cases = []
    for n in (2, 3, 10, 150):
        for kind in ("logits", "ties", "equal"):
            for labels in ("logits", "ties", "equal"):
                rng = np.random.default_rng([3, n, len(kind), len(labels)])
                scores = shaped(rng, kind, n)
                gold = shaped(rng, labels, n).astype(float) + 0.3 * scores.astype(float) * (labels != "equal")
                evaluator = CrossEncoderCorrelationEvaluator([["", ""]] * n, gold.tolist())
                metrics = metrics_of(evaluator, Scorer(scores))
                cases.append({"scores": float_list(scores), "labels": float_list(gold), "metrics": metrics})
    scores = np.array([0.5, 0.0, -0.0, -1.0], dtype=np.float32)
    gold = [1.0, -0.0, 0.0, 2.0]
    evaluator = CrossEncoderCorrelationEvaluator([["", ""]] * 4, gold)
    cases.append({"scores": float_list(scores), "labels": gold, "metrics": metrics_of(evaluator, Scorer(scores))})
    return cases


def ranking_cases():
    cases = []
    evaluator = CrossEncoderRerankingEvaluator([])
    for n in (2, 3, 10, 16, 40, 100):
        for kind in ("logits", "ties", "equal"):
            for k in (1, 3, 10, 1000):
                rng = np.random.default_rng([4, n, len(kind), k])
                scores = shaped(rng, kind, n)
                relevant = (rng.random(n) < 0.3).astype(int)
                evaluator.at_k = k
                with np.errstate(all="ignore"):
                    mrr, ndcg, ap = evaluator.compute_metrics(relevant.tolist(), scores)
                stable = np.argsort(scores, kind="stable")[::-1][:k]
                first = next((1 / (rank + 1) for rank, index in enumerate(stable) if relevant[index]), 0)
                case = {"scores": float_list(scores), "relevant": relevant.tolist(), "k": k}
                # numpy's argsort is not stable in general; what the reference gave is only kept where it was.
                case |= {"map": plain(ap), "ndcg": plain(ndcg), "mrr_of_stable_sort": plain(first)}
                if len(set(scores.tolist())) == n:
                    assert mrr == first
                cases.append(case | {"mrr_as_stable": bool(mrr == first)})
    return cases


def calibration_cases():
    cases = []
    for n, shift, scale in ((10, 2, 4), (50, 2, 4), (300, 1, 1), (300, 0, 4), (200, 5, 1000), (40, 50, 1), (100, -2, 3), (60, 3, 0.001)):
        rng = np.random.default_rng([5, n, abs(shift), int(scale * 1000)])
        labels = (rng.random(n) < 0.4).astype(int)
        labels[:2] = 0, 1
        logits = ((rng.normal(0, 1, n) + shift * labels - 1) * scale).astype(np.float32).astype(float)
        slope, intercept = _sigmoid_calibration(logits, labels)
        # A second oracle that goes on for longer: each pair with both labels, weighted by Platt's targets.
        positives = labels.sum()
        targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (n - positives + 2))
        x = logits / np.abs(logits).max()
        regression = LogisticRegression(C=np.inf, tol=1e-13, max_iter=10000, solver="newton-cholesky")
        regression.fit(
            np.concatenate([x, x])[:, None],
            np.concatenate([np.ones(n), np.zeros(n)]),
            sample_weight=np.concatenate([targets, 1 - targets]),
        )
        exact = regression.coef_[0, 0] / np.abs(logits).max()
        # scikit-learn's function has Platt's signs: p = 1 / (1 + exp(slope * f + intercept)).
        cases.append(
            {
                "logits": float_list(logits),
                "labels": labels.tolist(),
                "sigmoid_calibration": [-float(slope), -float(intercept)],
                "logistic_regression": [float(exact), float(regression.intercept_[0])],
            }
        )
    return cases


# ---- Whole evaluations of small models.

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tiny_folder(entry, folder):
    """A network of tiny.json with a vocabulary of letters; ManyLabelsTest.withLetters does the same."""
    config, layout = entry["config"], entry["layout"]
    (folder / "config.json").write_text(json.dumps(config))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]
    (folder / "vocab.txt").write_text("".join(token + "\n" for token in vocabulary))
    tensors = {
        name: torch.from_numpy(make_reference.seeded_tensor(name, layout["seed"], shape)).to(torch.float32).contiguous()
        for name, shape in make_reference.tiny_shapes(config).items()
    }
    make_reference.safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return CrossEncoder(str(folder), device="cpu")


def text(rng, most):
    return " ".join(rng.choice(list(LETTERS), rng.integers(1, most)))


def samples_of(rng, count):
    samples = []
    for i in range(count):
        positive = [text(rng, 12) for _ in range(rng.integers(1, 4))]
        negative = [text(rng, 12) for _ in range(rng.integers(1, 15))]
        sample = {"query": text(rng, 6), "positive": positive}
        if i % 3 == 0:
            sample["negative"] = negative
        else:
            found = positive[: rng.integers(0, len(positive) + 1)]
            documents = negative + found
            rng.shuffle(documents)
            sample["documents"] = [str(d) for d in documents]
        if i % 7 == 4:
            sample["positive"] = []
        samples.append(sample)
    return samples


def whole_evaluations():
    entries = {e["name"]: e for e in json.loads((make_reference.GOLDEN / "tiny.json").read_text())["models"]}
    evaluations = []

    def add(model_name, kind, data, **evaluators):
        with tempfile.TemporaryDirectory() as folder:
            model = tiny_folder(entries[model_name], Path(folder))
            results = {key: metrics_of(evaluator, model) for key, evaluator in evaluators.items()}
        evaluations.append({"model": model_name, "kind": kind, **data, "metrics": results})

    rng = np.random.default_rng(6)
    pairs = [[text(rng, 6), text(rng, 20)] for _ in range(60)]
    binary = rng.integers(0, 2, 60).tolist()
    add(
        "relu-eps-1e-5",
        "binary",
        {"pairs": pairs, "labels": binary},
        plain=CrossEncoderClassificationEvaluator(pairs, binary, write_csv=False),
        named=CrossEncoderClassificationEvaluator(pairs, binary, name="dev", write_csv=False),
    )
    classes = rng.integers(0, 3, 60).tolist()
    add(
        "hidden-100-labels-3",
        "multi-class",
        {"pairs": pairs, "labels": classes},
        plain=CrossEncoderClassificationEvaluator(pairs, classes, write_csv=False),
        named=CrossEncoderClassificationEvaluator(pairs, classes, name="dev", write_csv=False),
    )
    graded = [float(x) for x in rng.integers(0, 11, 60) / 10]
    add(
        "relu-eps-1e-5",
        "correlation",
        {"pairs": pairs, "labels": graded},
        plain=CrossEncoderCorrelationEvaluator(pairs, graded, write_csv=False),
        named=CrossEncoderCorrelationEvaluator(pairs, graded, name="dev", write_csv=False),
    )
    samples = samples_of(rng, 20)
    add(
        "relu-eps-1e-5",
        "reranking",
        {"samples": samples},
        plain=CrossEncoderRerankingEvaluator(samples, write_csv=False),
        named=CrossEncoderRerankingEvaluator(samples, name="dev", at_k=3, write_csv=False),
        retrieved=CrossEncoderRerankingEvaluator(samples, always_rerank_positives=False, at_k=5, write_csv=False),
    )
    negatives = [s for s in samples if "negative" in s]
    add(
        "relu-eps-1e-5",
        "reranking",
        {"samples": negatives},
        plain=CrossEncoderRerankingEvaluator(negatives, write_csv=False),
    )
    return evaluations


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} is installed; the golden files are made with {wanted}")
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    content = {
        "made_by": "tools/make_evaluation_reference.py",
        "versions": VERSIONS,
        "binary": binary_cases(),
        "multi_class": multi_class_cases(),
        "correlation": correlation_cases(),
        "ranking": ranking_cases(),
        "calibration": calibration_cases(),
        "whole": whole_evaluations(),
    }
    file = make_reference.GOLDEN / "evaluation.json"
    file.write_text(make_reference.compact(json.dumps(content, indent=1, allow_nan=False)) + "\n")
    ranking = content["ranking"]
    print(file.name, file.stat().st_size, "MRR as of a stable sort:", sum(c["mrr_as_stable"] for c in ranking), "of", len(ranking))


if __name__ == "__main__":
    main()
