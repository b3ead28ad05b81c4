"""How far to trust what rules and a fitted model say of a fact: a regression over both.

The rules say why and fail on wordings that nobody wrote down; the model has seen many wordings and gives no reasons.
The regression is fitted on texts that the model had not seen, nor most of them a rule writer
(`pipeline.learning.weighing`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.language.fitted.windows import Floats, WindowModel

FILE = "weighing.json"
SUREST = 1e-4  # of a probability, before its log-odds are taken


def log_odds(probabilities: Floats) -> Floats:
    """Log-odds, within bounds."""
    within = probabilities.clip(SUREST, 1 - SUREST)
    return np.asarray(np.log(within / (1 - within)))


@dataclass(frozen=True)
class Weighing:
    """The fitted regression. `weights`: features x classes; `intercepts`: by class."""

    weights: Floats
    intercepts: Floats

    def probabilities(self, features: Floats) -> Floats:
        """Of each class: rows x classes, from rows x features."""
        totals = features @ self.weights + self.intercepts
        odds = np.exp(totals - totals.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def to_disk(self, path: Path) -> None:
        """Write `weighing.json` into the directory."""
        told = {
            name: np.round(table, 3).tolist()
            for name, table in (("weights", self.weights), ("intercepts", self.intercepts))
        }
        (path / FILE).write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, path: Path, features: int, classes: int) -> Weighing:
        """Read what `to_disk` wrote. Raises ValueError where nothing is, or a weighing of another form."""
        if not (path / FILE).is_file():
            raise ValueError(f"{path}: a model of a former form; run `xueyang train`")
        told = json.loads((path / FILE).read_text(encoding="utf-8"))
        found = cls(np.array(told["weights"]), np.array(told["intercepts"]))
        if found.weights.shape != (features, classes):
            raise ValueError(f"{path}: a model that weighs something else; run `xueyang train`")
        return found


class Weighed(NamedTuple):
    """A fitted model of stretches, and how it is weighed against the rules."""

    window: WindowModel
    weighing: Weighing

    def to_disk(self, path: Path) -> None:
        """Write both into the directory."""
        self.window.to_disk(path)
        self.weighing.to_disk(path)

    @classmethod
    def from_disk(cls, path: Path, classes: Sequence[str], features: int) -> Weighed:
        """Read what `to_disk` wrote. Raises ValueError for another model."""
        return cls(WindowModel.from_disk(path, classes), Weighing.from_disk(path, features, len(classes)))
