"""Pictures of a measurement: confusion matrix, calibration, learning curve. PNG, readable without colour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import ConfusionMatrixDisplay

from pipeline.language.label.model import LABELS, Floats
from pipeline.learning.metrics import BINS

DPI = 110


def draw(metrics: dict[str, Any], scores: Floats, truth: np.ndarray, folder: Path) -> None:
    """Write `confusion.png`, `calibration.png` and `learning_curve.png` into the folder."""
    _picture(folder / "confusion.png", lambda axes: _confusion(axes, metrics))
    _picture(folder / "calibration.png", lambda axes: _calibration(axes, scores, truth))
    _picture(folder / "learning_curve.png", lambda axes: _learning_curve(axes, metrics))


def _picture(path: Path, paint: Any) -> None:
    figure = Figure(figsize=(6.4, 5.2), layout="constrained")
    paint(figure.add_subplot())
    figure.savefig(path, dpi=DPI, metadata={"Software": None})


def _confusion(axes: Axes, metrics: dict[str, Any]) -> None:
    names = [label.replace("_", "\n") for label in LABELS]
    shown = ConfusionMatrixDisplay(np.array(metrics["cross_validation"]["confusion"]), display_labels=names)
    shown.plot(ax=axes, cmap="Greys", colorbar=False)
    axes.set(xlabel="label given", ylabel="label in the gold", title="Cross-validation: documents by label")


def _calibration(axes: Axes, scores: Floats, truth: np.ndarray) -> None:
    right, certainty = calibration_curve(scores.argmax(axis=1) == truth, scores.max(axis=1), n_bins=BINS)
    axes.plot([0, 1], [0, 1], linestyle="dotted", color="black", label="perfect")
    axes.plot(certainty, right, marker="o", color="black", label="cross-validation")
    axes.set(xlabel="score of the label given", ylabel="share that is right", xlim=(0.2, 1), ylim=(0, 1.02))
    axes.set_title("Calibration")
    axes.legend(loc="lower right")


def _learning_curve(axes: Axes, metrics: dict[str, Any]) -> None:
    points = metrics["learning_curve"]
    axes.plot([p["documents"] for p in points], [p["macro_f1"] for p in points], marker="o", color="black")
    axes.set(xlabel="documents trained on", ylabel="macro-F1, cross-validation", title="What more documents bring")
    axes.grid(linestyle="dotted")
