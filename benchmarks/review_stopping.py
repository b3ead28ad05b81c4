"""How much work the review's ranking saves, what learning adds, and whether its stopping rules keep their word.

Plays reviews back on the gold. The prior of every document is of a model that was not trained on it: by five-fold
cross-validation, or, for the weak model, trained on two small files that are left out of the review. Models are fitted
without the copies with page furniture that the shipped one learns from too. Run: python -m benchmarks.review_stopping
[--out FILE] (about five minutes). Figures in docs/review.md.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.language.label.model import LabelModel, softmax
from pipeline.learning.gold import read_gold
from pipeline.learning.training import Sample, fit, held_out_logits, samples
from pipeline.paths import MODEL
from pipeline.review.ranking import features
from pipeline.review.simulate import Pool, Stopped, reading_order, stop_by_ranking, stop_by_sample, thinned, wss

SEEDS = range(10)
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
        "five-fold": pool_of(everything, held_out_logits(everything, fit), model),
        f"a model of {len(small)} documents": pool_of(rest, fit(small).logits([s.view for s in rest]), model),
    }
    rows = [(name, pool, share) for share in SHARES for name, pool in pools.items()]
    figures: dict[str, Any] = {}
    with ProcessPoolExecutor() as workers:
        jobs = [(f"{name}, {_told(share)}", workers.submit(measured, pool, share)) for name, pool, share in rows]
        for name, job in jobs:
            figures[name] = job.result()
            print(name, json.dumps(figures[name]), flush=True)
    if out is not None:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _told(share: float | None) -> str:
    return "as in the gold" if share is None else f"{share:.0%} relevant"


def measured(pool: Pool, share: float | None) -> dict[str, Any]:
    """Work saved, and where the stopping rules stop: means over the seeds, each with a thinning of its own."""
    saved: dict[str, list[float]] = {"random": [], "model": [], "learning": []}
    stopped: dict[str, list[Stopped]] = {"by order": [], "by sample": []}
    here, order = pool, reading_order(pool, "learning") if share is None else None
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        if share is not None:
            here = thinned(pool, share, generator)
            order = reading_order(here, "learning")
        assert order is not None
        saved["random"] += [wss(here.relevant, generator.permutation(len(here.prior))) for _ in range(20)]
        saved["model"].append(wss(here.relevant, reading_order(here, "model")))
        saved["learning"].append(wss(here.relevant, order))
        stopped["by order"].append(stop_by_ranking(here, order))
        stopped["by sample"].append(stop_by_sample(here, order, generator))
    found = {way: round(float(np.mean(values)), 3) for way, values in saved.items()}
    size = {"documents": len(here.prior), "relevant": int(here.relevant.sum())}
    return size | {"wss95": found} | {rule: summary(stops) for rule, stops in stopped.items()}


def summary(stops: list[Stopped]) -> dict[str, float]:
    """Recall, share read, and how often recall and interval kept their word."""
    return {
        "mean recall": round(float(np.mean([s.recall for s in stops])), 3),
        "lowest recall": round(min(s.recall for s in stops), 3),
        "recall of 95 % reached": round(float(np.mean([s.recall >= 0.95 for s in stops])), 3),
        "share read": round(float(np.mean([s.read for s in stops])), 3),
        "interval held the truth": round(float(np.mean([s.covered for s in stops])), 3),
    }


if __name__ == "__main__":
    main()
