"""What the rules and the fitted model say of a post's numbers, made one.

The rules say why a number counts samples, and fail on wordings that nobody wrote down; the model has seen many wordings
and gives no reasons. How far to trust either is fitted too: a regression over what the rules say of a number and how
sure the model is, learned from passages that no rule writer and no model had seen (`pipeline.learning.figures`).
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.language.figure_model import FIGURE_CLASSES, KINDS
from pipeline.language.windows import Floats, Stretch, WindowModel
from pipeline.records import Count, CountKind

FILE = "weighing.json"
# A number counts something else where the probability of that reaches the first, in posts about mass collection, or the
# second in others, where most numbers count something else (figures: models/MODEL_CARD.md).
NOTHING, NOTHING_ELSEWHERE = 0.55, 0.5
SUREST = 1e-6  # of a probability, before its log-odds are taken


def spoken(found: Sequence[Stretch], counts: Sequence[Count]) -> list[int | None]:
    """Which of the rules' counts each number is part of, by their places in `counts`; None where no rule speaks."""
    order = sorted(range(len(counts)), key=lambda i: counts[i].start or 0)
    starts = [counts[i].start or 0 for i in order]
    lasts = [bisect_left(starts, number.end) - 1 for number in found]  # spans do not overlap
    return [
        order[last] if last >= 0 and (counts[order[last]].end or 0) > number.start else None
        for number, last in zip(found, lasts, strict=True)
    ]


def weighing_features(rules: Sequence[CountKind | None], scores: Floats, *, mass: bool) -> Floats:
    """Numbers x features: what the rules say and how sure the model is (`scores`, by class), apart and together."""
    sure = np.log(scores.clip(SUREST, 1) / (1 - scores).clip(SUREST, 1))
    said = np.zeros((len(scores), len(FIGURE_CLASSES)))
    said[np.arange(len(rules)), [0 if kind is None else FIGURE_CLASSES.index(kind) for kind in rules]] = 1
    in_mass = np.full((len(scores), 1), float(mass))
    return np.hstack([sure, said, in_mass, said * mass, sure * said[:, :1], sure[:, :1] * mass])


@dataclass(frozen=True)
class Weighing:
    """The fitted regression. `weights`: features x classes; `intercepts`: by class."""

    weights: Floats
    intercepts: Floats

    def kinds(self, rules: Sequence[CountKind | None], scores: Floats, *, mass: bool) -> list[CountKind | None]:
        """What each number counts: samples, … or nothing of interest (None)."""
        if not rules:
            return []
        totals = weighing_features(rules, scores, mass=mass) @ self.weights + self.intercepts
        odds = np.exp(totals - totals.max(axis=1, keepdims=True))
        none = odds[:, 0] / odds.sum(axis=1) >= (NOTHING if mass else NOTHING_ELSEWHERE)
        best = odds[:, 1:].argmax(axis=1)
        return [None if nothing else KINDS[number] for nothing, number in zip(none, best, strict=True)]


class CountModel(NamedTuple):
    """The fitted model of numbers, and how it is weighed against the rules."""

    numbers: WindowModel
    weighing: Weighing

    def to_disk(self, path: Path) -> None:
        """Write both into the directory."""
        self.numbers.to_disk(path)
        rows = {
            name: np.round(table, 4).tolist()
            for name, table in (("weights", self.weighing.weights), ("intercepts", self.weighing.intercepts))
        }
        (path / FILE).write_text(json.dumps(rows, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, path: Path) -> CountModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where nothing is, ValueError for another model."""
        rows = json.loads((path / FILE).read_text(encoding="utf-8"))
        weighing = Weighing(np.array(rows["weights"]), np.array(rows["intercepts"]))
        return cls(WindowModel.from_disk(path, FIGURE_CLASSES), weighing)
