"""How much work the review's ranking saves, what learning adds, and whether its stopping rules keep their word.

Plays reviews back on the gold. The prior of every document is of a model that never saw its author (or, for the weak
model, was trained on two small files only). Run: python benchmarks/review_stopping.py [--out FILE] (about five
minutes). Figures in docs/review.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.language.labelmodel import LabelModel, softmax
from pipeline.learning.evaluation import leave_one_author_out
from pipeline.learning.gold import read_gold
from pipeline.learning.training import Sample, fit, samples
from pipeline.paths import MODEL
from pipeline.review.ranking import features
from pipeline.review.simulate import Pool, Stopped, compare, reading_order, stop_by_ranking, stop_by_sample, thinned

SEEDS = range(20)
SHARES = (None, 0.1, 0.05)  # None: the gold's own share
WEAK = ("media", "lookalikes")


def pool_of(documents: list[Sample], logits: np.ndarray, model: LabelModel) -> Pool:
    """Documents with the log-odds that logits give, softened as the trained pipeline's are."""
    chance = np.clip(softmax(logits / model.temperature)[:, 0], 1e-6, 1 - 1e-6)
    relevant = np.array([sample.document.label == "mass_collection" for sample in documents])
    matrix = features(model, [sample.view for sample in documents])
    return Pool(matrix, np.log(chance / (1 - chance)), relevant)


def main() -> None:
    """Print and write the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path)
    out = arguments.parse_args().out
    everything, model = samples(read_gold(), copies=0), LabelModel.from_disk(MODEL / "xueyang_label")
    small = [s for s in everything if s.document.file in WEAK]
    rest = [s for s in everything if s.document.file not in WEAK]
    pools = {
        "authors never seen": pool_of(everything, leave_one_author_out(everything), model),
        f"a model of {len(small)} documents": pool_of(rest, fit(small).logits([s.view for s in rest]), model),
    }
    figures: dict[str, Any] = {}
    for name, pool in pools.items():
        for share in SHARES:
            here = f"{name}, {'as in the gold' if share is None else f'{share:.0%} relevant'}"
            size, relevant = thinned_size(pool, share)
            figures[here] = {"documents": size, "relevant": relevant, "wss95": compare(pool, SEEDS, share)}
            figures[here] |= stopping(pool, share)
            print(here, json.dumps(figures[here]), flush=True)
    if out is not None:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def thinned_size(pool: Pool, share: float | None) -> tuple[int, int]:
    """Documents and relevant ones of the pool, thinned to the share."""
    here = thinned(pool, share, np.random.default_rng(0)) if share else pool
    return len(here.prior), int(here.relevant.sum())


def stopping(pool: Pool, share: float | None) -> dict[str, dict[str, float]]:
    """Recall, share read, and how often recall and interval kept their word, over the seeds."""
    found: dict[str, list[Stopped]] = {"by order": [], "by sample": []}
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        here = thinned(pool, share, generator) if share else pool
        order = reading_order(here, "learning", generator)
        found["by order"].append(stop_by_ranking(here, order))
        found["by sample"].append(stop_by_sample(here, order, generator))
    return {
        rule: {
            "mean recall": round(float(np.mean([s.recall for s in stops])), 3),
            "lowest recall": round(min(s.recall for s in stops), 3),
            "recall of 95 % reached": round(float(np.mean([s.recall >= 0.95 for s in stops])), 3),
            "share read": round(float(np.mean([s.read for s in stops])), 3),
            "interval held the truth": round(float(np.mean([s.covered for s in stops])), 3),
        }
        for rule, stops in found.items()
    }


if __name__ == "__main__":
    main()
