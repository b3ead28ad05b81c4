"""Reviews played back on annotated documents: how much work ranking and learning save, and whether stopping is safe.

Work saved over sampling at 95 % recall (WSS@95: Cohen et al. 2006, J Am Med Inform Assoc 13:206) is the share of
documents that need not be read, less the 5 % that a random order would save.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.language.label.model import Floats
from pipeline.review.ranking import PENALTY, Bools, corrected, correction
from pipeline.review.stopping import from_ranking, from_sample, sample_size

RECALL = 0.95
Way = Literal["random", "model", "learning"]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Documents to review, what a model that has not seen them says of them, and the truth."""

    matrix: csr_matrix  # documents x features
    prior: Floats  # log-odds of relevance
    relevant: Bools

    def take(self, rows: Ints) -> Pool:
        """Some of the documents."""
        return Pool(self.matrix[rows], self.prior[rows], self.relevant[rows])


def thinned(pool: Pool, share: float, generator: np.random.Generator) -> Pool:
    """The pool with fewer relevant documents, drawn at random, so that they make up the share."""
    others = np.flatnonzero(~pool.relevant)
    number = max(1, round(share * len(others) / (1 - share)))
    kept = generator.choice(np.flatnonzero(pool.relevant), size=number, replace=False)
    return pool.take(np.sort(np.concatenate([others, kept])))


def reading_order(
    pool: Pool, way: Way, generator: np.random.Generator | None = None, batch: int = 5, penalty: float = PENALTY
) -> Ints:
    """The order in which documents would be judged; learning ranks again after every batch."""
    if way == "random":
        return (generator or np.random.default_rng()).permutation(len(pool.prior))
    if way == "model":
        return np.argsort(-pool.prior, kind="stable")
    judged: list[int] = []
    odds = pool.prior
    while len(judged) < len(pool.prior):
        waiting = np.setdiff1d(np.arange(len(odds)), judged)
        judged += waiting[np.argsort(-odds[waiting], kind="stable")][:batch].tolist()
        truth = pool.relevant[judged]
        if truth.any() and not truth.all():
            weights = correction(pool.matrix[judged], pool.prior[judged], truth, penalty)
            odds = corrected(pool.matrix, pool.prior, weights)
    return np.array(judged)


def wss(relevant: Bools, order: Ints) -> float:
    """Work saved over sampling at 95 % recall.

    >>> truth = np.array([True, False, False, False])
    >>> round(wss(truth, np.array([0, 1, 2, 3])), 2), round(wss(truth, np.array([3, 2, 1, 0])), 2)
    (0.7, -0.05)
    """
    found = np.cumsum(relevant[order])
    needed = ceil(RECALL * relevant.sum() - 1e-9)
    read = int(np.argmax(found >= needed)) + 1
    return 1 - read / len(order) - (1 - RECALL)


def compare(pool: Pool, seeds: Sequence[int], share: float | None = None) -> dict[Way, float]:
    """Mean WSS@95 of each way over the seeds, each with its own thinning where a share is given."""
    found: dict[Way, list[float]] = {"random": [], "model": [], "learning": []}
    for seed in seeds:
        generator = np.random.default_rng(seed)
        here = thinned(pool, share, generator) if share else pool
        for way, values in found.items():
            values.append(wss(here.relevant, reading_order(here, way, generator)))
    return {way: float(np.mean(values)) for way, values in found.items()}


@dataclass(frozen=True)
class Stopped:
    """Where a rule stopped: recall reached, share of documents read, whether the interval held the truth."""

    recall: float
    read: float
    covered: bool


def stop_by_ranking(pool: Pool, order: Ints) -> Stopped:
    """Read in order until the ranked quasi-sample allows to stop."""
    truth = pool.relevant[order]
    for read in range(1, len(order) + 1):
        if read % 5 == 0 or read == len(order):
            estimate = from_ranking(truth[:read].tolist(), len(order) - read)
            if estimate.may_stop:
                return _stopped(truth, np.arange(read), estimate.low, estimate.high)
    return Stopped(1.0, 1.0, True)


def stop_by_sample(pool: Pool, order: Ints, generator: np.random.Generator, dry: int = 20) -> Stopped:
    """Read in order until `dry` in a row are irrelevant, draw a sample that could show the target, and see.

    Where the sample does not show it, reading goes on; the next sample is drawn after the next dry run, as a
    researcher would do.
    """
    truth = pool.relevant[order]
    judged = np.zeros(len(order), dtype=bool)
    run = samples = 0
    for at in range(len(order)):
        if judged[at]:
            continue
        judged[at] = True
        run = 0 if truth[at] else run + 1
        if run < dry or judged.all():
            continue
        waiting, before = np.flatnonzero(~judged), int(truth[judged].sum())
        samples += 1
        drawn = generator.choice(waiting, size=sample_size(len(waiting), before, samples), replace=False)
        judged[drawn] = True
        sample = truth[drawn].tolist()
        estimate = from_sample(len(waiting), sample, before, sum(sample), int((~judged).sum()), samples)
        if estimate.may_stop:
            return _stopped(truth, np.flatnonzero(judged), estimate.low, estimate.high)
        run = 0
    return Stopped(1.0, 1.0, True)


def _stopped(truth: Bools, read: Ints, low: int, high: int) -> Stopped:
    found = int(truth[read].sum())
    left = int(truth.sum()) - found
    recall = found / max(1, int(truth.sum()))
    return Stopped(recall, len(read) / len(truth), low <= left <= high)
