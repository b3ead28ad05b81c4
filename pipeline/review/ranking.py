"""Learning from decisions: the program's score is where ranking starts, and reviewers' labels correct it.

Continuous active learning (Cormack and Grossman 2014: a linear model trained again on every judgment so far, the
likeliest shown next), with one difference: the log-odds of the trained pipeline enter as a fixed offset, so that the
first decision already meets a ranking, and what is learned is only where this archive differs from the gold. Features
are those of the pipeline's own classifier: character n-grams, words and readable cues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags, vstack

from pipeline.language.label.classifier import view
from pipeline.language.label.model import Floats, LabelModel, View
from pipeline.learning.training import Settings
from pipeline.records import Record

# Chosen with benchmarks/review_stopping.py; see docs/review.md for the figures.
PENALTY = 0.5
STEPS = 100
SHORTEST = 1e-9  # part of a Newton step
AT_ONCE = 200

Bools = NDArray[np.bool_]


def features(model: LabelModel, views: Sequence[View]) -> csr_matrix:
    """Views x features of the pipeline's classifier, each kind as heavy as in its training.

    The model keeps the scales in its weights; unscaled, the cues, which are counts, would drown the words.
    """
    matrix = model.matrix(views)
    cues = len(model.cues)
    characters = len(model.characters.vocabulary_)
    scale = np.ones(matrix.shape[1])
    scale[:characters], scale[matrix.shape[1] - cues :] = Settings.character_scale, Settings.cue_scale
    return csr_matrix(matrix @ diags(scale))


def correction(matrix: csr_matrix, offset: Floats, relevant: Bools, penalty: float = PENALTY) -> Floats:
    """Weights, intercept last, of a logistic regression with a fixed offset and a ridge penalty.

    `matrix` is documents x features of the judged documents, `offset` their log-odds before learning. Solved in the
    dual by Newton's method (Rasmussen and Williams 2006, algorithm 3.1): there are far fewer judged documents than
    features. Steps are halved until they better the fit: where the offset is sure and wrong the curvature is next to
    nothing, and a whole step would leap far past the optimum.
    """
    kernel = ((matrix @ matrix.T).toarray() + 1.0) / penalty  # 1 for the intercept
    truth = relevant.astype(float)
    signs = 2 * truth - 1
    alpha = np.zeros(len(truth))

    def loss(at: Floats) -> float:
        shift = kernel @ at
        return float(np.logaddexp(0, -signs * (offset + shift)).sum() + at @ shift / 2)

    for _ in range(STEPS):
        shift = kernel @ alpha
        chance = 1.0 / (1.0 + np.exp(-np.clip(offset + shift, -50, 50)))
        root = np.sqrt(np.maximum(chance * (1 - chance), 1e-9))
        target = root**2 * shift + (truth - chance)
        system = np.eye(len(truth)) + root[:, None] * kernel * root
        step = target - root * cho_solve(cho_factor(system, lower=True), root * (kernel @ target)) - alpha
        now, part = loss(alpha), 1.0
        while part > SHORTEST and loss(alpha + part * step) > now:
            part /= 2
        alpha = alpha + part * step
        if np.abs(part * step).max() < 1e-6:
            break
    alpha = alpha / penalty
    return np.append(matrix.T @ alpha, alpha.sum())


def corrected(matrix: csr_matrix, offset: Floats, weights: Floats) -> Floats:
    """Log-odds after learning."""
    return cast(Floats, offset + matrix @ weights[:-1] + weights[-1])


class Ranker:
    """The ranking of one archive. Features are made once, when first learned from."""

    def __init__(self, model: Path) -> None:
        self.model = LabelModel.from_disk(model / "xueyang_label")
        self.matrix: csr_matrix | None = None
        self.rows: dict[str, int] = {}

    def prepare(self, records: Iterable[Record], tell: Callable[[int], None] = lambda done: None) -> None:
        """Make the features of every document; `tell` hears how many are done."""
        parts: list[csr_matrix] = []
        names: list[str] = []
        views = []
        for record in records:
            page = record.document
            views.append(view(page.text, page.title or "", page.publisher or ""))
            names.append(record.id)
            if len(views) == AT_ONCE:
                parts.append(features(self.model, views))
                views = []
                tell(len(names))
        if views:
            parts.append(features(self.model, views))
        self.rows = {name: row for row, name in enumerate(names)}
        self.matrix = vstack(parts, format="csr") if parts else None

    def learn(self, decided: dict[str, bool], prior: dict[str, float]) -> dict[str, float]:
        """Log-odds by document, from decided documents (relevant or not) and what the program thought.

        Without a relevant and an irrelevant document there is nothing to learn: the prior comes back.
        """
        known = [name for name in decided if name in self.rows and name in prior]
        relevant = np.array([decided[name] for name in known], dtype=bool)
        if self.matrix is None or not known or relevant.all() or not relevant.any():
            return dict(prior)
        judged = [self.rows[name] for name in known]
        weights = correction(self.matrix[judged], np.array([prior[name] for name in known]), relevant)
        names = [name for name in prior if name in self.rows]
        odds = corrected(
            self.matrix[[self.rows[name] for name in names]], np.array([prior[name] for name in names]), weights
        )
        return dict(prior) | dict(zip(names, map(float, odds), strict=True))
