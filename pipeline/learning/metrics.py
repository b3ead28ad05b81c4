"""Figures of a classifier from held-out scores (documents x labels) and the true label indices."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from pipeline.language.label.model import HALF, LABELS, MASS, Floats
from pipeline.learning.training import review_band

BINS = 10
# Triage is told for an archive of this share of mass collection, read until this share of it is found.
PREVALENCE = 0.03
RECALL = 0.95


def label_metrics(scores: Floats, truth: np.ndarray) -> dict[str, Any]:
    """Macro-F1 and figures by label from held-out scores (documents x labels) and true label indices."""
    guess = scores.argmax(axis=1)
    precision, recall, f1, number = precision_recall_fscore_support(
        truth, guess, labels=range(len(LABELS)), zero_division=0
    )
    present = number > 0
    return {
        "macro_f1": _round(f1[present].mean()),
        "accuracy": _round((guess == truth).mean()),
        "labels": {
            label: {"precision": _round(p), "recall": _round(r), "f1": _round(f), "gold": int(n)}
            for label, p, r, f, n in zip(LABELS, precision, recall, f1, number, strict=True)
        },
        "calibration_error": _round(calibration_error(scores, truth)),
        "confusion": confusion_matrix(truth, guess, labels=range(len(LABELS))).tolist(),
    }


def review_metrics(scores: Floats, truth: np.ndarray) -> dict[str, Any]:
    """The share of documents marked for review, and how mass_collection fares among those not marked.

    The band is chosen on these same held-out scores, so precision and recall here are its aim, not a test of it.
    """
    low, high = review_band(scores, truth)
    sure = ((scores[:, MASS] <= low) | (scores[:, MASS] >= high)) & (scores.max(axis=1) >= HALF)
    wanted, found = truth[sure] == MASS, scores[sure].argmax(axis=1) == MASS
    hits = (wanted & found).sum()
    return {
        "between": [low, high],
        "share_marked": _round(1 - sure.mean()),
        "precision": _round(hits / max(1, found.sum())),
        "recall": _round(hits / max(1, wanted.sum())),
    }


def calibration_error(scores: Floats, truth: np.ndarray) -> float:
    """Expected calibration error of the best label."""
    return certainty_error(scores.max(axis=1), scores.argmax(axis=1) == truth)


def certainty_error(certainty: Floats, right: np.ndarray) -> float:
    """Expected calibration error over ten equal-width bins (Guo et al. 2017): how sure against how often right."""
    bins = np.minimum((certainty * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == b].mean() - certainty[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def triage_metrics(scores: Floats, truth: np.ndarray) -> dict[str, float]:
    """How much of an archive with 3 % mass collection must be read, best score first, to find 95 % of it.

    The documents that are not mass collection stand for the other 97 %, each with the same weight. `work_saved` is
    work saved over sampling: 1 - share read - (1 - recall) (Cohen et al. 2006).
    """
    wanted, rest = scores[truth == MASS, MASS], scores[truth != MASS, MASS]
    if not len(wanted) or not len(rest):
        return {}
    needed = int(np.ceil(RECALL * len(wanted)))
    threshold = np.sort(wanted)[::-1][needed - 1]
    found = float((wanted >= threshold).mean())
    read = PREVALENCE * found + (1 - PREVALENCE) * float((rest >= threshold).mean())
    return {"share_read": _round(read), "recall": _round(found), "work_saved": _round(1 - read - (1 - found))}


def _round(value: float) -> float:
    return round(float(value), 4)
