#!/usr/bin/env python3
"""Times sentence-transformers on the workloads of jmh/, with the weights that tools/bench converted, and prints a Markdown table.

    pip install sentence-transformers==6.0.1
    python tools/bench_python.py [jmh/results/DATE-CPU.json]

With the JSON that tools/bench wrote just before on the same machine, the table has ratios: the time of sentence-transformers over
that of PureRank. bf16 is PyTorch's own; on processors with AMX or AVX-512 BF16 it is far faster than any f32, at the price of the
score error in the last column (the largest absolute difference of a logit from that in f32).
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import torch
import transformers
from sentence_transformers import CrossEncoder

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "jmh/target/minilm"
JAR = ROOT / "jmh/target/purerank-jmh.jar"
WORKLOADS = ["pair-32", "pair-128", "pair-512", "batch-64", "rerank-100"]
MEASURED_SECONDS = 12


def pairs(workload):
    command = ["java", "-cp", str(JAR), "io.github.purerank.jmh.Workload", workload]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [(row["query"], row["passage"]) for row in map(json.loads, lines)]


def milliseconds(model, texts):
    score = lambda: model.predict(texts, batch_size=32, activation_fn=torch.nn.Identity())
    for _ in range(3):
        score()
    times = []
    end = time.perf_counter() + MEASURED_SECONDS
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        scores = score()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times), scores


def purerank_times(path):
    times = {}
    for result in json.load(open(path)):
        if result.get("params", {}).get("engine") == "purerank":
            key = result["params"]["workload"], int(result["params"]["threads"])
            # From texts where that was measured, else from ids; tokenising takes 1 % of the time.
            if key not in times or result["benchmark"].endswith("fromTexts"):
                times[key] = result["primaryMetric"]["score"]
    return times


def main():
    if not MODEL.is_dir():
        sys.exit(f"no {MODEL}: run tools/bench first")
    ours = purerank_times(sys.argv[1]) if len(sys.argv) > 1 else {}
    processors = os.cpu_count()
    print("### sentence-transformers, from texts\n")
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}; medians.\n")
    print("| workload | threads | f32, ms | over PureRank | bf16, ms | over PureRank | largest error in bf16 |")
    print("|---|---|---|---|---|---|---|")
    models = [CrossEncoder(str(MODEL), device="cpu", model_kwargs={"dtype": d}) for d in (torch.float32, torch.bfloat16)]
    for workload in WORKLOADS:
        texts = pairs(workload)
        for threads in sorted({1, processors}):
            torch.set_num_threads(threads)
            (f32, exact), (bf16, rough) = (milliseconds(model, texts) for model in models)
            mine = ours.get((workload, threads))
            ratios = [f"{t / mine:.2f}" if mine else "–" for t in (f32, bf16)]
            error = abs(exact - rough).max()
            print(f"| {workload} | {threads} | {f32:.1f} | {ratios[0]} | {bf16:.1f} | {ratios[1]} | {error:.3f} |", flush=True)


if __name__ == "__main__":
    main()
