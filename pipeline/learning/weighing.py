"""Learn how far to trust rules and a fitted model (`language.fitted.weighing`), from texts the model had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from pipeline.language.fitted.weighing import Weighing
from pipeline.language.fitted.windows import Floats
from pipeline.learning.windows import NEVER

# Hardly regularised: about a hundred weights are learned from thousands of rows. The tolerance is such that two
# machines agree to the digits that are stored.
STRENGTH, MOST_STEPS, TOLERANCE = 0.3, 10_000, 1e-8
TWO = 2


class Tried(NamedTuple):
    """What rules and model say of the facts of one text (rows x features), and the truth, as places among classes."""

    features: Floats
    truth: np.ndarray


def parts(files: Sequence[str], number: int) -> list[set[int]]:
    """The places of texts dealt out to so many parts, texts of one file to one; one by one where all are of one."""
    named: Sequence[str] = files if len(set(files)) > 1 else [str(i) for i in range(len(files))]
    order = {name: place for place, name in enumerate(sorted(set(named)))}
    dealt = [{i for i, name in enumerate(named) if order[name] % number == part} for part in range(number)]
    return [part for part in dealt if part and len(part) < len(files)]


def fit_weighing(texts: Sequence[Tried], classes: int) -> Weighing | None:
    """The regression; None where the texts show one class alone, or nothing."""
    truth = np.concatenate([text.truth for text in texts]) if texts else np.zeros(0)
    if len(np.unique(truth)) < TWO:
        return None
    regression = LogisticRegression(C=STRENGTH, max_iter=MOST_STEPS, tol=TOLERANCE)
    regression.fit(np.vstack([text.features for text in texts]), truth)
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(regression.classes_) == TWO:  # told as the odds of the second
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.append(0.0, intercepts)
    found = Weighing(np.zeros((coefficients.shape[1], classes)), np.full(classes, NEVER))
    found.weights[:, regression.classes_], found.intercepts[regression.classes_] = coefficients.T, intercepts
    return found
