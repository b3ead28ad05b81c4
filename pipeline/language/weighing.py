"""How far to trust what rules and a fitted model say of a fact: a regression over both.

The rules say why and fail on wordings that nobody wrote down; the model has seen many wordings and gives no reasons.
The regression is fitted on passages that no rule writer and no model had seen (`pipeline.learning.weighing`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.language.windows import Floats

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
        """Write a JSON file."""
        told = {
            name: np.round(table, 4).tolist()
            for name, table in (("weights", self.weights), ("intercepts", self.intercepts))
        }
        path.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def from_disk(cls, path: Path) -> Weighing:
        """Read what `to_disk` wrote. Raises FileNotFoundError where nothing is."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(np.array(told["weights"]), np.array(told["intercepts"]))
